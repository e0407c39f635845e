/** The public face of the library: what `openTidemark` takes and gives. */
import type { Analytics } from './analytics/question.ts'
import type { TidemarkError } from './errors.ts'
import type { GivenThresholds, Reports } from './reports/quality-report.ts'
import type { ListResult } from './repositories/list.ts'
import type {
  BugItem, BugListOptions, BugSummary, FeatureItem, FeatureListOptions, FeatureSummary, ProductItem, ProductListOptions, ProductSummary,
  TestItem, TestListOptions, TestSummary, UserItem, UserListOptions, UserSummary,
} from './repositories/items.ts'
import type { SearchItem, SearchOptions } from './search/search.ts'
import type { Storage } from './storage/storage.ts'
import type { Quarantine } from './sync/quarantine-access.ts'
import type { SyncStatus } from './sync/status.ts'
import type { SyncOptions, SyncResult } from './sync/types.ts'
import type { BreakerStatus } from './testio/breaker.ts'
import type { TestioClientOptions } from './testio/settings.ts'

/** How to reach the TestIO API. */
export type TestioOptions = Omit<TestioClientOptions, 'now' | 'random' | 'sleep'>

/** Receives what a person running the program should know. Never a secret, never text of a stranger. */
export interface Logger {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** What `openTidemark` takes. */
export interface OpenTidemarkOptions {
  /** An open storage; `close()` of the Tidemark closes it. */
  readonly storage: Storage
  readonly customerId: number
  /** Leave it out for local reads only. */
  readonly testio?: TestioOptions | undefined
  /** `apply` (default) brings the database to head; `verify` refuses when it is not there; `skip` warns loudly. */
  readonly migrations?: 'apply' | 'verify' | 'skip' | undefined
  /** Age at which answers are called stale. Default 3600. */
  readonly refreshSeconds?: number | undefined
  /** IANA zone for time phrases. Default UTC. */
  readonly timeZone?: string | undefined
  /** What this program is called where others see it: who holds a lease, who ran a sync. Default `a program`. */
  readonly programName?: string | undefined
  /** Where rates begin to worry, for reports that do not say. What is left out keeps its default. */
  readonly thresholds?: GivenThresholds | undefined
  /** Milliseconds since 1970. Default the system's clock. */
  readonly now?: (() => number) | undefined
  /** Default: warnings and errors to the console. */
  readonly logger?: Logger | undefined
}

/** What can be asked of one kind of thing: a list with filters, and one page about a single one. */
export interface EntityQueries<Item, Options, Summary> {
  /**
   * @throws TidemarkError `argument_invalid` naming every bad option, `cursor_invalid`
   */
  list(options?: Options): Promise<ListResult<Item>>
  /**
   * @throws TidemarkError `not_found`
   */
  summary(id: number): Promise<Summary>
}

/** What a read may spend on being fresh. */
export interface RefreshRequest {
  /** How old the tests behind the answer, and their bugs, may be. Default `refreshSeconds` of the Tidemark. */
  readonly maxAgeSeconds?: number | undefined
  /** How long the answer may wait for it, in milliseconds. Default 2000. */
  readonly budgetMs?: number | undefined
}

/** Queries that may ask for a refresh of exactly the rows they give: what cannot be had in time is given as it is, with its age. */
export interface RefreshableQueries<Item, Options, Summary> extends EntityQueries<Item, Options, Summary> {
  list(options?: Options & { readonly refresh?: RefreshRequest | undefined }): Promise<ListResult<Item>>
  summary(id: number, options?: { readonly refresh?: RefreshRequest | undefined }): Promise<Summary>
}

/** One thing that `diagnostics()` looked at. */
export interface DiagnosticCheck {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  /** What to do when it is not ok; null when it is. */
  readonly fix: string | null
}

/** The state of a Tidemark at a moment: what is stored, how the syncs went, and whether the API answers. */
export interface Diagnostics {
  readonly version: string
  readonly database: {
    /** Engine name, for people. */
    readonly engine: string
    readonly revision: string | null
    readonly atHead: boolean
    readonly sizeBytes: number | null
    readonly counts: { readonly products: number; readonly tests: number; readonly bugs: number; readonly features: number; readonly users: number }
  }
  /** Null reachable: not configured, or not asked. */
  readonly api: { readonly reachable: boolean | null; readonly latencyMs: number | null; readonly error: string | null }
  readonly sync: {
    readonly lastSuccessAt: string | null
    readonly lastRun: { readonly id: number; readonly outcome: string | null; readonly startedAt: string; readonly finishedAt: string | null } | null
    /** Share of successful runs among those finished in the last 24 hours; null when there was none. */
    readonly successRate24h: number | null
    /** Whether requests go out at all, or wait for an API that is down; null without a token. */
    readonly breaker: BreakerStatus | null
  }
  readonly checks: readonly DiagnosticCheck[]
}

/** What `schedule` takes. */
export interface ScheduleOptions {
  /** How old a product may get. */
  readonly intervalSeconds: number
  /** Only these products. Default all. */
  readonly products?: readonly number[] | undefined
  /** A time phrase, reckoned anew for each run; tests that ended before are left alone. */
  readonly since?: string | undefined
  /** Ends it at once, a sync that is going on included. */
  readonly signal: AbortSignal
  /** Told of every sync that was run. */
  readonly onRun?: ((result: SyncResult) => void) | undefined
  /** Told when a sync could not begin or be recorded; it is tried again. */
  readonly onError?: ((error: TidemarkError) => void) | undefined
}

/** An open copy of one customer account: questions about it, and the syncs that keep it fresh. */
export interface Tidemark extends AsyncDisposable {
  readonly customerId: number
  readonly storage: Storage
  readonly products: EntityQueries<ProductItem, ProductListOptions, ProductSummary>
  readonly tests: RefreshableQueries<TestItem, TestListOptions, TestSummary>
  readonly bugs: RefreshableQueries<BugItem, BugListOptions, BugSummary>
  readonly features: EntityQueries<FeatureItem, FeatureListOptions, FeatureSummary>
  readonly users: EntityQueries<UserItem, UserListOptions, UserSummary>
  readonly analytics: Analytics
  readonly reports: Reports
  /**
   * Products, features, tests and bugs that have all words of a text, best first: words, `"a phrase"`, `pre*`; what is
   * hyphenated is a phrase. Any text will do; one without a word finds nothing.
   *
   * @throws TidemarkError `argument_invalid` and `cursor_invalid`, about the options
   */
  search(text: string, options?: SearchOptions): Promise<ListResult<SearchItem>>
  /** Makes the index of the search anew from what is stored. Only needed when other programs wrote into the database. */
  rebuildSearchIndex(): Promise<{ readonly documents: number }>
  /**
   * Brings the copy up to date. Resolves with what happened also when parts failed; look at `outcome`.
   *
   * @throws TidemarkError `api_not_configured`, `argument_invalid`; `sync_running` (details tell who, since when and how far);
   * `shadow_missing` for a rebuild on a storage without room for a second copy
   */
  sync(options?: SyncOptions): Promise<SyncResult>
  /**
   * What is going on, the last runs (or one of them, with its steps), and how far each stream can be trusted.
   *
   * @throws TidemarkError `not_found`
   */
  syncStatus(runId?: number): Promise<SyncStatus>
  /**
   * Syncs by itself what has become too old, until the signal is aborted. Programs that share a database share the work, too.
   *
   * @throws TidemarkError `api_not_configured`, `argument_invalid`
   */
  schedule(options: ScheduleOptions): Promise<void>
  /** Records that the API does not give, or in a form that cannot be read. */
  readonly quarantine: Quarantine
  /** Never throws for a broken part: that is what its checks are for. `probeApi` (default true) makes one request. */
  diagnostics(options?: { readonly probeApi?: boolean | undefined; readonly signal?: AbortSignal | undefined }): Promise<Diagnostics>
  /** Closes the storage. Safe to call twice. */
  close(): Promise<void>
}
