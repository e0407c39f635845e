/**
 * Text order by Unicode code point on every engine: SQLite compares UTF-8 bytes, which is that order; PostgreSQL follows
 * the database's locale unless told otherwise.
 */
import { sql, type RawBuilder } from 'kysely'
import type { Dialect } from './storage.ts'

export function byCodePoint<T>(dialect: Dialect, expression: RawBuilder<T>): RawBuilder<T> {
  switch (dialect) {
    case 'sqlite':
      return expression
    case 'postgres':
      return sql<T>`${expression} collate "C"`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}
