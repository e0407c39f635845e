/** Asks the engine of analytics for the groups of the report's scope: the report has no count of its own. */
import type { Kysely } from 'kysely'
import type { Dimension, SqlContext } from '../analytics/dimension.ts'
import { dimensions, type DimensionKey } from '../analytics/dimensions.ts'
import { factsOf, type Facts } from '../analytics/facts.ts'
import { figuresOf, type FigureValues } from '../analytics/figures.ts'
import type { AskedFilter } from '../analytics/filter.ts'
import { readGroups, type DimensionValue } from '../analytics/groups.ts'
import { countsBehind } from '../analytics/metric.ts'
import { metrics, type MetricKey } from '../analytics/metrics.ts'
import { scopeOf } from '../analytics/scope.ts'
import type { TidemarkDatabase } from '../model/schema.ts'
import type { TimeRange } from '../time/phrase.ts'

/** One state of the database, and the scope to look at. */
export interface ScopeView {
  readonly db: Kysely<TidemarkDatabase>
  readonly context: SqlContext
  readonly range: TimeRange
  readonly filters: readonly AskedFilter[]
}

export interface CountedGroup {
  value(key: DimensionKey): DimensionValue
  id(key: DimensionKey): number | null
  readonly figures: FigureValues
}

/** More groups than any account has: blocks are of everything in scope. */
const allGroups = 1_000_000

/** The groups with the most of the first metric first; ties in the order of the dimensions. In one statement. */
export async function countGroups(view: ScopeView, by: readonly DimensionKey[], what: readonly MetricKey[], limit = allGroups): Promise<readonly CountedGroup[]> {
  const chosen = by.flatMap((key) => dimensions.filter((dimension) => dimension.key === key))
  const counted = what.flatMap((key) => metrics.filter((metric) => metric.key === key))
  const [sortBy] = counted
  if (sortBy === undefined) throw new TypeError('groups are counted by at least one metric')
  const facts = (of: readonly Dimension[]): Facts => factsOf(view.context, scopeOf(view.context, view), of, countsBehind(counted))
  const { groups } = await readGroups(view.db, facts(chosen), facts([]), { dimensions: chosen, metrics: counted, sortBy, sortOrder: 'desc', limit, after: undefined, only: new Map() })
  return groups.map((group) => ({
    value: (key) => group.values[by.indexOf(key)] ?? null,
    id: (key) => group.ids[by.indexOf(key)] ?? null,
    figures: figuresOf(counted, group.counts),
  }))
}
