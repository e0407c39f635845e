/**
 * What a dimension is: something that tests or bugs can be grouped and filtered by. One file in `dimensions/` declares one;
 * the planner knows none of them by name.
 */
import type { RawBuilder } from 'kysely'
import type { Dialect } from '../storage/storage.ts'
import type { ZoneOffset } from './zone-offsets.ts'

export interface SqlContext {
  readonly dialect: Dialect
  readonly customerId: number
  /** Of the asked time zone; they cover every test date that can be met. */
  readonly offsets: readonly ZoneOffset[]
}

/** What rows are grouped by: a value, an id, or both where one value may have several ids and the other way round. */
export interface KeyColumns {
  readonly value?: RawBuilder<unknown> | undefined
  readonly id?: RawBuilder<number | null> | undefined
}

/** One value of each test, called `t`, or of each bug, called `b`. */
export interface SingleSource {
  readonly many: false
  columns(context: SqlContext): KeyColumns
  /** Where the value, or the id, has to be looked up, and is all that the columns have. */
  readonly lookUp?: LookUp | undefined
  /** All its values where there are few, each with its condition: every row meets exactly one of them. */
  readonly cases?: readonly ValueCase[] | undefined
  /** An index has the bugs of a customer in the order of this column, with all that counts read of them. */
  readonly indexed?: true | undefined
}

export interface ValueCase {
  readonly value: string | boolean | null
  readonly when: RawBuilder<unknown>
}

/** What decides a value, in the row itself: rows may be counted by it before the value is looked up. */
export interface LookUp {
  readonly by: RawBuilder<unknown>
  /** Where bugs are read test by test, they come in its order. */
  readonly afterTest?: true | undefined
  /** A left join for rows of a table that have `by`. */
  join(context: SqlContext, alias: string, by: RawBuilder<unknown>): JoinedPart
}

export interface JoinedPart {
  readonly join: RawBuilder<unknown>
  /** The column to read; null where there is nothing. */
  readonly part: RawBuilder<unknown>
}

/** Any number of values of each bug, in a column of the row itself, as a JSON array of different texts; without one it is in the group null. */
export interface StoredSet {
  readonly many: true
  readonly set: RawBuilder<unknown>
}

/** Any number of values of each test, in a table that has them by `test_id`; nulls there are no values. Without one it is in the group null. */
export interface StoredParts {
  readonly many: true
  readonly holds: 'value' | 'id'
  readonly table: string
  /** The column with the value. */
  readonly part: string
  /** A column by which the rows of a test can be told apart and put in order. */
  readonly place: string
  /** The least place of every test, where that is fixed. */
  readonly firstPlace?: number | undefined
}

export type Source = SingleSource | StoredSet | StoredParts

/** Something with values that a filter can name. */
export interface Filterable {
  readonly key: string
  /** What stands for it in a filter. */
  readonly valueType: 'text' | 'boolean' | 'id'
  /** Some of its values are null. */
  readonly nullable: boolean
  /** All its values, where the list is closed. */
  readonly values?: readonly string[] | undefined
  /** The form of its values, where they have one. */
  readonly pattern?: RegExp | undefined
  /** Left out where only bugs have it. */
  readonly onTests?: SingleSource | StoredParts | undefined
  /** Left out where a bug has that of its test. */
  readonly onBugs?: SingleSource | StoredSet | undefined
  /** The value that belongs to an id, where the source holds ids. */
  label?(id: RawBuilder<unknown>, context: SqlContext): RawBuilder<string | null>
}

export interface Dimension extends Filterable {
  readonly valueType: 'text' | 'boolean'
  /** One sentence for people and models. */
  readonly meaning: string
  /** One of its values. */
  readonly example: string
  /** Its rows carry an id beside the value. */
  readonly hasId?: true | undefined
  /** A stretch of time: rows are in its order unless asked otherwise. */
  readonly time?: true | undefined
  /** The id that belongs to a value, where the source holds values and there is one. */
  idOf?(value: RawBuilder<unknown>, context: SqlContext): RawBuilder<number | null>
  /** What its values are sorted by. Default the value itself, text by code point. */
  rank?(value: RawBuilder<unknown>): RawBuilder<number | null>
}

/** Only bugs have it: tests are not grouped by it. */
export function isBugLevel(dimension: Filterable): boolean {
  return dimension.onTests === undefined
}

/** A test or a bug can be in several of its groups. */
export function isMany(dimension: Filterable): boolean {
  return dimension.onTests?.many === true || dimension.onBugs?.many === true
}

/** The key under which rows carry an id beside the value. */
export function idKeyOf({ key, hasId }: Dimension): string | null {
  return hasId === true ? `${key}_id` : null
}
