/**
 * Brings the local copy up to date. What is read is written soon, many records in a transaction; a stream is called read
 * only when all of it was read, and what was missing is called gone only when the API says so; one product that fails never
 * stops another. One sync at a time writes a customer's copy: the one that has the lease.
 */
import pLimit from 'p-limit'
import { isTidemarkError, TidemarkError } from '../errors.ts'
import type { QueryContext } from '../repositories/context.ts'
import { compareByCodePoint } from '../storage/collation.ts'
import type { TestioClient } from '../testio/client.ts'
import type { WireProduct } from '../testio/wire/product.ts'
import { readAccount, type Account } from './account.ts'
import { expectAsBefore } from './expected-work.ts'
import { createGroupWriter, type GroupWriter } from './group-writer.ts'
import { startHeartbeat } from './heartbeat.ts'
import { heartbeatMs, type Lease } from './lease.ts'
import { openLedger, type Ledger } from './ledger.ts'
import { syncProduct } from './product-sync.ts'
import { ProgressMeter } from './progress.ts'
import { readQuarantine } from './quarantine.ts'
import { rebuildCopy, type OpenFreshCopy } from './rebuild.ts'
import { createSyncRun, type SyncRun } from './run.ts'
import { settleTables } from './settle-tables.ts'
import { readStreamStates, stateOf } from './stream-state.ts'
import type { ResolvedSyncOptions, SyncOutcome, SyncResult, SyncStep } from './types.ts'
import { underLease } from './under-lease.ts'

export interface SyncEnvironment {
  readonly context: QueryContext
  readonly client: TestioClient
  /** How this program is called where others see it. */
  readonly holder: string
  /** An empty copy beside the customer's own, for a rebuild; undefined where the storage has none to give. */
  readonly openFreshCopy: OpenFreshCopy | undefined
}

/** What a run of the engine works on. */
export interface EngineParts extends Pick<SyncRun, 'context' | 'ownCopy' | 'client'> {
  readonly options: ResolvedSyncOptions
  readonly writer: GroupWriter
  readonly ledger: Ledger | undefined
  readonly steps: SyncStep[]
  readonly stop: AbortController
  readonly progress: ProgressMeter
}

/** Products at once; the client bounds the requests, and the storage queues the writes. */
const productsAtOnce = 4

/**
 * Resolves with what happened, also when parts failed; rejects only where nothing could be done or recorded, and for
 * defects of ours.
 *
 * @throws TidemarkError `sync_running`; `shadow_missing` for a rebuild; of the storage
 */
export async function runSync(environment: SyncEnvironment, options: ResolvedSyncOptions): Promise<SyncResult> {
  const { context, holder } = environment
  return stoppedBy(options.signal, (stop) =>
    options.dryRun
      ? compareOnly(environment, options, stop)
      : underLease(context, holder, (writer, lease) => writeAndRecord(environment, options, { writer, lease, stop })))
}

/**
 * As `runSync`, of the products that are chosen under the lease, when nobody else can change what is due any more.
 *
 * @param choose gives undefined when there is nothing to do after all, and then nothing happens
 */
export async function runChosenSync(
  environment: SyncEnvironment, options: ResolvedSyncOptions, choose: () => Promise<Pick<ResolvedSyncOptions, 'products'> | undefined>,
): Promise<SyncResult | undefined> {
  const { context, holder } = environment
  return stoppedBy(options.signal, (stop) =>
    underLease(context, holder, async (writer, lease) => {
      const chosen = await choose()
      return chosen && writeAndRecord(environment, { ...options, ...chosen }, { writer, lease, stop })
    }))
}

