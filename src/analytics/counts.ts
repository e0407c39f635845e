/** The counts of a row as numbers, whatever the engine gives a sum as. */
import type { CountMetric } from './metric.ts'

/** By the key of their metric. */
export type Counts = Readonly<Record<string, number>>

/** @param nameOf the column of a count; default its key */
export function toCounts(counts: readonly CountMetric[], row: Readonly<Record<string, unknown>> | undefined, nameOf = ({ key }: CountMetric): string => key): Counts {
  return Object.fromEntries(counts.map((count) => [count.key, Number(row?.[nameOf(count)] ?? 0)]))
}
