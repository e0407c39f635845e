/**
 * Tells the engine that tables have grown, or are done growing. PostgreSQL plans by statistics and keeps plans, also those of its
 * foreign key checks; without a background process that refreshes them (PGlite has none), a plan made for an empty table stays,
 * and every check reads the whole table. SQLite plans these tables' look-ups by their indexes and needs nothing.
 */
import { sql, type Kysely } from 'kysely'
import type { Dialect } from './storage.ts'

export async function refreshStatistics<Database>(dialect: Dialect, db: Kysely<Database>, tables: readonly string[]): Promise<void> {
  switch (dialect) {
    case 'sqlite':
      return
    case 'postgres':
      await sql`analyze ${sql.join(tables.map((table) => sql.table(table)))}`.execute(db)
      return
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

/**
 * After the last of many rows, outside of a transaction. PostgreSQL answers from an index alone only where a vacuum has found
 * that everybody sees a page, and else looks every row up; on PGlite nobody else does it. Tables that are locked are left out.
 */
export async function vacuum<Database>(dialect: Dialect, db: Kysely<Database>, tables: readonly string[]): Promise<void> {
  switch (dialect) {
    case 'sqlite':
      return
    case 'postgres':
      await sql`vacuum (analyze, skip_locked) ${sql.join(tables.map((table) => sql.table(table)))}`.execute(db)
      return
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}
