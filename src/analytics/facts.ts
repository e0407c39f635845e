/**
 * Tests and bugs with the groups that they are in, as the clauses of a statement. A test appears once in each of its groups,
 * and so does a bug: many-valued dimensions are joined with each value once, so nothing inside a group counts twice.
 */
import { sql, type RawBuilder } from 'kysely'
import type { Dimension, ManySource, Source, SqlContext } from './dimension.ts'
import { feature } from './dimensions/feature.ts'
import { keyText, leftJoinParts } from './expressions.ts'
import type { CountMetric } from './metric.ts'
import type { Scope } from './scope.ts'

/** Columns that counts may read, beside those of `t` and `b`. */
export interface CountColumns {
  /** A catalogue feature that the test snapshots; null for none. */
  readonly featureId: RawBuilder<number | null>
}

/** A column of the key of a group. */
export interface KeyColumn {
  readonly name: string
  readonly expression: RawBuilder<unknown>
  /** It belongs to the part of the key that tests have as well. */
  readonly ofTests: boolean
}

export interface FactSide {
  readonly keys: readonly KeyColumn[]
  /** `from` and `where`; the tests are called `t` and the bugs `b`. */
  readonly clauses: RawBuilder<unknown>
}

export interface Facts {
  readonly context: SqlContext
  readonly columns: CountColumns
  /** The tests of the scope, with what they are grouped by worked out once a test: statements begin with it, as `scoped`. */
  readonly scoped: RawBuilder<unknown>
  readonly tests: FactSide
  readonly bugs: FactSide & {
    /** The same without what puts a bug into several groups. */
    readonly once: RawBuilder<unknown>
  }
}

/** The names of the key columns of the dimension at a place. */
export function keyNames(place: number): { readonly value: string; readonly id: string } {
  return { value: `k${place}`, id: `k${place}_id` }
}

/** @param counts what will be counted of the tests: it decides what has to be joined */
export function factsOf(context: SqlContext, scope: Scope, dimensions: readonly Dimension[], counts: readonly CountMetric[]): Facts {
  const ofTests = dimensions.map(({ onTests }, place) => (onTests === undefined ? nothing : placed(context, onTests, place, true)))
  const ofBugs = dimensions.map(({ onBugs }, place) => (onBugs === undefined ? (ofTests[place] ?? nothing) : placed(context, onBugs, place, false)))
  const featurePlace = dimensions.findIndex(({ key }) => key === feature.key)
  const featureId = sql<number | null>`${sql.ref(featurePlace === -1 ? 'tested.value' : `r${featurePlace}.value`)}`
  const readsFeatures = featurePlace === -1 && counts.some((count) => count.readsFeatures === true)
  const scopedColumns = ofTests.flatMap(({ scoped }) => scoped).map(({ name, expression }) => sql`, ${expression} as ${sql.ref(name)}`)
  return {
    context,
    columns: { featureId },
    scoped: sql`select t.id${joined(scopedColumns)} from tests as t where ${scope.tests}`,
    tests: {
      keys: ofTests.flatMap(({ keys }) => keys),
      clauses: sql`from scoped as t ${joined(ofTests.map(({ join }) => join))} ${readsFeatures ? joinOf(context, feature.onTests, 'tested', sql`t.id`) : sql``} where true`,
    },
    bugs: {
      keys: ofBugs.flatMap(({ keys }, place) => keys.map((key) => ({ ...key, ofTests: dimensions[place]?.onTests !== undefined }))),
      // A cross join, since SQLite keeps its order: each test leads to its bugs through an index.
      clauses: sql`from scoped as t cross join bugs as b ${joined(ofBugs.map(({ join }) => join))} where b.test_id = t.id and ${scope.bugs}`,
      once: sql`from scoped as t cross join bugs as b where b.test_id = t.id and ${scope.bugs}`,
    },
  }
}

/** The counts of every group on one side, as a select; with `test_key`, and on the side of the bugs `row_key`, for the whole key. */
export function groupedCounts(facts: Facts, side: 'tests' | 'bugs', counts: readonly CountMetric[]): RawBuilder<unknown> {
  const { keys, clauses } = facts[side]
  const columns = [
    ...keys.map(({ name, expression }) => sql`${expression} as ${sql.ref(name)}`),
    ...aggregates(facts, side, counts),
    // Without a key it is an aggregate all the same: one row.
    ...(keys.length === 0 ? [sql`count(*) as members`] : []),
  ]
  const groupBy = keys.length === 0 ? sql`` : sql`group by ${sql.join(keys.map((_, index) => sql.lit(index + 1)))}`
  const named = keys.map((key) => ({ ...key, expression: sql`grouped.${sql.ref(key.name)}` }))
  return sql`
    select grouped.*, ${testKey(facts, named)} as test_key, ${rowKey(facts, named)} as row_key
    from (select ${sql.join(columns)} ${clauses} ${groupBy}) as grouped`
}

/** The aggregates of one side, each named by its key. */
export function aggregates(facts: Facts, side: 'tests' | 'bugs', counts: readonly CountMetric[]): readonly RawBuilder<unknown>[] {
  return counts.filter(({ over }) => over === side).map((count) => sql`${count.aggregate(facts.columns)} as ${sql.ref(count.key)}`)
}

/** One text for the whole key of a row. */
export function rowKey({ context }: Facts, keys: readonly KeyColumn[]): RawBuilder<string> {
  return keyText(context.dialect, keys.map(({ expression }) => expression))
}

/** One text for the part of it that tests have. */
export function testKey({ context }: Facts, keys: readonly KeyColumn[]): RawBuilder<string> {
  return keyText(context.dialect, keys.filter(({ ofTests }) => ofTests).map(({ expression }) => expression))
}

interface Placed {
  readonly keys: readonly KeyColumn[]
  /** What the scope works out once a test. */
  readonly scoped: readonly KeyColumn[]
  readonly join: RawBuilder<unknown>
}

const nothing: Placed = { keys: [], scoped: [], join: sql`` }

function placed(context: SqlContext, source: Source, place: number, ofTests: boolean): Placed {
  const names = keyNames(place)
  if (source.many) {
    const alias = `r${place}`
    return {
      keys: [{ name: names[source.holds], expression: sql`${sql.ref(`${alias}.value`)}`, ofTests }],
      scoped: [],
      join: joinOf(context, source, alias, ofTests ? sql`t.id` : sql`b.id`),
    }
  }
  const { value, id } = source.columns(context)
  const columns = [
    ...(value === undefined ? [] : [{ name: names.value, expression: value, ofTests }]),
    ...(id === undefined ? [] : [{ name: names.id, expression: id, ofTests }]),
  ]
  if (!ofTests) return { keys: columns, scoped: [], join: sql`` }
  return { keys: columns.map((column) => ({ ...column, expression: sql`${sql.ref(`t.${column.name}`)}` })), scoped: columns, join: sql`` }
}

function joinOf(context: SqlContext, source: ManySource, alias: string, owner: RawBuilder<unknown>): RawBuilder<unknown> {
  return leftJoinParts(context.dialect, alias, owner, (one) => source.parts(context, one))
}

function joined(parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return parts.length === 0 ? sql`` : sql.join(parts, sql` `)
}
