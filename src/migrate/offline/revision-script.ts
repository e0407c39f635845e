/**
 * What one revision does, as the statements of a script. SQLite: the revision runs on a shadow that stands where the
 * script finds its database, and what is printed is what was run there, text by text. PostgreSQL: the statements are
 * made from the operations; with a shadow they are run there too.
 */
import { TidemarkError, isTidemarkError } from '../../errors.ts'
import type { NamingConvention } from '../../schema/table.ts'
import { postgresStatements } from '../../storage/postgres/ddl.ts'
import { withStandingEnumChecks } from '../../storage/postgres/standing-enum-check.ts'
import { foreignKeyViolations, requireNoNewViolations } from '../../storage/sqlite/ddl-foreign-keys.ts'
import { applySqlite } from '../../storage/sqlite/ddl-plan.ts'
import type { Dialect, Queryable, Statement, Storage, Transaction } from '../../storage/storage.ts'
import type { AppliedOperation } from '../applied-operation.ts'
import { gradeOf } from '../apply-operation.ts'
import { describeOperation } from '../checksum.ts'
import { reasonOf } from '../migration-errors.ts'
import { createOp } from '../op.ts'
import { type Operation, summarizeOperation } from '../operation.ts'
import type { Revision } from '../revision.ts'
import { mayBreakForeignKeys, refuseConcurrent } from '../run-revision.ts'
import { commentLine } from './comment-line.ts'
import { scriptWords } from './script-words.ts'
import { terminated, writeOut } from './statement-script.ts'
import { WritingTransaction } from './writing-transaction.ts'

export interface ScriptedOperation {
  readonly applied: AppliedOperation
  readonly statements: readonly string[]
  /** SQLite: the tables that are rebuilt. */
  readonly rebuilt: readonly string[]
  /** SQLite: foreign keys have to be checked after it. */
  readonly foreignKeys: boolean
}

export interface RevisionOptions {
  readonly dialect: Dialect
  readonly naming: NamingConvention
  readonly direction: 'upgrade' | 'downgrade'
  /** Stands where the script finds its database, and is moved along. SQLite cannot do without. */
  readonly shadow: Storage | undefined
}

/** @throws TidemarkError `revision_failed`, `operation_not_supported` where it asks the database */
export async function scriptRevision(revision: Revision, { dialect, naming, direction, shadow }: RevisionOptions): Promise<readonly ScriptedOperation[]> {
  const scripted: ScriptedOperation[] = []
  let current: string | undefined
  const inOne = revision.transaction !== false
  const run = async (tx: Transaction | undefined): Promise<void> => {
    const { op, finish } = createOp({
      dialect,
      offline: true,
      naming,
      async apply(operation) {
        current = summarizeOperation(operation)
        if (inOne) refuseConcurrent(operation)
        scripted.push(dialect === 'sqlite' ? await onSqlite(operation, tx, shadow) : await onPostgres(operation, tx, shadow))
      },
      query: () => Promise.reject(new TypeError('A revision was given a database while its script is written')),
    })
    await revision[direction]?.(op)
    await finish()
    current = undefined
  }
  try {
    if (shadow === undefined || !inOne) await run(undefined)
    else await shadow.transaction((tx) => (dialect === 'sqlite' ? keepingForeignKeys(tx, () => run(tx)) : run(tx)), { foreignKeys: 'suspended' })
  } catch (cause) {
    throw unscriptable(revision, direction, current, cause)
  }
  return scripted
}

async function onSqlite(operation: Operation, outer: Transaction | undefined, shadow: Storage | undefined): Promise<ScriptedOperation> {
  if (outer === undefined) {
    if (shadow === undefined) throw new TypeError('A script for SQLite needs a shadow')
    return shadow.transaction((tx) => keepingForeignKeys(tx, () => onSqlite(operation, tx, shadow)), { foreignKeys: 'suspended' })
  }
  const statements: string[] = []
  const rebuilt = new Set<string>()
  const tx = new WritingTransaction(outer)
  let count = 0
  const report = (statement: Statement): void => {
    count += 1
    statements.push(terminated('sqlite', tx.announce(statement)))
  }
  const grade = await applySqlite(tx, operation, report, (table, condition) => {
    rebuilt.add(table)
    statements.push(scriptWords.sqlite.require(condition, ''))
  })
  return { applied: { grade, statements: count, operation: await describeOperation(operation) }, statements: headed(operation, statements), rebuilt: [...rebuilt], foreignKeys: mayBreakForeignKeys(operation) }
}

async function onPostgres(operation: Operation, tx: Transaction | undefined, shadow: Storage | undefined): Promise<ScriptedOperation> {
  const asked = tx ?? shadow
  const known = asked === undefined ? operation : await withStandingEnumChecks(asked, operation)
  const texts = postgresStatements(known).map((statement) => writeOut('postgres', statement))
  const runAll = async (queryable: Queryable): Promise<void> => {
    for (const sql of texts) await queryable.query({ sql })
  }
  if (tx !== undefined) await runAll(tx)
  else if (shadow !== undefined) await (texts.length === 1 ? runAll(shadow) : shadow.transaction(runAll))
  const statements = headed(operation, texts.map((sql) => terminated('postgres', sql)))
  return { applied: { grade: gradeOf(operation), statements: texts.length, operation: await describeOperation(operation) }, statements, rebuilt: [], foreignKeys: false }
}

async function keepingForeignKeys<T>(tx: Transaction, run: () => Promise<T>): Promise<T> {
  const before = await foreignKeyViolations(tx)
  const result = await run()
  await requireNoNewViolations(tx, before)
  return result
}

function headed(operation: Operation, statements: readonly string[]): readonly string[] {
  return statements.length === 0 ? [] : [commentLine(summarizeOperation(operation)), ...statements]
}

export function unscriptable(revision: Revision, direction: 'upgrade' | 'downgrade', operation: string | undefined, cause: unknown): TidemarkError {
  return new TidemarkError(isTidemarkError(cause, 'operation_not_supported') ? 'operation_not_supported' : 'revision_failed', `Cannot write the ${direction} of revision "${revision.id}" (${revision.message}) as a script`, {
    why: `${reasonOf(cause)}${operation === undefined ? '' : ` (operation: ${operation})`}`,
    next: isTidemarkError(cause) ? cause.next : 'Correct the revision; no database was touched.',
    cause,
    details: { revision: revision.id, direction, operation },
  })
}
