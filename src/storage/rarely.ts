/**
 * A condition that holds for few rows. SQLite without statistics cannot know that, and would rather walk an index that has the
 * asked order than look up the few and sort them; PostgreSQL has its statistics.
 */
import { sql, type RawBuilder } from 'kysely'
import type { Dialect } from './storage.ts'

export function rarely(dialect: Dialect, condition: RawBuilder<unknown>): RawBuilder<boolean> {
  switch (dialect) {
    case 'sqlite':
      return sql<boolean>`likelihood(${condition}, 0.0001)`
    case 'postgres':
      return sql<boolean>`${condition}`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}
