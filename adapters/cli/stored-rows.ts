/** Whether there is anything in a database that could be lost. */
import { isTidemarkError } from '../../src/errors.ts'
import { schema } from '../../src/model/schema.ts'
import { quoteIdentifier } from '../../src/schema/identifier.ts'
import type { Storage } from '../../src/storage/storage.ts'

/** True when one of Tidemark's tables has a row, at whatever revision the database is. */
export async function holdsRows(storage: Storage): Promise<boolean> {
  for (const name of schema.tables.keys()) if (await hasRow(storage, name)) return true
  return false
}

async function hasRow(storage: Storage, table: string): Promise<boolean> {
  try {
    const { rows } = await storage.query({ sql: `select customer_id from ${quoteIdentifier(table)} limit 1` })
    return rows.length > 0
  } catch (error) {
    // At an older revision the table is not there yet.
    if (isTidemarkError(error, 'statement_failed')) return false
    throw error
  }
}
