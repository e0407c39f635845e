/**
 * What an engine can tell about damage of its own data. SQLite reads all of it: every page, every entry of an index, every
 * reference. PostgreSQL checks references as rows are written and has no such question; it is asked what it knows to be
 * unfinished or broken.
 */
import { sql, type Kysely } from 'kysely'
import type { Dialect } from './storage.ts'

export interface Integrity {
  /** What can be said when nothing was found. */
  readonly looked: string
  /** In words of the engine or ours; no values of rows. The first few. */
  readonly damage: readonly string[]
  /** The engine's own part of the full-text search is damaged, which can be made anew from the rows. */
  readonly isFullTextDamaged: boolean
  /** Tables with rows that refer to rows that are not there. */
  readonly brokenReferences: readonly string[]
}

const mostLines = 5

/** @throws TidemarkError `statement_failed` where a file is too damaged to be read */
export async function readIntegrity<DB>(db: Kysely<DB>, dialect: Dialect): Promise<Integrity> {
  switch (dialect) {
    case 'sqlite':
      return ofSqlite(db)
    case 'postgres':
      return ofPostgres(db)
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

async function ofSqlite<DB>(db: Kysely<DB>): Promise<Integrity> {
  const { rows } = await sql<{ readonly integrity_check: string }>`pragma integrity_check(${sql.lit(mostLines)})`.execute(db)
  // One row can be a page of several lines, with a heading.
  const lines = rows.flatMap((row) => row.integrity_check.split('\n')).filter((line) => line !== 'ok' && !line.startsWith('***')).slice(0, mostLines)
  const damage = lines.filter((line) => !/\bFTS4 table \S*\bsearch_index\b/.test(line))
  // Of a damaged file the references say nothing.
  const references = damage.length > 0 ? [] : (await sql<{ readonly table: string }>`select distinct "table" from pragma_foreign_key_check`.execute(db)).rows
  return { looked: 'No damage: every page, index and reference was read', damage, isFullTextDamaged: damage.length < lines.length, brokenReferences: references.map(({ table }) => table).toSorted() }
}

async function ofPostgres<DB>(db: Kysely<DB>): Promise<Integrity> {
  const { rows } = await sql<{ readonly line: string }>`
    select 'index ' || c.relname || ' was never finished' as line
    from pg_index as i join pg_class as c on c.oid = i.indexrelid join pg_namespace as n on n.oid = c.relnamespace
    where not i.indisvalid and n.nspname = any (current_schemas(false))
    union all
    select 'constraint ' || c.conname || ' was never checked against the rows'
    from pg_constraint as c join pg_namespace as n on n.oid = c.connamespace
    where not c.convalidated and n.nspname = any (current_schemas(false))
    union all
    select checksum_failures || ' pages of this database had a wrong checksum'
    from pg_stat_database where datname = current_database() and checksum_failures > 0
    limit ${sql.lit(mostLines)}`.execute(db)
  return { looked: 'No damage is known: no unfinished index or constraint, no wrong checksum', damage: rows.map(({ line }) => line), isFullTextDamaged: false, brokenReferences: [] }
}
