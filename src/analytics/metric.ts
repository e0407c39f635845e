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

/** Counted by the database; 0 where there is nothing to count. */
export interface CountMetric extends MetricMeaning {
  readonly kind: 'count'
  /** `tests`: over T. `bugs`: over B. */
  readonly over: 'tests' | 'bugs'
  /** An aggregate over tests called `t`, which may be repeated, or over bugs called `b`, each there once. */
  aggregate(columns: CountColumns): RawBuilder<number>
  /** The counts of groups that have nothing in common add up. */
  readonly additive?: true | undefined
  /** It reads `columns.featureId`. */
  readonly readsFeatures?: true | undefined
}

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
