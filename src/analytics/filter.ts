/**
 * A filter in its one form, and the condition that it is. Null is a value like any other: `not` turns a condition round in
 * two-valued logic, so that rows without a value stay when another value is excluded.
 */
import { sql, type RawBuilder } from 'kysely'
import { idList } from '../storage/id-list.ts'
import { hasAnyText } from '../storage/json-texts.ts'
import type { Filterable, SqlContext } from './dimension.ts'
import { withoutIndex } from './expressions.ts'
import { partsOf } from './parts.ts'

export type FilterValue = string | number | boolean

export interface AskedFilter {
  readonly on: Filterable
  /** True for `not`. */
  readonly excludes: boolean
  readonly values: readonly FilterValue[]
  /** Null is among the values. */
  readonly withNull: boolean
}

/** What it demands of the tests called `t`, or of the bugs called `b`: nothing where only the others have what it is about. */
export function filterCondition(context: SqlContext, filter: AskedFilter, side: 'tests' | 'bugs'): RawBuilder<boolean> | undefined {
  const { on } = filter
  const source = side === 'tests' ? on.onTests : on.onBugs
  if (source === undefined) return undefined
  if (!source.many) {
    const { value, id } = source.columns(context)
    const held = value ?? labelled(on, id ?? sql`null`, context)
    // Bugs are found by their tests, whatever else is asked of them.
    return singleCondition(context, filter, source.indexed === true ? withoutIndex(context.dialect, held) : held)
  }
  if ('set' in source) return setCondition(context, filter, source.set)
  return partsCondition(context, filter, partsOf(context, source), labelled(on, sql`filtered.part`, context))
}

/** Whether a value, null included, is among those of the filter. */
export function singleCondition(context: SqlContext, { excludes, values, withNull }: Omit<AskedFilter, 'on'>, value: RawBuilder<unknown>): RawBuilder<boolean> {
  const among = values.length === 0 ? [] : [sql`${value} ${sql.raw(excludes ? 'not in' : 'in')} ${valueList(context, values)}`]
  if (!excludes) return either([...among, ...(withNull ? [sql`${value} is null`] : [])])
  if (withNull) return sql<boolean>`(${sql.join([sql`${value} is not null`, ...among], sql` and `)})`
  return either([...among, sql`${value} is null`])
}

function setCondition(context: SqlContext, { excludes, values, withNull }: Omit<AskedFilter, 'on'>, set: RawBuilder<unknown>): RawBuilder<boolean> {
  const condition = either([
    ...(values.length === 0 ? [] : [hasAnyText(context.dialect, set, valueList(context, values))]),
    ...(withNull ? [sql`${set} = '[]'`] : []),
  ])
  return excludes ? sql<boolean>`not ${condition}` : condition
}

function partsCondition(
  context: SqlContext, { excludes, values, withNull }: Omit<AskedFilter, 'on'>, parts: RawBuilder<unknown>, part: RawBuilder<unknown>,
): RawBuilder<boolean> {
  const tests = sql`select filtered.test_id from (${parts}) as filtered`
  const condition = either([
    ...(values.length === 0 ? [] : [sql`t.id in (${tests} where ${part} in ${valueList(context, values)})`]),
    ...(withNull ? [sql`t.id not in (${tests})`] : []),
  ])
  return excludes ? sql<boolean>`not ${condition}` : condition
}

function valueList(context: SqlContext, values: readonly FilterValue[]): RawBuilder<unknown> {
  const ids = values.filter((value) => typeof value === 'number')
  return ids.length === values.length ? idList(context.dialect, ids) : sql`(${sql.join(values)})`
}

function labelled(on: Filterable, id: RawBuilder<unknown>, context: SqlContext): RawBuilder<unknown> {
  return on.label?.(id, context) ?? id
}

function either(conditions: readonly RawBuilder<unknown>[]): RawBuilder<boolean> {
  return sql<boolean>`(${sql.join(conditions, sql` or `)})`
}
