/**
 * Answers a question: checks it, then reads everything from one state of the database, in a number of statements that depends
 * on what is asked and never on how much there is.
 */
import type { QueryContext } from '../repositories/context.ts'
import { fingerprint } from '../repositories/cursor.ts'
import { fromOneState } from '../repositories/one-state.ts'
import type { TimeRange } from '../time/phrase.ts'
import { analyticsCapabilities } from './capabilities.ts'
import { chartFor } from './chart.ts'
import type { Counts } from './counts.ts'
import { idKeyOf, isBugLevel, type Dimension, type SqlContext } from './dimension.ts'
import type { DimensionKey } from './dimensions.ts'
import { readIds } from './drill.ts'
import { explain } from './explanation.ts'
import { factsOf, type Facts } from './facts.ts'
import { comparedFigures, figuresOf } from './figures.ts'
import { filterIdWarnings } from './filter-ids.ts'
import { readFrame } from './frame.ts'
import { readGroups, type Group } from './groups.ts'
import { countsBehind } from './metric.ts'
import type { MetricKey } from './metrics.ts'
import { parseQuestion, type ParsedQuestion } from './parse-question.ts'
import { decodePageEnd, encodePageEnd } from './place-cursor.ts'
import { rangeBefore, readSameGroups } from './previous.ts'
import type { Analytics, AnalyticsAnswer, AnalyticsFilter, AnalyticsQuestion } from './question.ts'
import { filtersInForce, scopeOf } from './scope.ts'
import { readOther, readTotals } from './totals.ts'
import { wordRecord } from './word-record.ts'

export function createAnalytics(context: QueryContext): Analytics {
  return {
    async query<const Metric extends MetricKey, const Dimension extends DimensionKey = never>(question: AnalyticsQuestion<Metric, Dimension>) {
      const parsed = parseQuestion(question, { now: context.now(), timeZone: context.timeZone })
      const answer = await fromOneState(context, (view) => answerQuestion(view, parsed))
      // Rows and totals have a key for every metric and dimension that was asked for.
      return answer as AnalyticsAnswer<Metric, Dimension>
    },
    capabilities: analyticsCapabilities,
  }
}

/** An answer whose keys are known only when it is there. */
interface KeyedAnswer extends Omit<AnalyticsAnswer, 'rows' | 'totals'> {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly totals: Readonly<Record<string, unknown>>
}

async function answerQuestion(context: QueryContext, question: ParsedQuestion): Promise<KeyedAnswer> {
  const { db } = context
  const { metrics, dimensions, range, timeZone } = question
  const print = fingerprint([context.customerId, 'analytics', timeZone, question.asked])
  const from = question.cursor === undefined ? undefined : decodePageEnd(print, question.cursor)
  const before = question.compare ? rangeBefore(range, timeZone) : undefined
  const { freshness, offsets } = await readFrame(context, db, question, before?.from ?? range.from)

  const sqlContext: SqlContext = { dialect: context.storage.dialect, customerId: context.customerId, offsets }
  const filters = filtersInForce(question.filters)
  const counts = countsBehind(metrics)
  const factsIn = (within: TimeRange, by: readonly Dimension[], of = counts): Facts => factsOf(sqlContext, scopeOf(sqlContext, { filters, range: within }), by, of)
  const facts = factsIn(range, dimensions)
  const page = await readGroups(db, facts, factsIn(range, []), { ...question, after: from, only: question.drillValues })
  const folds = question.other && page.hasMore
  const bugLevel = dimensions.some(isBugLevel)
  const other = folds ? await readOther(db, facts, bugLevel, counts, page.groups) : undefined
  const ids = question.drill ? await readIds(db, factsIn(range, dimensions, []), page.groups) : []

  const earlier = before === undefined ? undefined : factsIn(before, dimensions)
  // The days of one range are not those of the other: only the totals can be compared.
  const comparesRows = earlier !== undefined && !dimensions.some(({ time }) => time === true)
  const earlierTotals = before === undefined ? undefined : await readTotals(db, factsIn(before, []), counts)
  const earlierGroups = comparesRows ? await readSameGroups(db, earlier, counts, page.groups) : []
  const earlierOther = comparesRows && folds ? await readOther(db, earlier, bugLevel, counts, page.groups) : undefined

  const figures = (now: Counts, then: Counts | undefined): readonly (readonly [string, unknown])[] => [
    ...Object.entries(figuresOf(metrics, now)),
    ...(before === undefined ? [] : comparedFigures(metrics, now, then)),
  ]
  const rows = page.groups.map((group, index) => wordRecord<unknown>([
    ...shownDimensions(dimensions, group),
    ...figures(group.counts, earlierGroups[index]),
    ...(question.drill ? [['drill', ids[index]] as const] : []),
  ]))
  if (other !== undefined) {
    rows.push(wordRecord<unknown>([...shownDimensions(dimensions, undefined), ...figures(other, earlierOther), ['other', true], ['groups', page.totalRows - page.groups.length]]))
  }
  const last = page.groups.at(-1)
  const truncated = page.hasMore && !folds
  const skipped = (from?.offset ?? 0) + page.groups.length
  return {
    rows,
    totalRows: page.totalRows,
    truncated,
    nextCursor: truncated && last !== undefined ? encodePageEnd(print, { place: last.place, offset: skipped }) : null,
    totals: wordRecord(figures(page.totals, earlierTotals)),
    range: { ...range, field: 'end_at', timeZone, ...(before === undefined ? {} : { previous: before }) },
    filters: wordRecord<AnalyticsFilter>([
      ...filters.filter((filter) => !question.filters.includes(filter)).map(({ on, values }) => [on.key, values] as const),
      ...Object.entries(question.givenFilters),
    ]),
    explanation: explain({ ...question, filters }),
    warnings: [
      ...(await filterIdWarnings(db, sqlContext, question.filters)),
      ...(before !== undefined && !comparesRows ? ['Rows of a time dimension have no counterpart in the range before: only the totals are compared.'] : []),
    ],
    chart: chartFor({ dimensions, metrics, rows: page.groups.map(({ values }) => values), truncated }),
    freshness,
  }
}

/** The cells of the dimensions; all null for the row of all other groups. */
function shownDimensions(dimensions: readonly Dimension[], group: Group | undefined): readonly (readonly [string, unknown])[] {
  return dimensions.flatMap((dimension, place): readonly (readonly [string, unknown])[] => {
    const idKey = idKeyOf(dimension)
    return [[dimension.key, group?.values[place] ?? null], ...(idKey === null ? [] : [[idKey, group?.ids[place] ?? null] as const])]
  })
}
