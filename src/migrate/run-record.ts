/** What the history table keeps of a run. */
import { version } from '../version.ts'
import type { RunDirection, RunRecord } from './bookkeeping.ts'

export type RecordFacts = Pick<RunRecord, 'outcome' | 'checksum' | 'operations' | 'statementCount'>

/**
 * Times are milliseconds since 1970.
 *
 * @param earlierMs how long runs took that this one continues
 */
export function runRecord(facts: RecordFacts, revision: string, direction: RunDirection, startedAt: number, finishedAt: number, earlierMs = 0): RunRecord {
  return {
    revision,
    direction,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    durationMs: earlierMs + Math.max(0, Math.round(finishedAt - startedAt)),
    ...facts,
    toolVersion: version,
  }
}
