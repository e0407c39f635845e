/**
 * How many rows the tables of a live database have, cheaply: what PostgreSQL's statistics say, and on SQLite, which keeps
 * none, a count that stops where a table counts as large anyway.
 */
import { quoteIdentifier as id } from '../../schema/identifier.ts'
import type { Dialect, Queryable } from '../../storage/storage.ts'

/** How many rows a table has. */
export interface TableSize {
  readonly rows: number
  /** False: an estimate, or on SQLite at least so many. */
  readonly exact: boolean
}

/** By name of the table. */
export type TableSizes = ReadonlyMap<string, TableSize>

/** From here on a lock or a copy is felt. */
export const largeTable = 10_000

// Far above what makes a table large, so that a report can tell large from huge; a count of it takes milliseconds.
const countedRows = 1_000_000

/** The tables of the main schema (SQLite) or of the first schema of the search path (PostgreSQL). Reads only. */
export async function tableSizes(storage: Queryable & { readonly dialect: Dialect }): Promise<TableSizes> {
  return storage.dialect === 'postgres' ? postgresSizes(storage) : sqliteSizes(storage)
}

async function postgresSizes(storage: Queryable): Promise<TableSizes> {
  const { rows } = await storage.query<{ name: string; estimate: number; bytes: number }>({
    // A table that was never analyzed says -1; a partitioned one has its rows in its parts.
    sql: `select c.relname as name, sum(p.reltuples)::float8 as estimate, sum(pg_relation_size(p.oid))::float8 as bytes
      from pg_catalog.pg_class as c
      join lateral (select c.oid union select relid from pg_partition_tree(c.oid) where isleaf) as part(oid) on true
      join pg_catalog.pg_class as p on p.oid = part.oid
      where c.relkind in ('r', 'p') and c.relnamespace = to_regnamespace(quote_ident(current_schema())) group by c.oid, c.relname`,
  })
  const sizes = new Map<string, TableSize>()
  for (const { name, estimate, bytes } of rows) sizes.set(name, estimate > 0 ? { rows: Math.round(estimate), exact: false } : bytes === 0 ? { rows: 0, exact: true } : await counted(storage, name))
  return sizes
}

async function sqliteSizes(storage: Queryable): Promise<TableSizes> {
  const { rows } = await storage.query<{ name: string }>({ sql: `select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite\\_%' escape '\\'` })
  const sizes = new Map<string, TableSize>()
  for (const { name } of rows) sizes.set(name, await counted(storage, name))
  return sizes
}

async function counted(storage: Queryable, name: string): Promise<TableSize> {
  const { rows } = await storage.query<{ total: number }>({ sql: `select count(*) as total from (select 1 from ${id(name)} limit ${countedRows}) as counted` })
  const total = rows[0]?.total ?? 0
  return { rows: total, exact: total < countedRows }
}
