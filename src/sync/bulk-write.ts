/** Inserts and upserts of many rows of our tables. */
import type { InsertOf, TableName } from '../model/schema.ts'
import { bulkInsertOf } from '../storage/bulk-insert.ts'
import type { OnConflict } from '../storage/on-conflict.ts'
import type { JsonObject, Transaction } from '../storage/storage.ts'

export type BulkOptions = OnConflict & {
  /** Columns whose texts, or JSON, are long. */
  readonly longTexts?: readonly string[] | undefined
  /** Columns of JSON that is given as its text. */
  readonly jsonTexts?: readonly string[] | undefined
}

/** @param rows must have the same columns; undefined is null */
export async function bulkWrite<Name extends TableName>(
  tx: Transaction, table: Name, rows: readonly (InsertOf<Name> & JsonObject)[], options: BulkOptions,
): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  const { longTexts = [], jsonTexts = [] } = options
  for (const statement of bulkInsertOf[tx.dialect]({ table, columns: Object.keys(first), rows, conflict: options, longTexts, jsonTexts })) await tx.query(statement)
}
