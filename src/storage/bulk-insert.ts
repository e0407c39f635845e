/** Inserts of many rows, in the form in which each dialect takes them fastest. */
import type { OnConflict } from './on-conflict.ts'
import { postgresBulkInsert } from './postgres/bulk-insert.ts'
import { sqliteBulkInsert } from './sqlite/bulk-insert.ts'
import type { Dialect, JsonObject, Statement } from './storage.ts'

export interface BulkInsert {
  readonly table: string
  readonly columns: readonly string[]
  /** Undefined is null. */
  readonly rows: readonly JsonObject[]
  readonly conflict: OnConflict
  /** Columns whose texts, or JSON, are long. */
  readonly longTexts: readonly string[]
  /** Columns of JSON that is given as its text. */
  readonly jsonTexts: readonly string[]
}

/** The statements, in order. Their texts are few, so that an engine can keep them prepared. */
export const bulkInsertOf: Readonly<Record<Dialect, (insert: BulkInsert) => Iterable<Statement>>> = { sqlite: sqliteBulkInsert, postgres: postgresBulkInsert }
