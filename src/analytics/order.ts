/**
 * The order of rows, which is total: what was asked for, nulls last, then the dimensions one after the other. A cursor holds
 * the place of a row in it, so that groups which come or go in between neither repeat nor skip anything.
 */
import { sql, type RawBuilder } from 'kysely'
import * as v from 'valibot'
import { byCodePoint } from '../storage/collation.ts'
import type { Dialect } from '../storage/storage.ts'

export interface OrderTerm {
  readonly expression: RawBuilder<unknown>
  readonly direction: 'asc' | 'desc'
  readonly text: boolean
}

export type Place = readonly (string | number | boolean | null)[]

export interface Order {
  /** The terms as columns of a select. */
  readonly columns: RawBuilder<unknown>
  /** `order by` over a table with these columns. */
  by(table: string): RawBuilder<unknown>
  /** The condition for rows behind a place. */
  after(table: string, place: Place): RawBuilder<boolean>
  /** Where a row with these columns stands. */
  placeOf(row: Readonly<Record<string, unknown>>): Place
}

export function orderBy(dialect: Dialect, terms: readonly OrderTerm[]): Order {
  const names = terms.map((_, index) => `o${index}`)
  const column = (table: string, index: number): RawBuilder<unknown> => {
    const reference = sql`${sql.ref(`${table}.o${index}`)}`
    return terms[index]?.text === true ? byCodePoint(dialect, reference) : reference
  }
  const after = (table: string, place: Place, index: number): RawBuilder<boolean> => {
    const value = place[index]
    if (index === terms.length || value === undefined) return sql<boolean>`false`
    const here = column(table, index)
    const equal = value === null ? sql`${here} is null` : sql`${here} = ${value}`
    const behind = sql`(${equal} and ${after(table, place, index + 1)})`
    // Nulls are last in both directions: nothing but further nulls is behind them.
    if (value === null) return sql<boolean>`${behind}`
    return sql<boolean>`(${here} ${terms[index]?.direction === 'desc' ? sql`<` : sql`>`} ${value} or ${here} is null or ${behind})`
  }
  return {
    columns: sql.join(terms.map(({ expression }, index) => sql`${expression} as ${sql.ref(`o${index}`)}`)),
    by: (table) => sql`order by ${sql.join(terms.map(({ direction }, index) => sql`${column(table, index)} ${direction === 'desc' ? sql`desc` : sql`asc`} nulls last`))}`,
    after: (table, place) => after(table, place, 0),
    placeOf: (row) => names.map((name) => v.parse(PlaceValueSchema, row[name])),
  }
}

const PlaceValueSchema = v.nullable(v.union([v.string(), v.number(), v.boolean()]))
