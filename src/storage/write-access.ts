/** Whether the engine would take a write, asked without one. Files and folders are not its business. */
import { sql, type RawBuilder } from 'kysely'
import type { Dialect } from './storage.ts'

/** An expression for the reason why rows of `products` cannot be written, null where they can. */
export function writeHindrance(dialect: Dialect): RawBuilder<string | null> {
  switch (dialect) {
    case 'sqlite':
      return sql`null`
    case 'postgres':
      return sql`case
        when pg_is_in_recovery() then 'The server is a replica, which only reads.'
        when current_setting('default_transaction_read_only')::boolean then 'The role or the database is set to read only.'
        when not coalesce(has_table_privilege(to_regclass('products'), 'insert, update, delete'), true) then 'The role may not write its tables.'
      end`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}
