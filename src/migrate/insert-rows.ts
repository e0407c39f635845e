/** Rows of an `insert` operation as statements: many rows a statement, every value bound. */
import { quoteIdentifier, quoteList } from '../schema/identifier.ts'
import type { SqlValue, Statement } from '../storage/storage.ts'
import type { InsertRow } from './operation.ts'

// Below the smallest limit of the engines (32,766 parameters in SQLite), and small enough that a statement stays cheap to parse.
const maxParameters = 2_000

/** @param placeholder how the dialect writes the nth parameter, counted from 1 */
export function insertStatements(table: string, rows: readonly InsertRow[], placeholder: (position: number) => string): Statement[] {
  const statements: Statement[] = []
  let start = 0
  while (start < rows.length) {
    const columns = Object.keys(rows[start] ?? {})
    if (columns.length === 0) throw new TypeError(`Cannot insert into "${table}" a row without columns`)
    const most = Math.max(1, Math.floor(maxParameters / columns.length))
    const parameters: SqlValue[] = []
    const tuples: string[] = []
    // Rows of one statement have the same columns; a column that a row leaves out gets its default.
    while (start < rows.length && tuples.length < most && sameColumns(columns, rows[start])) {
      const row = rows[start++] ?? {}
      tuples.push(`(${columns.map((column) => placeholder(parameters.push(row[column] ?? null))).join(', ')})`)
    }
    statements.push({ sql: `insert into ${quoteIdentifier(table)} ${quoteList(columns)} values ${tuples.join(', ')}`, parameters })
  }
  return statements
}

function sameColumns(columns: readonly string[], row: InsertRow | undefined): boolean {
  const keys = Object.keys(row ?? {})
  return keys.length === columns.length && columns.every((column) => row !== undefined && column in row)
}
