/** From counts to the figures of the metrics. */
import { ratio } from '../model/bug-rates.ts'
import type { Counts } from './counts.ts'
import type { CountMetric, Metric } from './metric.ts'
import { wordRecord } from './word-record.ts'

export type FigureValues = Readonly<Record<string, number | null>>

export function figuresOf(metrics: readonly Metric[], counts: Counts): FigureValues {
  const sum = (parts: readonly CountMetric[]): number => parts.reduce((total, { key }) => total + (counts[key] ?? 0), 0)
  return Object.fromEntries(metrics.map((metric) => [metric.key, metric.kind === 'count' ? sum([metric]) : ratio(sum(metric.parts), sum(metric.wholes))]))
}

/** The figures of before, and what was added since: null where one of the two is. Both are null where there is no before. */
export function comparedFigures(metrics: readonly Metric[], now: Counts, before: Counts | undefined): readonly (readonly [string, FigureValues | null])[] {
  if (before === undefined) return [['previous', null], ['difference', null]]
  const [current, previous] = [figuresOf(metrics, now), figuresOf(metrics, before)]
  const difference = Object.entries(previous).map(([key, value]) => {
    const figure = current[key] ?? null
    return [key, figure === null || value === null ? null : figure - value] as const
  })
  return [['previous', wordRecord(Object.entries(previous))], ['difference', wordRecord(difference)]]
}
