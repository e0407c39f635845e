/** Composes the parts of the library over a storage: migrations first, then queries, sync and diagnostics. */
import * as v from 'valibot'
import { revisions } from '../migrations/index.ts'
import { createAnalytics } from './analytics/query.ts'
import { diagnose } from './diagnostics.ts'
import { TidemarkError } from './errors.ts'
import { ensureSchema } from './migrate/ensure-schema.ts'
import { Migrator } from './migrate/migrator.ts'
import type { TidemarkDatabase } from './model/schema.ts'
import { resolveThresholds } from './reports/health.ts'
import type { Thresholds } from './reports/quality-report.ts'
import { createReports } from './reports/reports.ts'
import { thresholdsInput } from './reports/threshold-input.ts'
import { listBugs, summarizeBug } from './repositories/bugs.ts'
import type { QueryContext } from './repositories/context.ts'
import { listFeatures, summarizeFeature } from './repositories/features.ts'
import { fromOneState } from './repositories/one-state.ts'
import { option, parseOptions } from './repositories/options.ts'
import { listProducts, summarizeProduct } from './repositories/products.ts'
import { listTests, summarizeTest } from './repositories/tests.ts'
import { listUsers, summarizeUser } from './repositories/users.ts'
import { fillIndex } from './search/fill-index.ts'
import { search } from './search/search.ts'
import { kyselyFor } from './storage/kysely.ts'
import type { Storage } from './storage/storage.ts'
import { createQuarantine } from './sync/quarantine-access.ts'
import { readSyncStatus } from './sync/status.ts'
import { refreshable } from './sync/refresh-on-read.ts'
import { createRefresher } from './sync/refresh.ts'
import { runScheduler } from './sync/scheduler.ts'
import { runSync, type SyncEnvironment } from './sync/sync.ts'
import { syncModes, type ResolvedSyncOptions, type SyncOptions, type SyncResult } from './sync/types.ts'
import { createTestioClient, type TestioClient } from './testio/client.ts'
import type { EntityQueries, Logger, OpenTidemarkOptions, ScheduleOptions, Tidemark } from './tidemark.ts'
import { parseTimePoint } from './time/phrase.ts'
import { isTimeZone } from './time/time-zone.ts'

const OpenSchema = v.object({
  customerId: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  migrations: v.optional(v.picklist(['apply', 'verify', 'skip']), 'apply'),
  refreshSeconds: v.optional(v.pipe(v.number(), v.minValue(1)), 3600),
  timeZone: v.optional(v.pipe(v.string(), v.check(isTimeZone, 'an IANA time zone')), 'UTC'),
  programName: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(100)), 'a program'),
  thresholds: v.optional(thresholdsInput),
})

const SyncSchema = v.strictObject({
  mode: v.optional(v.picklist(syncModes), 'hybrid'),
  products: option.ids,
  since: option.text,
  dryRun: v.optional(v.boolean(), false),
  signal: v.optional(v.instance(AbortSignal)),
  onStart: v.optional(v.custom<NonNullable<SyncOptions['onStart']>>(isFunction, 'a function')),
  onProgress: v.optional(v.custom<NonNullable<SyncOptions['onProgress']>>(isFunction, 'a function')),
})

const ScheduleSchema = v.strictObject({
  intervalSeconds: v.pipe(v.number(), v.minValue(1)),
  products: option.ids,
  since: option.text,
  signal: v.instance(AbortSignal),
  onRun: v.optional(v.custom<NonNullable<ScheduleOptions['onRun']>>(isFunction, 'a function')),
  onError: v.optional(v.custom<NonNullable<ScheduleOptions['onError']>>(isFunction, 'a function')),
})

/**
 * Opens the local copy of one customer account. The storage is closed again when opening fails.
 *
 * @throws TidemarkError `argument_invalid`; of the migrations `revision_failed`, `database_behind`, `database_unknown_revision`,
 * `migration_locked`; of the API options `configuration_invalid`
 *
 * @example
 * const tidemark = await openTidemark({ storage: await sqljs({ file: './tidemark.db' }), customerId: 1, testio: { token } })
 */
export async function openTidemark(options: OpenTidemarkOptions): Promise<Tidemark> {
  const { storage } = options
  try {
    const { customerId, migrations, refreshSeconds, timeZone, programName, thresholds: given } = parseOptions('open Tidemark', OpenSchema, options)
    const thresholds = resolveThresholds(given)
    const logger = options.logger ?? consoleLogger
    const client = options.testio === undefined ? undefined : createTestioClient(options.testio)
    await ensureSchema({ storage, revisions, mode: migrations, logger })
    const context: QueryContext = {
      storage,
      db: kyselyFor<TidemarkDatabase>(storage, storage.dialect),
      customerId,
      now: options.now ?? Date.now,
      timeZone,
      refreshSeconds,
    }
    return compose(context, client, { logger, programName, thresholds })
  } catch (error) {
    await storage.close()
    throw error
  }
}

