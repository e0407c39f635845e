/** What every figure of a tool has: whose it is, on what, and how long it took. */
import type { Percentiles } from '../measure.ts'
import type { Participant } from './participants.ts'
import type { BenchDialect } from './tool.ts'

export interface Figure {
  readonly name: string
  /** The tool and its version. */
  readonly version: string
  readonly dialect: BenchDialect
  /** The engine, or the driver of the server. */
  readonly engine: string
  readonly times: Percentiles
}

/** @param label of one of several ways of the tool */
export function figure({ tool, worker: { versions } }: Participant, dialect: BenchDialect, times: Percentiles, label?: string): Figure {
  return { name: label === undefined ? tool.name : `${tool.name}, ${label}`, version: versions.tool, dialect, engine: versions.engines[dialect], times }
}
