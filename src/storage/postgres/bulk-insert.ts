/**
 * Rows as one JSON, taken apart into rows of the table by PostgreSQL: the text of the statement is short and one, whatever
 * their number, where a value for each cell would be parsed and planned again with each block.
 */
import { quoteIdentifier, quoteList } from '../../schema/identifier.ts'
import type { BulkInsert } from '../bulk-insert.ts'
import { conflictClause } from '../on-conflict.ts'
import type { JsonObject, Statement } from '../storage.ts'

/** Bounds what one value takes; PostgreSQL refuses JSON of more than 256 MB. */
const rowsAtOnce = 1000

export function* postgresBulkInsert({ table, columns, rows, conflict, jsonTexts }: BulkInsert): Generator<Statement> {
  const [into, names] = [quoteIdentifier(table), columns.map(quoteIdentifier).join(', ')]
  const sql = `insert into ${into} ${quoteList(columns)} select ${names} from jsonb_populate_recordset(null::${into}, $1::jsonb) ${conflictClause(columns, conflict)}`
  const all = conflict.onConflict === 'update' ? lastOfEach(rows, conflict.keys) : rows
  for (let start = 0; start < all.length; start += rowsAtOnce) {
    const some = all.slice(start, start + rowsAtOnce)
    yield { sql, parameters: [jsonTexts.length === 0 ? JSON.stringify(some) : `[${some.map((row) => withJsonTexts(row, jsonTexts)).join(',')}]`] }
  }
}

/** What is JSON already goes in as it is. */
function withJsonTexts(row: JsonObject, jsonTexts: readonly string[]): string {
  const members = Object.entries(row).map(([column, value = null]) => {
    const isJson = typeof value === 'string' && jsonTexts.includes(column)
    return `${JSON.stringify(column)}:${isJson ? value : JSON.stringify(value)}`
  })
  return `{${members.join(',')}}`
}

/** No statement may update a row twice. */
function lastOfEach(rows: readonly JsonObject[], keys: readonly string[]): readonly JsonObject[] {
  const last = new Map(rows.map((row) => [JSON.stringify(keys.map((key) => row[key])), row]))
  return last.size === rows.length ? rows : [...last.values()]
}
