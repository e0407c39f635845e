/** What a rule is, and what it is given: one operation of a revision with all that is known around it. */
import { counted } from '../../answers/figures.ts'
import type { Dialect } from '../../storage/storage.ts'
import type { Operation } from '../operation.ts'
import type { Revision } from '../revision.ts'
import type { Finding, Severity } from './finding.ts'
import type { LiveFacts } from './live-facts.ts'
import { type KnownTable, type Trail, isFilled, isLarge } from './schema-trail.ts'

export type OperationKind = Operation['kind']
type OfKind<K extends OperationKind> = Extract<Operation, { readonly kind: K }>

export interface LintStep {
  readonly operation: Operation
  readonly dialect: Dialect
  readonly direction: 'upgrade' | 'downgrade'
  readonly revision: Revision
  /** What the operations before this one have left. */
  readonly trail: Trail
  readonly facts: LiveFacts
  /** The operations of the revision that come after this one; behind a batch what is in it. */
  readonly later: readonly Operation[]
  /** The operation is part of a batch; the batch itself is a step too. */
  readonly isInBatch: boolean
}

export interface Judgement {
  readonly severity: Severity
  readonly why: string
  readonly safer: string
  /** The operation that is to blame, where it is another one. */
  readonly operation?: Operation | undefined
}

export interface Rule<K extends OperationKind = OperationKind> {
  readonly id: Finding['rule']
  /** Left out: every dialect. */
  readonly dialect?: Dialect | undefined
  /** It is about data that goes, so a way back that declares its loss is not told again. */
  readonly isLoss?: boolean | undefined
  readonly looksAt: readonly K[]
  check(operation: OfKind<K>, step: LintStep): Promise<Judgement | undefined> | Judgement | undefined
}

/** A rule as the registry keeps it: it is asked about the kinds of operations that it looks at, and about no other. */
export interface RegisteredRule extends Pick<Rule, 'id' | 'dialect' | 'isLoss'> {
  readonly looksAt: readonly OperationKind[]
  judge(step: LintStep): Promise<Judgement | undefined>
}

export function rule<K extends OperationKind>(definition: Rule<K>): RegisteredRule {
  const kinds = new Set<OperationKind>(definition.looksAt)
  const isOwn = (operation: Operation): operation is OfKind<K> => kinds.has(operation.kind)
  return { ...definition, judge: async (step) => (isOwn(step.operation) ? definition.check(step.operation, step) : undefined) }
}

/** How much a lock or a copy of the table matters: not at all on an empty or new one. */
export function costSeverity(table: KnownTable): Severity | undefined {
  if (table.isNew || !isFilled(table)) return undefined
  return isLarge(table) === false ? 'notice' : 'warning'
}

/** For people: `table "posts" (about 120,000 rows)`. */
export function sized(table: KnownTable): string {
  return `table "${table.name}"${table.rows === undefined ? '' : ` (${counted(table.rows, 'row')})`}`
}
