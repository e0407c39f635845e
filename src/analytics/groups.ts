/**
 * One page of the groups of a question with the totals, in one statement: tests and bugs are counted apart, per group, and the
 * counts put together afterwards, so that neither multiplies the other.
 */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { toCounts, type Counts } from './counts.ts'
import { isBugLevel, type Dimension } from './dimension.ts'
import { feature } from './dimensions/feature.ts'
import { double } from './expressions.ts'
import { keyNames, type Facts, type FactSide } from './facts.ts'
import { singleCondition, type FilterValue } from './filter.ts'
import { countsOfSets, countsSetsFirst, groupedCounts, setsName } from './grouped-counts.ts'
import { countsBehind, type CountMetric, type Metric } from './metric.ts'
import { orderBy, type OrderTerm, type Place } from './order.ts'
import type { PageEnd } from './place-cursor.ts'
import { keepsSets, toTotals, totalsBeside } from './totals.ts'

export type DimensionValue = string | boolean | null

export interface Group {
  /** In the order of the dimensions. */
  readonly values: readonly DimensionValue[]
  /** Beside the values; null where the dimension has none. */
  readonly ids: readonly (number | null)[]
  readonly counts: Counts
  /** The key of the group, and the part of it that tests have; texts that mean something to this database only. */
  readonly rowKey: string
  readonly testKey: string
  readonly place: Place
}

export interface GroupPage {
  readonly groups: readonly Group[]
  readonly totalRows: number
  readonly hasMore: boolean
  /** Over the whole scope, each test and each bug once. */
  readonly totals: Counts
}

export interface GroupQuestion {
  readonly dimensions: readonly Dimension[]
  readonly metrics: readonly Metric[]
  readonly sortBy: Metric | Dimension
  readonly sortOrder: 'asc' | 'desc'
  readonly limit: number
  readonly after: PageEnd | undefined
  /** Values that groups must have, by the key of a dimension or `<key>_id`. */
  readonly only: ReadonlyMap<string, FilterValue | null>
}

type Row = Readonly<Record<string, unknown>>

/** @param whole of no dimension and the same scope, for the totals */
export async function readGroups(db: Kysely<TidemarkDatabase>, facts: Facts, whole: Facts, question: GroupQuestion): Promise<GroupPage> {
  const { dimensions, limit, after } = question
  const counts = countsBehind(question.metrics)
  const order = orderBy(facts.context.dialect, orderTerms(question))
  const { rows } = await sql<Row>`
    with scoped as materialized (${facts.scoped}),
    ${sidesOf(facts, question, counts)},
    named as materialized (select merged.*${labels(facts, dimensions)} from merged),
    groups as materialized (select named.*, ${order.columns} from named ${onlyWith(facts, question)}),
    page as (
      select * from groups as page ${after?.place === undefined ? sql`` : sql`where ${order.after('page', after.place)}`}
      ${order.by('page')} limit ${limit + 1} ${after !== undefined && after.place === undefined ? sql`offset ${after.offset}` : sql``})
    select page.*, beside.*
    from (select * from ${sql.join([sql`(select count(*) as total_rows from groups) as counted`, ...totalsBeside(facts, whole, counts)], sql` cross join `)}) as beside
    left join page on true ${order.by('page')}`.execute(db)

  const found = rows.filter((row) => typeof row['row_key'] === 'string')
  return {
    groups: found.slice(0, limit).map((row) => ({
      values: dimensions.map((dimension, place) => toValue(dimension, row[shown(place).value])),
      ids: dimensions.map((_, place) => toId(row[shown(place).id])),
      counts: toCounts(counts, row),
      rowKey: String(row['row_key']),
      testKey: String(row['test_key']),
      place: order.placeOf(row),
    })),
    totalRows: Number(rows[0]?.['total_rows']),
    hasMore: found.length > limit,
    totals: toTotals(counts, rows[0]),
  }
}

