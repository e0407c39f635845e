/** What time it is for everybody who uses a database. */
import { sql, type RawBuilder } from 'kysely'
import type { Dialect } from './storage.ts'

/**
 * An expression for the present, or `plusMs` from it: the server's clock where programs on several machines share one;
 * an embedded engine has no clock of its own, so `ours` (milliseconds since 1970) counts there.
 */
export function databaseNow(dialect: Dialect, ours: number, plusMs = 0): RawBuilder<string> {
  switch (dialect) {
    case 'sqlite':
      return sql<string>`${new Date(ours + plusMs).toISOString()}`
    case 'postgres':
      return sql<string>`(clock_timestamp() + make_interval(secs => ${plusMs / 1000}::double precision))`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}
