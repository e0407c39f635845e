/** Where an operation meets a dialect: each has its own DDL module, and this picks it. */
import { postgresStatements } from '../storage/postgres/ddl.ts'
import { withStandingEnumChecks } from '../storage/postgres/standing-enum-check.ts'
import { applySqlite } from '../storage/sqlite/ddl-plan.ts'
import type { Statement, Transaction } from '../storage/storage.ts'
import type { Grade, Operation } from './operation.ts'
import { updateInBatches } from './update-in-batches.ts'

/**
 * Carries the operation out and says how.
 *
 * @param report told of each changing statement just before it runs
 * @param progress told of the rows that are done, where an operation counts them
 */
export async function applyOperation(
  tx: Transaction,
  operation: Operation,
  report: (statement: Statement) => void,
  progress: (rows: number, ofRows: number) => void = () => undefined,
): Promise<Grade> {
  if (operation.kind === 'updateInBatches') {
    await updateInBatches(tx, operation, report, progress)
    return 'data'
  }
  switch (tx.dialect) {
    case 'sqlite':
      return applySqlite(tx, operation, report)
    case 'postgres':
      for (const statement of postgresStatements(await withStandingEnumChecks(tx, operation))) {
        report(statement)
        await tx.query(statement)
      }
      return gradeOf(operation)
    default:
      throw new TypeError(`unknown dialect ${String(tx.dialect satisfies never)}`)
  }
}

/** How PostgreSQL brings an operation about: it never has to rebuild a table by hand. */
export function gradeOf(operation: Operation): Grade {
  return operation.kind === 'execute' || operation.kind === 'insert' || operation.kind === 'updateInBatches' ? 'data' : 'native'
}
