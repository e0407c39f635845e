/** From what was given to a scope that can be read: everything is checked here, before any statement runs. */
import * as v from 'valibot'
import type { AskedFilter, FilterValue } from '../analytics/filter.ts'
import { filterables } from '../analytics/question-schema.ts'
import { TidemarkError } from '../errors.ts'
import { executedStatuses } from '../model/test-status.ts'
import { option, parseOptions } from '../repositories/options.ts'
import { parseTimeRange, type TimeRange } from '../time/phrase.ts'
import { resolveThresholds } from './health.ts'
import type { QualityInput, Thresholds } from './quality-report.ts'
import { thresholdsInput } from './threshold-input.ts'

export interface QualityQuestion {
  readonly productIds: readonly number[]
  readonly testIds: readonly number[] | null
  /** Null: whatever they are. */
  readonly statuses: readonly string[] | null
  readonly range: TimeRange
  /** The scope in the words of analytics. */
  readonly filters: readonly AskedFilter[]
  readonly thresholds: Thresholds
  readonly limit: number | undefined
  readonly cursor: string | undefined
  /** What a cursor belongs to. */
  readonly asked: unknown
}

const InputSchema = v.strictObject({
  productIds: v.pipe(v.array(option.id), v.minLength(1), v.maxLength(1000)),
  testIds: option.ids,
  from: option.text,
  to: option.text,
  statuses: option.texts,
  thresholds: v.optional(thresholdsInput),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(4000))),
})

export interface QualityDefaults {
  readonly now: number
  readonly timeZone: string
  readonly thresholds: Thresholds
}

/** @throws TidemarkError `argument_invalid`; `details.arguments` lists the names */
export function parseQualityInput(input: QualityInput, defaults: QualityDefaults): QualityQuestion {
  const given = parseOptions('report on quality', InputSchema, input)
  const { from, to, limit, cursor } = given
  const clashing = (['from', 'to', 'statuses'] as const).filter((name) => given[name] !== undefined)
  if (given.testIds !== undefined && clashing.length > 0) throw refusedTogether(clashing)

  const productIds = [...new Set(given.productIds)]
  const testIds = given.testIds === undefined ? null : [...new Set(given.testIds)]
  const statuses = testIds === null ? [...new Set(given.statuses ?? executedStatuses)] : null
  const range = parseTimeRange({ from, to }, defaults)
  return {
    productIds,
    testIds,
    statuses,
    range,
    filters: [
      filter('product_id', productIds),
      ...(testIds === null ? [] : [filter('test_id', testIds)]),
      // Every test has a status: "not null" is any.
      statuses === null ? { ...filter('test_status', []), excludes: true, withNull: true } : filter('test_status', statuses),
    ],
    thresholds: resolveThresholds(given.thresholds, defaults.thresholds),
    limit,
    cursor,
    asked: [productIds.toSorted((a, b) => a - b), testIds?.toSorted((a, b) => a - b), statuses?.toSorted(), from, to],
  }
}

/** Any of the values. */
export function filter(key: string, values: readonly FilterValue[]): AskedFilter {
  const on = filterables.get(key)
  if (on === undefined) throw new TypeError(`nothing is filtered by ${key}`)
  return { on, excludes: false, values, withNull: false }
}

function refusedTogether(names: readonly string[]): TidemarkError {
  return new TidemarkError('argument_invalid', 'Cannot report on quality', {
    why: `Tests that are named one by one are taken as they are, so they do not go together with a range or statuses (${names.join(', ')}).`,
    next: 'Name the tests alone, or leave them out and give a range and statuses.',
    details: { arguments: ['testIds', ...names] },
  })
}
