/** `// lint-allow RULE: reason` in the source of a revision: which operations it is about, and which excuses are none. */
import type { Operation, TableOperation } from '../operation.ts'
import type { Finding } from './finding.ts'
import { type SourceCall, type SourceComment, sourceComments } from './source-calls.ts'

export interface Excuse {
  readonly rule: string
  /** Empty where none is given. */
  readonly reason: string
  readonly line: number
  readonly direction: SourceComment['direction']
  readonly call: SourceCall | undefined
}

/** An operation where it stands: alone, or in a batch. Undefined for what is no operation: a question to the database. */
export interface Place {
  readonly operation: Operation | undefined
  readonly batch?: Extract<Operation, { readonly kind: 'batch' }> | undefined
}

/** Those that can be about this direction. */
export function excusesIn(source: string, direction: 'upgrade' | 'downgrade'): readonly Excuse[] {
  return sourceComments(source).flatMap((comment) => {
    const [, rule, reason] = /^\s*lint-allow\s+([^\s:]+)\s*(?::(.*))?$/u.exec(comment.text) ?? (/^\s*lint-allow\b/u.test(comment.text) ? ['', '', ''] : [])
    if (rule === undefined || (comment.direction !== undefined && comment.direction !== direction)) return []
    return [{ rule, reason: reason?.trim() ?? '', line: comment.line, direction: comment.direction, call: comment.call }]
  })
}

/** True where the call that the excuse stands above makes this operation, as far as its text tells. */
export function isAbout({ call }: Excuse, { operation, batch }: Place): boolean {
  if (call === undefined) return false
  if (operation === undefined) return call.method === 'query'
  if (batch !== undefined && call.batch !== undefined) {
    return (call.batch === null || call.batch === batch.table) && fits(call, operation.kind, withoutTable(operation))
  }
  if (batch !== undefined) return fits(call, 'batch', [batch.table])
  return call.batch === undefined && fits(call, operation.kind, literalArguments(operation))
}

function fits(call: SourceCall, method: Operation['kind'], expected: readonly string[]): boolean {
  return call.method === method && call.arguments.every((text, index) => text === undefined || index >= expected.length || text === expected[index])
}

/** The texts with which the operation's call on `op` begins. */
function literalArguments(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'createTable':
      return [operation.table.name]
    case 'renameTable':
      return [operation.from, operation.to]
    case 'createEnum':
    case 'alterEnum':
    case 'dropEnum':
      return [operation.name]
    case 'execute':
      return [operation.statement.sql]
    case 'dropTable':
    case 'insert':
    case 'updateInBatches':
    case 'batch':
      return [operation.table]
    default:
      return tableArguments(operation)
  }
}

function tableArguments(operation: TableOperation): readonly string[] {
  const { table } = operation
  switch (operation.kind) {
    case 'addColumn':
      return [table, operation.column.name]
    case 'dropColumn':
    case 'alterColumn':
    case 'setColumnComment':
      return [table, operation.column]
    case 'setTableComment':
      return [table]
    case 'createIndex':
      return [operation.index.name, table]
    case 'createPrimaryKey':
      return [operation.primaryKey.name, table]
    case 'createUnique':
      return [operation.unique.name, table]
    case 'createForeignKey':
      return [operation.foreignKey.name, table]
    case 'createCheck':
      return [operation.check.name, table]
    case 'dropIndex':
    case 'dropConstraint':
      return [operation.name, table]
    default:
      throw new TypeError(`unknown operation ${JSON.stringify(operation satisfies never)}`)
  }
}

/** The same on the `t` of a batch, where no call names the table. */
function withoutTable(operation: Operation): readonly string[] {
  const [first, ...rest] = literalArguments(operation)
  return first === undefined || nameFirst.has(operation.kind) ? [first ?? ''] : rest
}

const nameFirst: ReadonlySet<Operation['kind']> = new Set(['createIndex', 'createPrimaryKey', 'createUnique', 'createForeignKey', 'createCheck', 'dropIndex', 'dropConstraint'])

/** What is wrong with an excuse, as a finding of its own. */
export function excuseFinding(kind: 'excuse-without-reason' | 'excuse-unknown-rule' | 'excuse-unused', excuse: Excuse, revision: string): Finding {
  const words = {
    'excuse-without-reason': { why: 'It says not why, and so excuses nothing.', safer: 'Write the reason behind a colon: `// lint-allow RULE: reason`.' },
    'excuse-unknown-rule': { why: 'There is no rule of that name.', safer: 'Take the name from the finding.' },
    'excuse-unused': { why: 'The operation below it has no such finding.', safer: 'Take it out, or put it above the operation that it is meant for.' },
  }[kind]
  return { rule: kind, severity: 'warning', revision, operation: `lint-allow${excuse.rule === '' ? '' : ` ${excuse.rule}`} (line ${excuse.line})`, ...words }
}
