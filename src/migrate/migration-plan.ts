/** What the migrator is asked and what it answers: options of a run, plans, results, progress. Types only. */
import type { RunRecord } from './bookkeeping.ts'
import type { Revision } from './revision.ts'
import type { RanOperation } from './run-revision.ts'

/** Which way a revision is run. */
export type Direction = 'upgrade' | 'downgrade'

/**
 * `each`: one transaction a revision; a failure keeps the earlier ones. `all`: one over the whole run; everything or
 * nothing. `none`: every operation commits on its own, and what ended half-way is continued by the next run. A revision
 * with `transaction: false` always runs like that, and cannot be part of `all`.
 */
export type TransactionMode = 'each' | 'all' | 'none'

/** How an upgrade or a downgrade is run. */
export interface RunOptions {
  /** Default `each`. */
  readonly transaction?: TransactionMode | undefined
  /**
   * Cancels the wait for another runner, and the run: between operations and, where the engine can, inside of one. What
   * runs outside of a transaction is not cut off.
   */
  readonly signal?: AbortSignal | undefined
  /** Told when a revision begins, before each operation, and of the rows of updates in batches. */
  readonly onProgress?: ((progress: MigrationProgress) => void) | undefined
}

/** How far a run is. */
export interface MigrationProgress {
  readonly revision: string
  readonly message: string
  readonly direction: Direction
  /** Of the revision in this run, from 1. */
  readonly index: number
  /** Revisions of this run. */
  readonly total: number
  /** One line about the operation that runs now; undefined when the revision begins. */
  readonly operation: string | undefined
  /** Rows that are done, and of how many. */
  readonly rows?: number | undefined
  readonly ofRows?: number | undefined
}

/** A revision that would be run. */
export interface PlannedStep {
  readonly revision: string
  readonly message: string
  readonly direction: Direction
  /** On the way down: why data is lost. */
  readonly lossy?: string | undefined
  /** On the way down: why it would be refused. */
  readonly irreversible?: string | undefined
}

/** What a run would do. */
export interface MigrationPlan {
  /** Rows of the version table now. */
  readonly from: readonly string[]
  /** Rows of the version table afterwards. */
  readonly to: readonly string[]
  /** In the order in which they run. */
  readonly steps: readonly PlannedStep[]
}

/** A revision that was run. */
export interface MigrationStep extends PlannedStep {
  readonly durationMs: number
  readonly checksum: string
  readonly operations: readonly RanOperation[]
}

/** What a run did. */
export interface MigrationResult extends MigrationPlan {
  readonly steps: readonly MigrationStep[]
}

/** A revision that stands in part: its operations committed one by one, and the run ended before the last of them. */
export interface HalfWay {
  readonly revision: string
  readonly direction: Direction
  /** One line for each operation that stands, the last of them perhaps with a part of its rows. */
  readonly operations: readonly string[]
  /** UTC ISO-8601 with milliseconds. */
  readonly startedAt: string
  /** When the last of them was committed. */
  readonly stoppedAt: string
}

/** Where a database stands. */
export interface MigrationStatus {
  /** The rows of the version table; null where nothing is applied. */
  readonly current: string | null
  readonly atHead: boolean
  /** What has to be finished before anything else is run. */
  readonly halfWay?: HalfWay | undefined
}

/** A revision, and what this database knows of it. */
export interface HistoryEntry {
  readonly revision: Revision
  readonly applied: boolean
  /** The database stands at it. */
  readonly current: boolean
  /** When it was run, oldest first. */
  readonly runs: readonly RunRecord[]
}
