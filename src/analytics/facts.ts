/**
 * Tests and bugs with the groups that they are in, as the clauses of a statement. A test appears once in each of its groups,
 * and so does a bug: many-valued dimensions are joined with each value once, so nothing inside a group counts twice.
 */
import { sql, type RawBuilder } from 'kysely'
import { isBugLevel, isMany, type Dimension, type Source, type SqlContext, type ValueCase } from './dimension.ts'
import { feature } from './dimensions/feature.ts'
import { inGroups, keyText } from './expressions.ts'
import type { CountMetric } from './metric.ts'
import { leftJoinParts } from './parts.ts'
import type { Scope } from './scope.ts'

/** Columns that counts may read, beside those of `t` and `b`. */
export interface CountColumns {
  /** A catalogue feature that the test snapshots; null for none. */
  readonly featureId: RawBuilder<unknown>
}

/** A column of the key of a group. */
export interface KeyColumn {
  readonly name: string
  readonly expression: RawBuilder<unknown>
  /** It belongs to the part of the key that tests have as well. */
  readonly ofTests: boolean
  /** What it is looked up by, where that is a column. */
  readonly base?: { readonly column: RawBuilder<unknown>; lookUp(base: RawBuilder<unknown>): RawBuilder<unknown> } | undefined
  readonly cases?: readonly ValueCase[] | undefined
}

export interface FactSide {
  readonly keys: readonly KeyColumn[]
  /** `from` and `where`; the tests are called `t` and the bugs `b`. */
  readonly clauses: RawBuilder<unknown>
  /** One test or bug can be in several groups. */
  readonly overlap: boolean
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
  const featurePart = ofTests[dimensions.findIndex(({ key }) => key === feature.key)]?.part
  const tested = leftJoinParts(context, feature.onTests, 'tested', sql`t.id`)
  const readsFeatures = featurePart === undefined && counts.some((count) => count.readsFeatures === true)
  const scopedColumns = ofTests.flatMap(({ scoped }) => scoped)
  // The order serves bugs too, as long as all that they are grouped by stands in it; few cases are counted without grouping.
  const grouping = dimensions.filter(({ onBugs }) => onBugs?.many !== false || onBugs.cases === undefined)
  const ordered = grouping.some((dimension) => isBugLevel(dimension) || isMany(dimension)) ? [] : scopedColumns.map(({ name }) => sql.ref(name))
  return {
    context,
    columns: { featureId: featurePart ?? tested.part },
    scoped: sql`select t.id${joined(scopedColumns.map(({ name, expression }) => sql`, ${expression} as ${sql.ref(name)}`))} from tests as t where ${scope.tests} ${inGroups(context.dialect, ordered)}`,
    tests: {
      keys: ofTests.flatMap(({ keys }) => keys),
      clauses: sql`from scoped as t ${joined(ofTests.map(({ join }) => join))} ${readsFeatures ? tested.join : sql``} where true`,
      overlap: ofTests.some(({ part }) => part !== undefined),
    },
    bugs: {
      keys: ofBugs.flatMap(({ keys }, place) => keys.map((key) => ({ ...key, ofTests: dimensions[place]?.onTests !== undefined }))),
      // A cross join, since SQLite keeps its order: each test leads to its bugs through an index.
      clauses: sql`from scoped as t cross join bugs as b ${joined(ofBugs.map(({ join }) => join))} where b.test_id = t.id and ${scope.bugs}`,
      overlap: ofBugs.some(({ part }) => part !== undefined),
      once: sql`from scoped as t cross join bugs as b where b.test_id = t.id and ${scope.bugs}`,
    },
  }
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
  /** The value of a source with many. */
  readonly part?: RawBuilder<unknown> | undefined
}

const nothing: Placed = { keys: [], scoped: [], join: sql`` }

function placed(context: SqlContext, source: Source, place: number, ofTests: boolean): Placed {
  const names = keyNames(place)
  if (source.many) {
    const { join, part } = leftJoinParts(context, source, `r${place}`, ofTests ? sql`t.id` : sql`b.id`)
    return { keys: [{ name: names[source.holds], expression: part, ofTests }], scoped: [], join, part }
  }
  const { base, cases } = source
  const columns = (['value', 'id'] as const).flatMap((column): readonly KeyColumn[] => {
    const expression = source.columns(context)[column]
    if (expression === undefined) return []
    const lookUp = (by: RawBuilder<unknown>): RawBuilder<unknown> => source.columns(context, by)[column] ?? sql`null`
    return [{ name: names[column], expression, ofTests, base: base === undefined ? undefined : { column: base, lookUp }, cases }]
  })
  if (!ofTests) return { keys: columns, scoped: [], join: sql`` }
  return { keys: columns.map((column) => ({ ...column, expression: sql`${sql.ref(`t.${column.name}`)}` })), scoped: columns, join: sql`` }
}

function joined(parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return parts.length === 0 ? sql`` : sql.join(parts, sql` `)
}
