/** What a bench found out about one operation on one engine, and what of it may not get worse. */
import type { Percentiles } from './measure.ts'
import type { InnerWork } from './support/inner-work.ts'

export interface Figure {
  /** The folder of the bench. */
  readonly bench: string
  readonly engine: string
  readonly operation: string
  /** Null where nothing was timed. */
  readonly times: Percentiles | null
  /** The same work in the best way that we know without this library, in the same run; null where there is none. */
  readonly reference: Percentiles | null
  /** Over the reference in the same run, of processor time where nothing else is waited for; null without one. */
  readonly ratio: number | null
  /** What was counted rather than timed, for one call: statements, compiled statements, requests, written rows, … */
  readonly counts: Readonly<Record<string, number>>
  /** What the engine did inside for one call, where that was counted: pages that it looked at, rows or steps. */
  readonly work?: InnerWork | undefined
  readonly limits: Limits
}

/** From the design. Ratios and counts gate; the p95 informs, since it is that of one machine at one moment. */
export interface Limits {
  readonly ratio?: number | undefined
  /** Milliseconds. */
  readonly p95?: number | undefined
  readonly counts?: Readonly<Record<string, number>> | undefined
}

/** One for each engine and operation of a bench. */
export function nameOf({ bench, engine, operation }: Pick<Figure, 'bench' | 'engine' | 'operation'>): string {
  return `${bench} / ${engine} / ${operation}`
}
