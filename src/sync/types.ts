/** What a sync takes, says while it runs, and answers. */

export type SyncMode = 'hybrid' | 'force'
export type SyncOutcome = 'success' | 'partial' | 'failed' | 'cancelled' | 'interrupted'
export type SyncStream = 'products' | 'reject_reasons' | 'features' | 'tests' | 'bugs'

export interface SyncOptions {
  /**
   * `hybrid` (default) lists everything and reads the bugs of every test that is not final, or whose bugs were not yet
   * read since it became final. `force` reads all bugs again.
   */
  readonly mode?: SyncMode | undefined
  /** Only these products. Default all. */
  readonly products?: readonly number[] | undefined
  /** A time phrase; tests that ended before it are left alone. Default everything. */
  readonly since?: string | undefined
  /** Reads and compares, writes nothing. Default false. */
  readonly dryRun?: boolean | undefined
  /** Cancels between requests and between transactions; what was committed stays. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined
}

/** The options as a run uses them: validated, with defaults. */
export interface ResolvedSyncOptions extends Omit<SyncOptions, 'since' | 'mode' | 'dryRun'> {
  readonly mode: SyncMode
  readonly dryRun: boolean
  /** An instant. */
  readonly since: string | null
}

/** Strictly increasing `done` within a run; `total` may grow as pages are found. */
export interface SyncProgress {
  readonly done: number
  readonly total: number
  readonly stream: SyncStream
  /** Null for streams of the account as a whole. */
  readonly productId: number | null
  /** Rows new or changed so far in this run. */
  readonly newCount: number
  readonly changedCount: number
}

export interface SyncStep {
  /** Null for streams of the account as a whole. */
  readonly productId: number | null
  readonly stream: SyncStream
  readonly outcome: SyncOutcome
  readonly new: number
  readonly changed: number
  readonly unchanged: number
  readonly quarantined: number
  readonly error: { readonly code: string; readonly message: string } | null
}

export interface SyncResult {
  /** Null for a dry run, which leaves no trace in the ledger. */
  readonly runId: number | null
  readonly mode: SyncMode
  readonly outcome: SyncOutcome
  readonly startedAt: string
  readonly finishedAt: string
  readonly requests: number
  readonly new: number
  readonly changed: number
  readonly unchanged: number
  readonly quarantined: number
  readonly steps: readonly SyncStep[]
}
