/** The version of the engine, asked of the engine. */
import { sql, type RawBuilder } from 'kysely'
import type { Dialect } from './storage.ts'

/** An expression for text like `SQLite 3.54.1` or `PostgreSQL 18.0`. */
export function engineVersion(dialect: Dialect): RawBuilder<string> {
  switch (dialect) {
    case 'sqlite':
      return sql`'SQLite ' || sqlite_version()`
    case 'postgres':
      // What a distribution adds behind a space says nothing here.
      return sql`'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1)`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}