interface Composed {
  readonly logger: Logger
  readonly programName: string
  readonly thresholds: Thresholds
}

function compose(context: QueryContext, client: TestioClient | undefined, { logger, programName, thresholds }: Composed): Tidemark {
  const { storage, customerId } = context
  const migrator = new Migrator({ storage, revisions, logger })
  const environment = (): SyncEnvironment => {
    if (client === undefined) throw notConfigured()
    return { context, client, holder: programName, openFreshCopy: freshCopyOf(storage) }
  }
  const sync = async (options: ResolvedSyncOptions): Promise<SyncResult> => runSync(environment(), options)
  const refresher = client && createRefresher(context, client)
  const close = (): Promise<void> => storage.close()

  return {
    customerId,
    storage,
    products: queries(context, listProducts, summarizeProduct),
    tests: refreshable(context, refresher, queries(context, listTests, summarizeTest), (test) => test.id),
    bugs: refreshable(context, refresher, queries(context, listBugs, summarizeBug), (bug) => bug.testId),
    features: queries(context, listFeatures, summarizeFeature),
    users: queries(context, listUsers, summarizeUser),
    analytics: createAnalytics(context),
    reports: createReports(context, thresholds),
    search: (text, options) => fromOneState(context, (view) => search(view, text, options)),
    rebuildSearchIndex: async () => ({
      documents: await storage.transaction((tx) => fillIndex(kyselyFor<TidemarkDatabase>(tx, storage.dialect), storage.dialect, customerId)),
    }),

    sync: async (input = {}) => sync(resolveSyncOptions(context, input)),
    syncStatus: async (runId) => readSyncStatus(context, runId === undefined ? undefined : parseOptions('tell the status of a sync', option.id, runId)),
    async schedule(input) {
      const { since, ...options } = parseOptions('sync by itself', ScheduleSchema, input)
      const at = (): string => parseTimePoint('since', since ?? '', { now: context.now(), timeZone: context.timeZone })
      if (since !== undefined) at()
      await runScheduler(environment(), { ...options, since: since === undefined ? undefined : at })
    },
    quarantine: createQuarantine(context, programName, sync),

    diagnostics({ probeApi = true, signal } = {}) {
      return diagnose({
        context,
        revision: () => migrator.status(),
        probeApi: probeApi && client !== undefined ? () => client.probe({ signal }) : undefined,
        breaker: client && (() => client.breaker),
      })
    },

    close,
    [Symbol.asyncDispose]: close,
  }
}

function queries<Item, Options, Summary>(
  context: QueryContext,
  list: (context: QueryContext, options?: Options) => ReturnType<EntityQueries<Item, Options, Summary>['list']>,
  summarize: (context: QueryContext, id: number) => Promise<Summary>,
): EntityQueries<Item, Options, Summary> {
  return {
    list: (options) => fromOneState(context, (view) => list(view, options)),
    summary: async (id) => {
      const known = parseOptions('summarize', option.id, id)
      return fromOneState(context, (view) => summarize(view, known))
    },
  }
}

/** Gives a database with all tables and no rows; undefined where the storage has none. */
function freshCopyOf({ openShadow }: Storage): (() => Promise<Storage>) | undefined {
  return openShadow && (async () => {
    const fresh = await openShadow()
    try {
      await new Migrator({ storage: fresh, revisions, lock: false }).upgrade()
      return fresh
    } catch (error) {
      await fresh.close()
      throw error
    }
  })
}

function resolveSyncOptions(context: QueryContext, input: SyncOptions): ResolvedSyncOptions {
  const { since, ...options } = parseOptions('sync', SyncSchema, input)
  const { mode, products, dryRun } = options
  if (mode === 'rebuild' && (products !== undefined || since !== undefined || dryRun)) throw notWithRebuild()
  return { ...options, retryQuarantine: false, since: since === undefined ? null : parseTimePoint('since', since, { now: context.now(), timeZone: context.timeZone }) }
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function notConfigured(): TidemarkError {
  return new TidemarkError('api_not_configured', 'Cannot sync', {
    why: 'No TestIO token was given, so only the local copy can be read.',
    next: 'Give a token (option "testio", or TESTIO_API_TOKEN on the command line).',
  })
}

function notWithRebuild(): TidemarkError {
  return new TidemarkError('argument_invalid', 'Cannot sync', {
    why: 'A rebuild replaces the whole copy, so it cannot be of some products, have a start, or be a dry run.',
    next: 'Leave the other options out, or use mode "force".',
    details: { arguments: ['mode'] },
  })
}

const consoleLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
}
