/** `query_metrics`: counts and rates over tests and their bugs, by up to four dimensions. */
import * as v from 'valibot'
import { dimensionKeys, dimensions } from '../../../src/analytics/dimensions.ts'
import { limits } from '../../../src/analytics/limits.ts'
import { metricKeys } from '../../../src/analytics/metrics.ts'
import type { AnalyticsQuestion } from '../../../src/analytics/question.ts'
import { toSnakeCase } from '../../../src/answers/snake-case.ts'
import { readToFit } from '../answer-size.ts'
import { exactFiltersHint } from '../exact-words-hint.ts'
import { answerNotes, flag, freshness, optionalText, whole, word } from '../schema-parts.ts'
import { localRead, tool } from '../tool.ts'

const value = v.nullable(v.union([v.string(), v.number(), v.boolean()]))
const valueOrList = v.union([value, v.array(value)])
const figures = v.record(v.string(), v.nullable(v.number()))
const cell = v.union([value, figures, v.strictObject({ test_ids: v.array(whole), bug_ids: v.array(whole) })])

const output = v.strictObject({
  rows: v.pipe(v.array(v.record(v.string(), cell)), v.description('By dimension (some with <key>_id) and metric; previous, difference, other, groups, drill {test_ids, bug_ids}')),
  total_rows: whole,
  truncated: v.boolean(),
  next_cursor: optionalText,
  totals: v.pipe(v.record(v.string(), v.nullable(v.union([v.number(), figures]))), v.description('Over all; rows may overlap')),
  range: v.strictObject({
    from: optionalText, to: optionalText, field: v.literal('end_at'), time_zone: v.string(), previous: v.optional(v.strictObject({ from: v.string(), to: v.string() })),
  }),
  filters: v.record(v.string(), v.union([valueOrList, v.strictObject({ not: valueOrList })])),
  explanation: v.string(),
  warnings: v.array(v.string()),
  chart: v.strictObject({ type: v.string(), x: optionalText, y: optionalText, series: optionalText, why: v.string() }),
  freshness,
  hint: answerNotes.hint,
})

export const queryMetrics = tool({
  name: 'query_metrics',
  title: 'Count and compare',
  description:
    'Counts, rates and trends over tests that ended in a period, and their bugs: "bugs per month by severity", "top five testers", '
    + '"rejection rate against last quarter". Only executed tests count unless test_status is filtered. See get_analytics_capabilities '
    + 'for what each word means; for single tests or bugs use the lists.',
  hints: localRead,
  input: v.strictObject({
    metrics: v.pipe(v.array(v.picklist(metricKeys)), v.minLength(1), v.description('The first decides the order')),
    dimensions: v.optional(v.pipe(v.array(v.picklist(dimensionKeys)), v.maxLength(limits.dimensions), v.description('Up to 4; none: one row'))),
    filters: v.optional(
      v.pipe(v.record(v.string(), v.unknown()), v.description('By dimension, product_id, feature_id, test_id: {"severity": ["high", null], "known": {"not": true}}')),
    ),
    from: word('Test end: "last quarter", "90 days ago", 2025-07-01'),
    to: word('End, that day included'),
    time_zone: word('IANA name; default UTC'),
    sort_by: word('A chosen metric or dimension'),
    sort_order: v.optional(v.pipe(v.picklist(['asc', 'desc']), v.description('Default: most, A or earliest first'))),
    limit: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(limits.rows), v.description('Rows')), limits.defaultRows),
    cursor: v.optional(v.pipe(v.string(), v.maxLength(20_000), v.description('next_cursor'))),
    other: flag('One more row for all behind limit'),
    compare: v.optional(v.pipe(v.picklist(['previous']), v.description('Adds the range before'))),
    drill: v.optional(v.pipe(v.union([v.boolean(), v.record(v.string(), v.unknown())]), v.description('Adds ids of tests and bugs; or only of rows with these values'))),
  }),
  output,
  async run({ time_zone: timeZone, sort_by: sortBy, sort_order: sortOrder, limit: asked, ...rest }, { tidemark }) {
    // What is filtered, sorted and drilled by is checked by the query itself, which names what would be valid.
    const question = { ...rest, timeZone, sortBy, sortOrder } as AnalyticsQuestion
    const answer = await readToFit(
      asked,
      async (limit) => v.parse(output, toSnakeCase(await tidemark.analytics.query({ ...question, limit }))),
      ({ rows }) => rows,
      `The answer was cut because of its length: ${question.other === true ? 'the row "other" holds the rest.' : 'go on with next_cursor.'}`,
    )
    const hint = Object.values(answer.totals).includes(0) ? exactFiltersHint(openFilters(rest.filters)) : undefined
    return hint === undefined ? answer : { ...answer, hint }
  },
})

/** Those by a text that could be any. */
function openFilters(filters: Readonly<Record<string, unknown>> = {}): readonly string[] {
  return dimensions.filter(({ key, values }) => values === undefined && [filters[key]].flat().some((given) => typeof given === 'string')).map(({ key }) => key)
}
