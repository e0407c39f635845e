/**
 * Runs one revision, in one direction, inside a transaction that somebody else holds: executes its operations, checks
 * foreign keys where they are suspended, and tells what was done. Writes no bookkeeping.
 */
import { TidemarkError } from '../errors.ts'
import type { NamingConvention } from '../schema/table.ts'
import { type Violations, foreignKeyViolations, requireNoNewViolations } from '../storage/sqlite/ddl-foreign-keys.ts'
import type { Transaction } from '../storage/storage.ts'
import type { AppliedOperation } from './applied-operation.ts'
import { applyOperation } from './apply-operation.ts'
import { checksumOf, describeOperation, summarizeDescription } from './checksum.ts'
import { createOp } from './op.ts'
import { type Grade, type Operation, isConcurrent, summarizeOperation } from './operation.ts'
import type { Revision } from './revision.ts'

/** An operation that was run, and what it took. */
export interface RanOperation {
  /** One line for people. */
  readonly summary: string
  readonly grade: Grade
  /** How many changing statements it took. */
  readonly statements: number
}

export interface RanRevision {
  readonly operations: readonly RanOperation[]
  /** The same as data, for the history table. */
  readonly described: readonly AppliedOperation[]
  readonly checksum: string
  readonly statementCount: number
}

/** Told of each operation just before it runs, and of its rows where it counts them; of none when the revision begins. */
export type Watch = (operation: string | undefined, rows?: number, ofRows?: number) => void

/** Why and where a revision failed. */
export class RevisionFailure extends Error {
  readonly revision: Revision
  readonly operation: string | undefined
  readonly statement: string | undefined
  readonly statementCount: number
  /** What stands all the same; undefined where the revision was rolled back as a whole. */
  readonly standing: readonly AppliedOperation[] | undefined

  constructor(revision: Revision, cause: unknown, place: Pick<RevisionFailure, 'statementCount'> & Partial<Pick<RevisionFailure, 'operation' | 'statement' | 'standing'>>) {
    super('The revision failed', { cause })
    this.revision = revision
    this.operation = place.operation
    this.statement = place.statement
    this.statementCount = place.statementCount
    this.standing = place.standing
  }
}

/** @throws RevisionFailure */
export async function runRevision(tx: Transaction, revision: Revision, direction: 'upgrade' | 'downgrade', naming: NamingConvention, watch: Watch = () => undefined): Promise<RanRevision> {
  const described: AppliedOperation[] = []
  let current: { operation?: string; statement?: string | undefined } = {}
  let statementCount = 0
  let checked = false
  let violations: Violations
  const session = createOp({
    dialect: tx.dialect,
    offline: false,
    naming,
    async apply(operation) {
      const summary = summarizeOperation(operation)
      current = { operation: summary }
      watch(summary)
      refuseConcurrent(operation)
      if (tx.dialect === 'sqlite' && !checked && mayBreakForeignKeys(operation)) {
        checked = true
        violations = await foreignKeyViolations(tx)
      }
      const before = statementCount
      const grade = await applyOperation(
        tx,
        operation,
        (statement) => {
          current = { operation: summary, statement: statement.sql }
          statementCount += 1
        },
        (rows, ofRows) => watch(summary, rows, ofRows),
      )
      described.push({ grade, statements: statementCount - before, operation: await describeOperation(operation) })
    },
    query: (statement) => {
      current = { operation: 'query', statement: statement.sql }
      return tx.query(statement)
    },
  })
  try {
    await revision[direction]?.(session.op)
    await session.finish()
    current = {}
    if (checked) await requireNoNewViolations(tx, violations)
  } catch (cause) {
    throw new RevisionFailure(revision, cause, { ...current, statementCount })
  }
  return ranRevision(described)
}

export async function ranRevision(described: readonly AppliedOperation[]): Promise<RanRevision> {
  return {
    operations: described.map(({ operation, grade, statements }) => ({ summary: summarizeDescription(operation), grade, statements })),
    described,
    checksum: await checksumOf(described.map(({ operation }) => operation)),
    statementCount: described.reduce((sum, { statements }) => sum + statements, 0),
  }
}

/** False for what can neither leave a row without its parent nor touch a row at all. */
export function mayBreakForeignKeys({ kind }: Operation): boolean {
  return !keepsForeignKeys.has(kind)
}

const keepsForeignKeys: ReadonlySet<Operation['kind']> = new Set(['createTable', 'renameTable', 'createIndex', 'dropIndex', 'setTableComment', 'setColumnComment'])

/** @throws TidemarkError `operation_not_supported` for what PostgreSQL does only outside of a transaction */
export function refuseConcurrent(operation: Operation): void {
  if (!isConcurrent(operation)) return
  throw new TidemarkError('operation_not_supported', `Cannot run "${summarizeOperation(operation)}" concurrently`, {
    why: 'PostgreSQL builds and drops an index concurrently only outside of a transaction, and this revision runs in one.',
    next: 'Set `transaction: false` in the revision, or leave `concurrently` out.',
  })
}