async function stoppedBy<T>(signal: AbortSignal | undefined, work: (stop: AbortController) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const onAbort = (): void => stop.abort(signal?.reason)
  if (signal?.aborted === true) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await work(stop)
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

async function compareOnly({ context, client }: SyncEnvironment, options: ResolvedSyncOptions, stop: AbortController): Promise<SyncResult> {
  const startedAt = instantOf(context)
  const progress = new ProgressMeter(options.onProgress)
  const { storage, customerId, now } = context
  const writer = createGroupWriter({ storage, customerId, now })
  const run = await runEngine({ context, ownCopy: context, client, options, writer, ledger: undefined, steps: [], stop, progress })
  return resultOf({ run, progress, startedAt, finishedAt: instantOf(context), runId: null })
}

async function writeAndRecord(
  environment: SyncEnvironment, options: ResolvedSyncOptions, { writer, lease, stop }: { readonly writer: GroupWriter; readonly lease: Lease; readonly stop: AbortController },
): Promise<SyncResult> {
  const { context, client, holder, openFreshCopy } = environment
  const startedAt = instantOf(context)
  const progress = new ProgressMeter(options.onProgress)
  const steps: SyncStep[] = []
  const soFar = () => ({ ...progress.counts, ...progress.progress, requests: total(steps, 'requests'), quarantined: total(steps, 'quarantined') })
  const ledger = await openLedger(context, writer, lease, options, holder)
  const heartbeat = startHeartbeat(heartbeatMs, () => ledger.progress(soFar()))
  const close = async (outcome: SyncOutcome): Promise<void> => {
    await heartbeat.stop()
    await ledger.finish(soFar(), outcome, firstError(steps)?.code ?? null).catch(unlessLost)
  }
  try {
    options.onStart?.({ runId: ledger.runId, startedAt })
    const parts: EngineParts = { context, ownCopy: context, client, options, writer, ledger, steps, stop, progress }
    const run = options.mode === 'rebuild' ? await rebuildCopy(parts, openFreshCopy, runEngine) : await runEngine(parts)
    if (run.hasGrown && !run.stopped()) await settleTables(context)
    await close(outcomeOf(run))
    return resultOf({ run, progress, startedAt, finishedAt: instantOf(context), runId: ledger.runId })
  } catch (error) {
    // The first error is the one to tell.
    await close('failed').catch(() => undefined)
    throw error
  }
}

/** Reads the account and writes it: the same into the customer's copy and into a fresh one. */
export async function runEngine(parts: EngineParts): Promise<SyncRun> {
  const { context, options } = parts
  const run = createSyncRun({ ...parts, states: await readStreamStates(context), quarantine: await readQuarantine(context) })
  run.progress.expect('products', null, 1)
  run.progress.expect('reject_reasons', null, 1)
  const account = await readAccount(run)
  if (account === undefined || run.stopped()) return run

  const { products: wanted } = options
  const chosen = wanted === undefined ? account.products : account.products.filter((product) => wanted.includes(product.id))
  await expectAsBefore(run, chosen.map((product) => product.id))
  await syncProducts(run, account, oldestFirst(run, chosen))
  for (const id of unknownProducts(wanted, account.products)) await run.step('tests', id, () => Promise.reject(unknownProduct(id)))
  return run
}

/** A defect in one product ends the run, but not before the others have come to rest. */
async function syncProducts(run: SyncRun, account: Account, products: readonly WireProduct[]): Promise<void> {
  const limit = pLimit(productsAtOnce)
  const ends = await Promise.allSettled(products.map((product) => limit(async () => {
    if (run.stopped()) return
    try {
      await syncProduct(run, account, product)
    } catch (error) {
      run.halt()
      throw error
    }
  })))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

function oldestFirst({ states }: SyncRun, products: readonly WireProduct[]): readonly WireProduct[] {
  const age = (product: WireProduct): string =>
    (['tests', 'bugs'] as const).map((stream) => stateOf(states, product.id, stream)?.last_success_at ?? '').toSorted()[0] ?? ''
  const ages = new Map(products.map((product) => [product.id, age(product)]))
  return products.toSorted((a, b) => compareByCodePoint(ages.get(a.id) ?? '', ages.get(b.id) ?? ''))
}

function resultOf({ run, progress, runId, startedAt, finishedAt }: {
  readonly run: SyncRun
  readonly progress: ProgressMeter
  readonly runId: number | null
  readonly startedAt: string
  readonly finishedAt: string
}): SyncResult {
  return {
    runId,
    mode: run.options.mode,
    outcome: outcomeOf(run),
    startedAt,
    finishedAt,
    requests: total(run.steps, 'requests'),
    ...progress.counts,
    quarantined: total(run.steps, 'quarantined'),
    steps: run.steps,
  }
}

function outcomeOf(run: SyncRun): SyncOutcome {
  if (run.isLost) return 'interrupted'
  if (run.stopped()) return 'cancelled'
  if (run.steps.every((step) => step.outcome === 'success')) return 'success'
  const [products, ...others] = run.steps
  if (products?.outcome === 'failed' || others.every((step) => step.outcome === 'failed')) return 'failed'
  return 'partial'
}

function unknownProducts(wanted: readonly number[] | undefined, products: readonly WireProduct[]): readonly number[] {
  const known = new Set(products.map((product) => product.id))
  return [...new Set(wanted)].filter((id) => !known.has(id))
}

function unknownProduct(id: number): TidemarkError {
  return new TidemarkError('not_found', `Cannot sync product ${id}`, {
    why: 'The account has no product with this id, or the token may not see it.',
    next: 'Look up the id with list_products or "tidemark products".',
  })
}

function total(steps: readonly SyncStep[], field: 'requests' | 'quarantined'): number {
  return steps.reduce((sum, step) => sum + step[field], 0)
}

function firstError(steps: readonly SyncStep[]): SyncStep['error'] {
  return steps.find((step) => step.error !== null)?.error ?? null
}

/** Whoever took the run over has closed it. */
function unlessLost(error: unknown): void {
  if (!isTidemarkError(error, 'sync_running')) throw error
}

function instantOf(context: QueryContext): string {
  return new Date(context.now()).toISOString()
}
