/** All rows of a table from one database to another of the same dialect, as they are, in pieces that fit into memory. */
import type { LiveTable } from '../../schema/introspect.ts'
import { quoteIdentifier as id } from '../../schema/identifier.ts'
import { exactColumn, insertExact } from '../../storage/exact-values.ts'
import type { Dialect, Queryable, SqlValue, Transaction } from '../../storage/storage.ts'
import { rowidOf, tablePages } from '../../storage/table-pages.ts'

export interface CopiedRows {
  readonly columns: readonly string[]
  /** Values in the order of the columns, as the engine has them. */
  readonly rows: readonly (readonly SqlValue[])[]
}

/** @param original how the table is there, where that differs: partitioned for example */
export async function copyAllRows(source: Queryable, target: Transaction, table: LiveTable, original: LiveTable = table): Promise<void> {
  const columns = copiedColumns(target.dialect, table)
  for await (const { condition, parameters } of tablePages(source, target.dialect, original)) {
    await writeRows(target, table.name, { columns, rows: await readRows(source, target.dialect, table.name, columns, `where ${condition}`, parameters) })
  }
}

/** What is computed is left out. The place of a row on SQLite is part of it: a full-text index may know it by that. */
export function copiedColumns(dialect: Dialect, table: LiveTable): readonly string[] {
  const columns = table.columns.filter((column) => column.generated === undefined).map((column) => column.name)
  const rowid = dialect === 'sqlite' ? rowidOf(table) : undefined
  return rowid === undefined ? columns : [rowid, ...columns]
}

/** @param rest of the statement, after the table */
export async function readRows(source: Queryable, dialect: Dialect, table: string, columns: readonly string[], rest: string, parameters: readonly SqlValue[]): Promise<readonly (readonly SqlValue[])[]> {
  const values = columns.map((column, position) => `${exactColumn(dialect, column)} as c${position}`)
  const { rows } = await source.query<Record<string, SqlValue>>({ sql: `select ${values.join(', ')} from ${id(table)} ${rest}`, parameters })
  return rows.map((row) => columns.map((_, position) => row[`c${position}`] ?? null))
}

// Below the limits of the engines, and small enough to be cheap to parse.
const maxParameters = 4_000

export async function writeRows(target: Transaction, table: string, { columns, rows }: CopiedRows): Promise<void> {
  const size = Math.max(1, Math.floor(maxParameters / columns.length))
  for (let start = 0; start < rows.length; start += size) await target.query(insertExact(target.dialect, table, columns, rows.slice(start, start + size)))
}