/** Both sides, and `merged`: the groups with the counts of each. */
function sidesOf(facts: Facts, { dimensions }: GroupQuestion, counts: readonly CountMetric[]): RawBuilder<unknown> {
  const bugLevel = dimensions.some(isBugLevel)
  // Which groups there are is decided by bugs where a dimension is theirs, and by tests and bugs otherwise. Only by feature
  // can a bug be where its test is not.
  const withBugs = bugLevel || counts.some(({ over }) => over === 'bugs') || dimensions.some(({ key }) => key === feature.key)
  const withTests = !bugLevel || counts.some(({ over }) => over === 'tests')
  const table = (side: 'tests' | 'bugs') => {
    const sets = countsSetsFirst(facts, side, counts) ? sql`${sql.ref(setsName(side))} as materialized (${countsOfSets(facts, side, counts)}), ` : sql``
    return sql`${sets}${sql.ref(`of_${side}`)} as materialized (${groupedCounts(facts, side, counts, { withSets: keepsSets(facts, side), setsApart: true })})`
  }
  const [ofTests, ofBugs] = [table('tests'), table('bugs')]
  const only = ({ keys }: FactSide) => sql.join(['row_key', 'test_key', ...keys.map(({ name }) => name), ...counts.map(({ key }) => key)].map((name) => sql.ref(name)))
  if (!withTests) return sql`${ofBugs}, merged as (select ${only(facts.bugs)} from of_bugs)`
  if (!withBugs) return sql`${ofTests}, merged as (select ${only(facts.tests)} from of_tests)`

  // Put together by sorting, not by joining: SQLite would compare every group with every other.
  const own = (over: 'tests' | 'bugs', { keys }: FactSide) => [
    ...facts.bugs.keys.map(({ name }) => (keys.some((key) => key.name === name) ? sql.ref(name) : sql`null as ${sql.ref(name)}`)),
    sql`${sql.lit(over)} as side`, sql`row_key`, sql`test_key`,
    ...counts.map((count) => (count.over === over ? sql.ref(count.key) : sql`0 as ${sql.ref(count.key)}`)),
  ]
  const both = sql`${ofTests}, ${ofBugs},
    both_sides as (select ${sql.join(own('tests', facts.tests))} from of_tests union all select ${sql.join(own('bugs', facts.bugs))} from of_bugs)`
  if (bugLevel) {
    // Tests are counted for all groups that share their part of the key.
    const columns = counts.map(({ key, over }) => (over === 'bugs' ? sql.ref(key) : sql`max(${sql.ref(key)}) over (partition by test_key) as ${sql.ref(key)}`))
    const keys = facts.bugs.keys.map(({ name }) => sql.ref(name))
    return sql`${both}, merged as (select * from (select side, row_key, test_key, ${sql.join([...keys, ...columns])} from both_sides) as spread where side = 'bugs')`
  }
  const columns = [...facts.tests.keys.map(({ name }) => name), ...counts.map(({ key }) => key)].map((name) => sql`max(${sql.ref(name)}) as ${sql.ref(name)}`)
  return sql`${both}, merged as (select row_key, row_key as test_key, ${sql.join(columns)} from both_sides group by row_key)`
}

/** Names under which a row shows a dimension: they differ from those of the key. */
function shown(place: number): { readonly value: string; readonly id: string } {
  return { value: `d${place}`, id: `d${place}_id` }
}

function labels({ context, bugs }: Facts, dimensions: readonly Dimension[]): RawBuilder<unknown> {
  const keyed = new Set(bugs.keys.map(({ name }) => name))
  const columns = dimensions.flatMap((dimension, place) => {
    const key = keyNames(place)
    const value = sql`merged.${sql.ref(key.value)}`
    const id = sql`merged.${sql.ref(key.id)}`
    return [
      sql`${keyed.has(key.value) ? value : (dimension.label?.(id, context) ?? sql`null`)} as ${sql.ref(shown(place).value)}`,
      ...(dimension.hasId === true ? [sql`${keyed.has(key.id) ? id : (dimension.idOf?.(value, context) ?? sql`null`)} as ${sql.ref(shown(place).id)}`] : []),
    ]
  })
  return sql`${sql.join(columns.map((column) => sql`, ${column}`), sql``)}`
}

function orderTerms({ dimensions, sortBy, sortOrder }: GroupQuestion): readonly OrderTerm[] {
  const byValue = (dimension: Dimension, direction: 'asc' | 'desc'): OrderTerm => {
    const value = sql`named.${sql.ref(shown(dimensions.indexOf(dimension)).value)}`
    return { expression: dimension.rank?.(value) ?? value, direction, text: dimension.rank === undefined && dimension.valueType === 'text' }
  }
  const first = 'kind' in sortBy ? { expression: metricExpression(sortBy), direction: sortOrder, text: false } : byValue(sortBy, sortOrder)
  const ties = dimensions.flatMap((dimension, place): readonly OrderTerm[] => [
    byValue(dimension, 'asc'),
    ...(dimension.hasId === true ? [{ expression: sql`named.${sql.ref(shown(place).id)}`, direction: 'asc' as const, text: false }] : []),
  ])
  return [first, ...ties]
}

function metricExpression(metric: Metric): RawBuilder<unknown> {
  const column = ({ key }: CountMetric): RawBuilder<number> => sql<number>`named.${sql.ref(key)}`
  if (metric.kind === 'count') return column(metric)
  const sum = (counts: readonly CountMetric[]): RawBuilder<number> => sql<number>`${sql.join(counts.map(column), sql` + `)}`
  return sql`${double(sum(metric.parts))} / nullif(${sum(metric.wholes)}, 0)`
}

function onlyWith({ context }: Facts, { dimensions, only }: GroupQuestion): RawBuilder<unknown> {
  if (only.size === 0) return sql``
  const conditions = [...only].map(([name, wanted]) => {
    const place = dimensions.findIndex(({ key }) => name === key || name === `${key}_id`)
    const column = shown(place)[dimensions[place]?.key === name ? 'value' : 'id']
    return singleCondition(context, { excludes: false, values: wanted === null ? [] : [wanted], withNull: wanted === null }, sql`named.${sql.ref(column)}`)
  })
  return sql`where ${sql.join(conditions, sql` and `)}`
}

// SQLite has no booleans of its own, and an expression there comes as it is stored.
function toValue({ valueType }: Dimension, value: unknown): DimensionValue {
  if (valueType === 'boolean' && value !== null) return Boolean(value)
  return typeof value === 'string' ? value : null
}

function toId(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
