/**
 * Runs one revision, in one direction, inside a transaction that somebody else holds: executes its operations, checks
 * foreign keys where they are suspended, and tells what was done. Writes no bookkeeping.
 */
import type { NamingConvention } from '../schema/table.ts'
import { type Violations, foreignKeyViolations, requireNoNewViolations } from '../storage/sqlite/ddl-foreign-keys.ts'
import type { JsonObject, Transaction } from '../storage/storage.ts'
import { applyOperation } from './apply-operation.ts'
import { checksumOf, describeOperation } from './checksum.ts'
import { createOp } from './op.ts'
import { type Grade, type Operation, summarizeOperation } from './operation.ts'
import type { Revision } from './revision.ts'

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
  readonly described: readonly JsonObject[]
  readonly checksum: string
  readonly statementCount: number
}

/** Why and where a revision failed. */
export class RevisionFailure extends Error {
  readonly operation: string | undefined
  readonly statement: string | undefined
  readonly statementCount: number

  constructor(cause: unknown, operation: string | undefined, statement: string | undefined, statementCount: number) {
    super('The revision failed', { cause })
    this.operation = operation
    this.statement = statement
    this.statementCount = statementCount
  }
}

/** @throws RevisionFailure */
export async function runRevision(tx: Transaction, revision: Revision, direction: 'upgrade' | 'downgrade', naming: NamingConvention): Promise<RanRevision> {
  const operations: RanOperation[] = []
  const done: Operation[] = []
  let current: { operation?: string; statement?: string | undefined } = {}
  let statementCount = 0
  let checked = false
  let violations: Violations
  const session = createOp({
    dialect: tx.dialect,
    offline: false,
    naming,
    async apply(operation) {
      if (tx.dialect === 'sqlite' && !checked && !keepsForeignKeys.has(operation.kind)) {
        checked = true
        violations = await foreignKeyViolations(tx)
      }
      const summary = summarizeOperation(operation)
      const before = statementCount
      current = { operation: summary }
      const grade = await applyOperation(tx, operation, (statement) => {
        current = { operation: summary, statement: statement.sql }
        statementCount += 1
      })
      operations.push({ summary, grade, statements: statementCount - before })
      done.push(operation)
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
    throw new RevisionFailure(cause, current.operation, current.statement, statementCount)
  }
  const data = await Promise.all(done.map(describeOperation))
  return {
    operations,
    described: data.map((operation, position) => ({ grade: operations[position]?.grade, statements: operations[position]?.statements, operation })),
    checksum: await checksumOf(data),
    statementCount,
  }
}

// What can neither leave a row without its parent nor touch a row at all.
const keepsForeignKeys: ReadonlySet<Operation['kind']> = new Set(['createTable', 'renameTable', 'createIndex', 'dropIndex', 'setTableComment', 'setColumnComment'])
