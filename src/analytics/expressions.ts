/** What the two dialects say differently in questions of analytics, each difference as one expression. */
import { sql, type RawBuilder } from 'kysely'
import { json, type Dialect } from '../storage/storage.ts'
import type { ZoneOffset } from './zone-offsets.ts'

/** The calendar day of an instant where these offsets hold, as `YYYY-MM-DD`; null for null. */
export function localDay(dialect: Dialect, instant: RawBuilder<unknown>, offsets: readonly ZoneOffset[]): RawBuilder<string | null> {
  switch (dialect) {
    case 'sqlite':
      // Instants are texts in UTC.
      if (offsets.every(({ seconds }) => seconds === 0)) return sql<string | null>`substr(${instant}, 1, 10)`
      return sql<string | null>`date(${instant}, ${offsetAt(instant, offsets, (seconds) => sql`${`${seconds} seconds`}`)})`
    case 'postgres':
      return sql<string | null>`to_char(${instant} at time zone 'UTC' + ${offsetAt(instant, offsets, (seconds) => sql`cast(${seconds} as integer)`)} * interval '1 second', 'YYYY-MM-DD')`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

/** The ISO week of a day, as `YYYY-Www`: that of its Thursday. */
export function isoWeek(dialect: Dialect, day: RawBuilder<string | null>): RawBuilder<string | null> {
  switch (dialect) {
    case 'sqlite': {
      const thursday = sql`date(${day}, '-3 days', 'weekday 4')`
      return sql<string | null>`strftime('%Y', ${thursday}) || '-W' || substr('0' || ((strftime('%j', ${thursday}) + 6) / 7), -2)`
    }
    case 'postgres':
      return sql<string | null>`to_char(cast(${day} as date), 'IYYY-"W"IW')`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

/** One text for several values, null among them, that two rows share when all their values are equal. */
export function keyText(dialect: Dialect, values: readonly RawBuilder<unknown>[]): RawBuilder<string> {
  switch (dialect) {
    case 'sqlite':
      return sql<string>`json_array(${list(values)})`
    case 'postgres':
      return sql<string>`cast(jsonb_build_array(${list(values)}) as text)`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

/** Texts bound as one value, as a subquery for `in`. */
export function textList(dialect: Dialect, texts: readonly string[]): RawBuilder<string> {
  switch (dialect) {
    case 'sqlite':
      return sql<string>`(select value from json_each(${json(texts)}))`
    case 'postgres':
      return sql<string>`(select value from jsonb_array_elements_text(${json(texts)}::jsonb))`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

/**
 * Whether groups are made by sorting, which costs SQLite more than reading the rows, unless they come in order; PostgreSQL hashes.
 * Where they are, few cases are better counted beside each other than grouped.
 */
export function groupsBySorting(dialect: Dialect): boolean {
  return dialect === 'sqlite'
}

/** The end of a select that is read group by group. */
export function inGroups(dialect: Dialect, keys: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return groupsBySorting(dialect) && keys.length > 0 ? sql`order by ${sql.join(keys)}` : sql``
}

/** A value by which no index is used: SQLite, which has no statistics, would not know which of two leads to fewer rows. */
export function withoutIndex(dialect: Dialect, value: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (dialect) {
    case 'sqlite':
      return sql`+${value}`
    case 'postgres':
      return value
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

/** The different values of a group, without null, as one value. */
export function distinctSet(dialect: Dialect, value: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (dialect) {
    case 'sqlite':
      return sql`json_group_array(distinct ${value}) filter (where ${value} is not null)`
    case 'postgres':
      return sql`array_agg(distinct ${value}) filter (where ${value} is not null)`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

export function sizeOfSet(dialect: Dialect, set: RawBuilder<unknown>): RawBuilder<number> {
  switch (dialect) {
    case 'sqlite':
      return sql<number>`json_array_length(${set})`
    case 'postgres':
      return sql<number>`coalesce(cardinality(${set}), 0)`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

/** The members of a set in a column, as a table called `member` with the column `value`, for a cross join. */
export function membersOfSet(dialect: Dialect, set: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (dialect) {
    case 'sqlite':
      return sql`json_each(${set}) as member`
    case 'postgres':
      return sql`lateral unnest(${set}) as member(value)`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

/** A number with a fraction, whatever it is made from. */
export function double(value: RawBuilder<number>): RawBuilder<number> {
  return sql<number>`cast(${value} as double precision)`
}

/** The offset in force, found in the middle first: a wide range has hundreds of them. */
function offsetAt(instant: RawBuilder<unknown>, offsets: readonly ZoneOffset[], value: (seconds: number) => RawBuilder<unknown>): RawBuilder<unknown> {
  const middle = Math.floor(offsets.length / 2)
  const pivot = offsets[middle]
  if (pivot === undefined) throw new TypeError('a time zone has at least one offset')
  if (middle === 0) return value(pivot.seconds)
  return sql`case when ${instant} < ${pivot.from} then ${offsetAt(instant, offsets.slice(0, middle), value)} else ${offsetAt(instant, offsets.slice(middle), value)} end`
}

function list(values: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return values.length === 0 ? sql`` : sql.join(values)
}
