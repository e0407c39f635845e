/** Rows in blocks of a few sizes, a bound value for each cell; no block comes near SQLite's limit of bound values. */
import { quoteIdentifier, quoteList } from '../../schema/identifier.ts'
import type { BulkInsert } from '../bulk-insert.ts'
import { conflictClause } from '../on-conflict.ts'
import type { JsonValue, SqlValue, Statement } from '../storage.ts'
import { longText } from './long-text.ts'

const blockSizes = [64, 16, 4, 1] as const

export function* sqliteBulkInsert({ table, columns, rows, conflict, longTexts }: BulkInsert): Generator<Statement> {
  const long = columns.map((column) => longTexts.includes(column))
  const tuple = `(${long.map((isLong) => (isLong ? 'cast(? as text)' : '?')).join(', ')})`
  const valueOf = (value: JsonValue, place: number): SqlValue => (long[place] === true && isText(value) ? longText(value) : value)
  let start = 0
  for (const size of blockSizes) {
    if (rows.length - start < size) continue
    const tuples = Array<string>(size).fill(tuple).join(', ')
    const sql = `insert into ${quoteIdentifier(table)} ${quoteList(columns)} values ${tuples} ${conflictClause(columns, conflict)}`
    for (; rows.length - start >= size; start += size) {
      yield { sql, parameters: rows.slice(start, start + size).flatMap((row) => columns.map((column, place) => valueOf(row[column] ?? null, place))) }
    }
  }
}

function isText(value: JsonValue): value is string | readonly JsonValue[] {
  return typeof value === 'string' || Array.isArray(value)
}
