/**
 * Tests and bugs with the groups that they are in, as the clauses of a statement. A test appears once in each of its groups,
 * and so does a bug: many-valued dimensions are joined with each value once, so nothing inside a group counts twice.
 */
import { sql, type RawBuilder } from 'kysely'
import { isBugLevel, isMany, type Dimension, type JoinedPart, type Source, type SqlContext, type ValueCase } from './dimension.ts'
import { feature } from './dimensions/feature.ts'
import { groupsBySorting, inGroups, keyText, withoutIndex } from './expressions.ts'
import type { CountMetric } from './metric.ts'
import { joinParts, joinSet } from './parts.ts'
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
  /** Where it has to be looked up, or taken out of a set: rows may be counted by what decides it first. */
  readonly lookUp?: KeyLookUp | undefined
  readonly cases?: readonly ValueCase[] | undefined
}

export interface KeyLookUp {
  readonly by: RawBuilder<unknown>
  /** Bugs that are read test by test come in its order. */
  readonly afterTest: boolean
  /** For rows of a table that have `by`. */
  join(by: RawBuilder<unknown>): JoinedPart
}

export interface FactSide {
  readonly keys: readonly KeyColumn[]
  /** `from` and `where`; the tests are called `t` and the bugs `b`. Each of them is there once in each of its groups. */
  readonly clauses: RawBuilder<unknown>
  /** The same for those who ask only which groups there are: one of them may be in a group twice. */
  readonly repeating: RawBuilder<unknown>
  /** The same without what look-ups add. */
  readonly undecided: RawBuilder<unknown>
  /** One test or bug can be in several groups. */
  readonly overlap: boolean
  /** Only through what look-ups add: each is there once in `undecided`. */
  readonly overlapsBySets: boolean
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
    /** The same bugs without their tests, found test by test. */
    readonly byTest: RawBuilder<unknown>
    /** Likewise, in the order of the key; left out where that would cost more. */
    readonly inOrder: RawBuilder<unknown> | undefined
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
  const tested = joinParts(context, feature.onTests, 'tested', 'any')
  const readsFeatures = featurePart === undefined && counts.some((count) => count.readsFeatures === true)
  const scopedColumns = ofTests.flatMap(({ scoped }) => scoped)
  // The order serves bugs too, as long as all that they are grouped by stands in it; few cases are counted without grouping.
  const grouping = dimensions.filter(({ onBugs }) => onBugs?.many !== false || onBugs.cases === undefined)
  const ordered = grouping.some((dimension) => isBugLevel(dimension) || isMany(dimension)) ? [] : scopedColumns.map(({ name }) => sql.ref(name))
  // A cross join, since SQLite keeps its order: each test leads to its bugs through an index.
  const bugsWith = (joins: RawBuilder<unknown>): RawBuilder<unknown> => sql`from scoped as t cross join bugs as b ${joins} where b.test_id = t.id and ${scope.bugs}`
  return {
    context,
    columns: { featureId: featurePart ?? tested.part },
    scoped: sql`select t.id${joined(scopedColumns.map(({ name, expression }) => sql`, ${expression} as ${sql.ref(name)}`))} from tests as t where ${scope.tests} ${inGroups(context.dialect, ordered)}`,
    tests: {
      keys: ofTests.flatMap(({ keys }) => keys),
      ...clausesOf(ofTests, (joins) => sql`from scoped as t ${joins} ${readsFeatures ? tested.join : sql``} where true`),
      ...overlapOf(ofTests),
    },
    bugs: {
      keys: ofBugs.flatMap(({ keys }, place) => keys.map((key) => ({ ...key, ofTests: dimensions[place]?.onTests !== undefined }))),
      ...clausesOf(ofBugs, bugsWith),
      ...overlapOf(ofBugs),
      once: bugsWith(sql``),
      byTest: sql`from bugs as b where b.test_id in (select id from scoped) and ${scope.bugs}`,
      inOrder: hasOrder(context, scope, dimensions) ? sql`from bugs as b where ${withoutIndex(context.dialect, sql`b.test_id`)} in (select id from scoped) and ${scope.bugs}` : undefined,
    },
  }
}

/** Where bugs have one key to be sorted by, all of the customer in its order cost less than sorting those of most tests. */
function hasOrder({ dialect }: SqlContext, { wide }: Scope, dimensions: readonly Dimension[]): boolean {
  const sources = dimensions.map(({ onBugs }) => (onBugs?.many === false ? onBugs : undefined))
  const spread = sources.find((source) => source?.cases !== undefined)
  const [key, ...others] = sources.filter((source) => source === undefined || source !== spread)
  return groupsBySorting(dialect) && wide && key?.indexed === true && others.length === 0
}

function clausesOf(placed: readonly Placed[], clauses: (joins: RawBuilder<unknown>) => RawBuilder<unknown>): Pick<FactSide, 'clauses' | 'repeating' | 'undecided'> {
  const joins = (how: keyof Placed['joins']): RawBuilder<unknown> => clauses(joined(placed.map((of) => of.joins[how])))
  return { clauses: joins('each'), repeating: joins('any'), undecided: joins('undecided') }
}

function overlapOf(placed: readonly Placed[]): Pick<FactSide, 'overlap' | 'overlapsBySets'> {
  const many = placed.filter(({ part }) => part !== undefined)
  return { overlap: many.length > 0, overlapsBySets: many.length > 0 && many.every(({ keys }) => keys.every(({ lookUp }) => lookUp !== undefined)) }
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
  readonly joins: Readonly<Record<'each' | 'any' | 'undecided', RawBuilder<unknown>>>
  /** The value of a source with many. */
  readonly part?: RawBuilder<unknown> | undefined
}

const noJoins: Placed['joins'] = { each: sql``, any: sql``, undecided: sql`` }
const nothing: Placed = { keys: [], scoped: [], joins: noJoins }

function placed(context: SqlContext, source: Source, place: number, ofTests: boolean): Placed {
  const names = keyNames(place)
  const alias = `r${place}`
  if ('set' in source) {
    const join = (by: RawBuilder<unknown>): JoinedPart => joinSet(context, by, alias)
    const members = join(source.set)
    const lookUp = { by: source.set, afterTest: false, join }
    return { keys: [{ name: names.value, expression: members.part, ofTests, lookUp }], scoped: [], joins: { each: members.join, any: members.join, undecided: sql`` }, part: members.part }
  }
  if (source.many) {
    const each = joinParts(context, source, alias, 'each')
    const any = joinParts(context, source, alias, 'any')
    return { keys: [{ name: names[source.holds], expression: each.part, ofTests }], scoped: [], joins: { each: each.join, any: any.join, undecided: each.join }, part: each.part }
  }
  const { lookUp, cases } = source
  const keyLookUp = lookUp && { by: lookUp.by, afterTest: lookUp.afterTest === true, join: (by: RawBuilder<unknown>) => lookUp.join(context, alias, by) }
  const columns = (['value', 'id'] as const).flatMap((column): readonly KeyColumn[] => {
    const expression = source.columns(context)[column]
    return expression === undefined ? [] : [{ name: names[column], expression, ofTests, lookUp: keyLookUp, cases }]
  })
  if (!ofTests) return { keys: columns, scoped: [], joins: noJoins }
  return { keys: columns.map((column) => ({ ...column, expression: sql`${sql.ref(`t.${column.name}`)}` })), scoped: columns, joins: noJoins }
}

function joined(parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return parts.length === 0 ? sql`` : sql.join(parts, sql` `)
}
