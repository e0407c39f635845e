/**
 * A list of ids bound as one value, so that the statement text does not depend on how many there are: prepared
 * statements are found again, and no list can pass an engine's limit on bound values.
 */
import { sql, type RawBuilder } from 'kysely'
import { json, type Dialect } from './storage.ts'

/** A subquery for `id in …`. */
export function idList(dialect: Dialect, ids: readonly number[]): RawBuilder<number> {
  switch (dialect) {
    case 'sqlite':
      return sql<number>`(select value from json_each(${json(ids)}))`
    case 'postgres':
      // An array, not JSON: of that, PostgreSQL plans for a hundred ids whatever their number, and rather reads a whole table.
      return sql<number>`(select unnest(${`{${ids.join(',')}}`}::bigint[]))`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}
