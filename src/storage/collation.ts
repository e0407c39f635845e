/**
 * Text order by Unicode code point, here and on every engine: SQLite compares UTF-8 bytes, which is that order; PostgreSQL follows
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

/** For `toSorted`. The comparison of JavaScript is by halves of surrogate pairs. */
export function compareByCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  const at = left.findIndex((character, index) => character !== right[index])
  if (at === -1) return left.length - right.length
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1)
}
