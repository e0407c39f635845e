/** What a sync takes, says while it runs, and answers. */

export const syncModes = ['hybrid', 'incremental', 'force', 'rebuild'] as const
/** `hybrid`: what is new, and again what can still change. `incremental`: what is new. `force`: everything again. `rebuild`: everything, into a fresh copy. */
export type SyncMode = (typeof syncModes)[number]
/** Whether also what is known to be final is read again. */
export function readsEverything(mode: SyncMode): boolean {
  return mode === 'force' || mode === 'rebuild'
}

export const syncOutcomes = ['success', 'partial', 'failed', 'cancelled', 'interrupted'] as const
/** `partial`: some of it could not be read. `interrupted`: its program ended before it did, or another one took over. */
export type SyncOutcome = (typeof syncOutcomes)[number]
export const syncStreams = ['products', 'reject_reasons', 'features', 'tests', 'bugs'] as const
/** A kind of records that is read, and judged, on its own. */
export type SyncStream = (typeof syncStreams)[number]

/** What a sync takes. */
export interface SyncOptions {
  /**
   * - `hybrid` (default) finds what is new and reads everything again that can still change; once a week it reads each list
   *   of tests to its end.
   * - `incremental` finds what is new only.
   * - `force` reads everything again, and so notices also what became of tests that were final.
   * - `rebuild` reads everything into a fresh copy beside the old one, which takes its place when it is complete.
   */
  readonly mode?: SyncMode | undefined
  /** Only these products. Default all. Not with `rebuild`. */
  readonly products?: readonly number[] | undefined
  /** A time phrase; tests that ended before it are left alone. Default everything. Not with `rebuild`. */
  readonly since?: string | undefined
  /** Reads and compares, writes nothing. Default false. Not with `rebuild`. */
  readonly dryRun?: boolean | undefined
  /** Cancels between requests and between transactions; what was committed stays. */
  readonly signal?: AbortSignal | undefined
  /** Called when the run has got its number, before its first request. A dry run has none. */
  readonly onStart?: ((run: { readonly runId: number; readonly startedAt: string }) => void) | undefined
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined
}

/** The options as a run uses them: validated, with defaults. */
export interface ResolvedSyncOptions extends Omit<SyncOptions, 'since' | 'mode' | 'dryRun'> {
  readonly mode: SyncMode
  readonly dryRun: boolean
  /** An instant. */
  readonly since: string | null
  /** Looks for what is in quarantine also where it is not due. */
  readonly retryQuarantine: boolean
}

/** Strictly increasing `done` within a run; `total` follows what was last known: first the run before, then what is found. */
export interface SyncProgress {
  readonly done: number
  readonly total: number
  readonly stream: SyncStream
  /** Null for streams of the account as a whole. */
  readonly productId: number | null
  /** Rows so far in this run. */
  readonly newCount: number
  readonly changedCount: number
  readonly deletedCount: number
}

/** What became of one stream of one product in a sync. */
export interface SyncStep {
  /** Null for streams of the account as a whole. */
  readonly productId: number | null
  readonly stream: SyncStream
  readonly outcome: SyncOutcome
  readonly new: number
  readonly changed: number
  readonly unchanged: number
  /** Records that are gone upstream, as far as this step found out. */
  readonly deleted: number
  /** Records that the API did not give, or in a form that cannot be read. */
  readonly quarantined: number
  readonly requests: number
  readonly error: { readonly code: string; readonly message: string } | null
}

/** What a sync did. */
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
  readonly deleted: number
  readonly quarantined: number
  readonly steps: readonly SyncStep[]
}
