/**
 * A table in pieces that fit into memory, each as a condition for a WHERE. Together they are the whole table, provided
 * that nobody writes meanwhile: read them in one snapshot or transaction. The one place for how each dialect is cut.
 */
import type { LiveTable } from '../schema/introspect.ts'
import { quoteIdentifier as id } from '../schema/identifier.ts'
import type { Dialect, QueryResult, Queryable, SqlValue } from './storage.ts'

export interface TablePage {
  readonly condition: string
  readonly parameters: readonly SqlValue[]
}

export async function* tablePages(database: Queryable, dialect: Dialect, table: LiveTable): AsyncGenerator<TablePage> {
  if (dialect === 'sqlite') {
    const rowid = rowidOf(table)
    if (rowid === undefined) yield whole
    else yield* byRowid(database, table.name, rowid)
  } else if (table.extras?.includes('partitioned') === true) {
    yield whole
  } else {
    yield* byBlock(database, table.name)
  }
}

/** The name under which SQLite gives the place of a row; undefined where a row has none, or columns took all the names. */
export function rowidOf(table: LiveTable): string | undefined {
  if (table.extras?.includes('without rowid') === true) return undefined
  return ['rowid', '_rowid_', 'oid'].find((name) => !table.columns.some((column) => column.name.toLowerCase() === name))
}

const whole: TablePage = { condition: 'true', parameters: [] }
const rowsAPage = 2_000
const blocksAPage = 256

async function* byRowid(database: Queryable, table: string, rowid: string): AsyncGenerator<TablePage> {
  let after: SqlValue = null
  for (;;) {
    const { rows }: QueryResult<{ last: SqlValue }> = await database.query({
      sql: `select max(place) as last from (select ${rowid} as place from ${id(table)}${after === null ? '' : ` where ${rowid} > ?`} order by ${rowid} limit ${rowsAPage})`,
      parameters: after === null ? [] : [after],
    })
    const last: SqlValue = rows[0]?.last ?? null
    if (last === null) return
    yield after === null ? { condition: `${rowid} <= ?`, parameters: [last] } : { condition: `${rowid} > ? and ${rowid} <= ?`, parameters: [after, last] }
    after = last
  }
}

/** By the blocks that the rows stand in, which PostgreSQL finds without an index and without sorting. */
async function* byBlock(database: Queryable, table: string): AsyncGenerator<TablePage> {
  const { rows } = await database.query<{ blocks: number }>({
    sql: `select (pg_relation_size(to_regclass($1)) / current_setting('block_size')::int)::int as blocks`,
    parameters: [id(table)],
  })
  for (let block = 0; block < (rows[0]?.blocks ?? 0); block += blocksAPage) {
    yield { condition: 'ctid >= $1::tid and ctid < $2::tid', parameters: [`(${block},0)`, `(${block + blocksAPage},0)`] }
  }
}
