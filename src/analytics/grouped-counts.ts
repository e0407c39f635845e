/**
 * The counts of every group on one side, as a select. Rows are read once: what is looked up for a key is looked up for counts,
 * not for rows, where they add up, and different values can be kept beside their count, for the totals.
 */
import { sql, type RawBuilder } from 'kysely'
import type { ValueCase } from './dimension.ts'
import { distinctSet, sizeOfSet, spreadsCases } from './expressions.ts'
import { rowKey, testKey, type CountColumns, type Facts, type FactSide, type KeyColumn } from './facts.ts'
import type { CountMetric } from './metric.ts'

/** The column with the different values behind a count. */
export function setName({ key }: CountMetric): string {
  return `${key}_set`
}

/**
 * Columns of the keys and counts by their names; `test_key` and, on the side of the bugs, `row_key`, for the whole key.
 *
 * @param withSets also of each distinct count its set
 */
export function groupedCounts(facts: Facts, side: 'tests' | 'bugs', counts: readonly CountMetric[], withSets = false): RawBuilder<unknown> {
  const { keys } = facts[side]
  const { dialect } = facts.context
  const own = counts.filter(({ over }) => over === side)
  const columns = own.flatMap((count) => {
    const counted = sql`grouped.${sql.ref(count.key)}`
    if (count.additive || !withSets) return [counted]
    return [sql`${sizeOfSet(dialect, counted)} as ${sql.ref(count.key)}`, sql`${counted} as ${sql.ref(setName(count))}`]
  })
  const aggregated = own.map((count) => {
    const value = count.additive || !withSets ? aggregate(count, facts.columns) : distinctSet(dialect, count.member(facts.columns))
    return sql`${value} as ${sql.ref(count.key)}`
  })
  const named = keys.map((key) => ({ ...key, expression: sql`grouped.${sql.ref(key.name)}` }))
  const selectGroups = (): RawBuilder<unknown> => {
    const adds = own.every(({ additive }) => additive)
    if (adds && keys.some(({ base }) => base !== undefined)) return lookedUp(facts[side], aggregated, own)
    const spread = adds && spreadsCases(dialect) ? keys.find(({ cases }) => cases !== undefined) : undefined
    return spread?.cases === undefined ? grouped(facts[side], aggregated) : spreadOut(facts, side, own, spread, spread.cases)
  }
  return sql`
    select ${sql.join([...named.map(({ expression }) => expression), ...columns, sql`${testKey(facts, named)} as test_key`, sql`${rowKey(facts, named)} as row_key`])}
    from (${selectGroups()}) as grouped`
}

/** The aggregates of one side, each named by its key. */
export function aggregates(facts: Facts, side: 'tests' | 'bugs', counts: readonly CountMetric[]): readonly RawBuilder<unknown>[] {
  return counts.filter(({ over }) => over === side).map((count) => sql`${aggregate(count, facts.columns)} as ${sql.ref(count.key)}`)
}

function aggregate(count: CountMetric, columns: CountColumns): RawBuilder<unknown> {
  return count.additive ? count.aggregate(columns) : sql`count(distinct ${count.member(columns)})`
}

function grouped({ keys, clauses }: FactSide, aggregated: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  // Without a key it is an aggregate all the same: one row.
  if (keys.length === 0) return sql`select ${sql.join([...aggregated, sql`count(*) as members`])} ${clauses}`
  return sql`select ${sql.join([...keys.map(({ name, expression }) => sql`${expression} as ${sql.ref(name)}`), ...aggregated])} ${clauses} ${byFirst(keys.length)}`
}

/** First by the columns that decide what is looked up, then by what was found. */
function lookedUp(side: FactSide, aggregated: readonly RawBuilder<unknown>[], counts: readonly CountMetric[]): RawBuilder<unknown> {
  const bases = side.keys.map((key) => ({ ...key, expression: key.base?.column ?? key.expression }))
  const found = side.keys.map(({ name, base }) => sql`${base?.lookUp(sql`counted.${sql.ref(name)}`) ?? sql`counted.${sql.ref(name)}`} as ${sql.ref(name)}`)
  const sums = counts.map(({ key }) => sql`sum(counted.${sql.ref(key)}) as ${sql.ref(key)}`)
  return sql`select ${sql.join([...found, ...sums])} from (${grouped({ ...side, keys: bases }, aggregated)}) as counted ${byFirst(found.length)}`
}

/** Counted case by case beside each other, in one row for what else they are grouped by, and then made rows of. */
function spreadOut(facts: Facts, side: 'tests' | 'bugs', counts: readonly CountMetric[], spread: KeyColumn, cases: readonly ValueCase[]): RawBuilder<unknown> {
  const { keys } = facts[side]
  const inCase = (name: string, index: number): RawBuilder<unknown> => sql.ref(`${name}_${index}`)
  const cells = cases.flatMap(({ when }, index) => [
    ...counts.map((count) => sql`${aggregate(count, facts.columns)} filter (where ${when}) as ${inCase(count.key, index)}`),
    sql`count(*) filter (where ${when}) as ${inCase('members', index)}`,
  ])
  const rows = cases.map(({ value }, index) => sql`
    select ${sql.join([
      ...keys.map((key) => (key === spread ? sql`${sql.lit(value)} as ${sql.ref(key.name)}` : sql.ref(key.name))),
      ...counts.map(({ key }) => sql`${inCase(key, index)} as ${sql.ref(key)}`),
    ])} from spread where ${inCase('members', index)} > 0`)
  return sql`with spread as materialized (${grouped({ ...facts[side], keys: keys.filter((key) => key !== spread) }, cells)}) ${sql.join(rows, sql` union all `)}`
}

function byFirst(columns: number): RawBuilder<unknown> {
  return sql`group by ${sql.join(Array.from({ length: columns }, (_, index) => sql.lit(index + 1)))}`
}
