/**
 * What a metric is: something counted over the tests or the bugs of a group, or the quotient of such counts. One file in
 * `metrics/` declares one.
 */
import type { RawBuilder } from 'kysely'
import type { CountColumns } from './facts.ts'

interface MetricMeaning {
  readonly key: string
  /** One sentence for people and models. */
  readonly meaning: string
  /** A question that it answers. */
  readonly example: string
}

interface CountMeaning extends MetricMeaning {
  readonly kind: 'count'
  /** `tests`: over T. `bugs`: over B. */
  readonly over: 'tests' | 'bugs'
  /** It reads `columns.featureId`. */
  readonly readsFeatures?: true | undefined
}

/** The counts of groups that have nothing in common add up. */
export interface AdditiveCount extends CountMeaning {
  readonly additive: true
  /** One aggregate function over tests called `t`, which may be repeated, or over bugs called `b`, each there once; null is 0. */
  aggregate(columns: CountColumns): RawBuilder<number>
}

/** Counts different values, which several groups can have. */
export interface DistinctCount extends CountMeaning {
  readonly additive: false
  /** The value of a test called `t` or a bug called `b`; null where it has none. */
  member(columns: CountColumns): RawBuilder<unknown>
}

/** Counted by the database; 0 where there is nothing to count. */
export type CountMetric = AdditiveCount | DistinctCount

/** Sum of the parts over sum of the wholes; null, never 0, where that is 0. */
export interface RatioMetric extends MetricMeaning {
  readonly kind: 'ratio'
  readonly parts: readonly CountMetric[]
  readonly wholes: readonly CountMetric[]
}

export type Metric = CountMetric | RatioMetric

/** The counts that a metric is made of. */
export function countsOf(metric: Metric): readonly CountMetric[] {
  return metric.kind === 'count' ? [metric] : [...metric.parts, ...metric.wholes]
}

/** The counts behind all of the metrics, each once. */
export function countsBehind(metrics: readonly Metric[]): readonly CountMetric[] {
  return [...new Set(metrics.flatMap(countsOf))]
}
