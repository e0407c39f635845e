/** What a question needs to know before its rows are read: how fresh the data is, and in a time zone with summer time, which dates there are. */
import { sql, type Kysely } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import type { QueryContext } from '../repositories/context.ts'
import { freshnessParts, toFreshness, type Freshness, type FreshnessRow, type FreshnessScope } from '../repositories/freshness.ts'
import { idList } from '../storage/id-list.ts'
import { isBugLevel } from './dimension.ts'
import { feature } from './dimensions/feature.ts'
import { countsBehind } from './metric.ts'
import type { ParsedQuestion } from './parse-question.ts'
import { zoneOffsets, type ZoneOffset } from './zone-offsets.ts'

export interface QuestionFrame {
  readonly freshness: Freshness
  readonly offsets: readonly ZoneOffset[]
}

const utc: readonly ZoneOffset[] = [{ from: null, seconds: 0 }]

/** What decides which data is looked at. */
export type FramedQuestion = Pick<ParsedQuestion, 'metrics' | 'dimensions' | 'filters' | 'timeZone' | 'range'>

/** @param earliest where the range begins that is looked at; null for all dates */
export async function readFrame(context: QueryContext, db: Kysely<TidemarkDatabase>, question: FramedQuestion, earliest: string | null): Promise<QuestionFrame> {
  const scope = freshnessScope(context, question)
  const { timeZone, range } = question
  const parts = [...question.dimensions, ...question.filters.map(({ on }) => on)]
  const readsDays = timeZone !== 'UTC' && parts.some((part) => 'time' in part && part.time === true)
  const end = (direction: 'asc' | 'desc') => sql`(
    select end_at from tests where customer_id = ${context.customerId} and end_at is not null order by end_at ${sql.raw(direction)} limit 1)`
  const { columns, source } = freshnessParts(context, scope)
  const { rows } = await sql<FreshnessRow & { readonly first_end_at: string | null; readonly last_end_at: string | null }>`
    select ${columns},
      ${readsDays && earliest === null ? end('asc') : sql`null`} as first_end_at, ${readsDays && range.to === null ? end('desc') : sql`null`} as last_end_at
    from ${source}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new TypeError('an aggregate gave no row')
  const [from, to] = [earliest ?? row.first_end_at, range.to ?? row.last_end_at]
  return {
    freshness: toFreshness(context, scope, row),
    offsets: readsDays && from !== null && to !== null ? zoneOffsets(timeZone, from, to) : utc,
  }
}

/** The streams that the answer was read from. */
function freshnessScope({ storage }: QueryContext, { metrics, dimensions, filters }: FramedQuestion): FreshnessScope {
  const parts = [...dimensions, ...filters.map(({ on }) => on)]
  const readsBugs = countsBehind(metrics).some(({ over }) => over === 'bugs') || parts.some((part) => isBugLevel(part) || part.onBugs !== undefined)
  const readsFeatures = parts.some(({ key }) => key === feature.key)
  const products = filters.find(({ on, excludes }) => on.key === 'product_id' && !excludes)
  const ids = products?.values.filter((value) => typeof value === 'number')
  return {
    streams: ['tests', ...(readsBugs ? (['bugs'] as const) : []), ...(readsFeatures ? (['features'] as const) : [])],
    products: ids === undefined ? undefined : (product) => sql<boolean>`${product} in ${idList(storage.dialect, ids)}`,
  }
}
