/** The size of the database, asked of the engine. */
import { sql, type RawBuilder } from 'kysely'
import type { Dialect } from './storage.ts'

/** An expression for the bytes that the database takes, free pages included. */
export function databaseSize(dialect: Dialect): RawBuilder<number> {
  switch (dialect) {
    case 'sqlite':
      return sql`(select page_count * page_size from pragma_page_count(), pragma_page_size())`
    case 'postgres':
      return sql`pg_database_size(current_database())`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}
