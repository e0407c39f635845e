/** Where an operation meets a dialect: each has its own DDL module, and this picks it. */
import { postgresStatements } from '../storage/postgres/ddl.ts'
import { applySqlite } from '../storage/sqlite/ddl-plan.ts'
import type { Statement, Transaction } from '../storage/storage.ts'
import type { Grade, Operation } from './operation.ts'

/**
 * Carries the operation out and says how.
 *
 * @param report told of each changing statement just before it runs
 */
export async function applyOperation(tx: Transaction, operation: Operation, report: (statement: Statement) => void): Promise<Grade> {
  switch (tx.dialect) {
    case 'sqlite':
      return applySqlite(tx, operation, report)
    case 'postgres':
      for (const statement of postgresStatements(operation)) {
        report(statement)
        await tx.query(statement)
      }
      return operation.kind === 'execute' || operation.kind === 'insert' ? 'data' : 'native'
    default:
      throw new TypeError(`unknown dialect ${String(tx.dialect satisfies never)}`)
  }
}
