/**
 * Brings the local copy up to date. Every page is written in a transaction of its own; a stream is stamped as read only
 * when all of it was read, so a partial read is never called complete; one product that fails never stops another.
 */
import pLimit from 'p-limit'
import { TidemarkError } from '../errors.ts'
import type { QueryContext } from '../repositories/context.ts'
import type { TestioClient } from '../testio/client.ts'
import type { WireProduct } from '../testio/wire/product.ts'
import { readAccount, type Account } from './account.ts'
import { openLedger } from './ledger.ts'
import { syncProduct } from './product-sync.ts'
import { ProgressMeter } from './progress.ts'
import { createSyncRun, type SyncRun } from './run.ts'
import type { ResolvedSyncOptions, SyncOutcome, SyncResult, SyncStep } from './types.ts'

/** Products at once; the client bounds the requests, and the storage queues the writes. */
const productsAtOnce = 4

/** Resolves with what happened, also when parts failed; rejects only for defects of ours. */
export async function runSync(context: QueryContext, client: TestioClient, options: ResolvedSyncOptions): Promise<SyncResult> {
  const startedAt = instantOf(context)
  const requestsBefore = client.requestCount
  const ledger = options.dryRun ? undefined : await openLedger(context, options.mode, startedAt)
  const progress = new ProgressMeter(options.onProgress)
  const run = createSyncRun({ context, client, options, ledger, progress })

  let outcome: SyncOutcome = 'failed'
  try {
    const account = await readAccount(run)
    if (account !== undefined) await syncProducts(run, account)
    outcome = outcomeOf(run.steps, options.signal)
  } finally {
    await ledger?.finish({
      ...progress.counts,
      outcome,
      finishedAt: instantOf(context),
      requests: client.requestCount - requestsBefore,
      errorCode: firstError(run.steps)?.code ?? null,
    })
  }
  return {
    runId: ledger?.runId ?? null,
    mode: options.mode,
    outcome,
    startedAt,
    finishedAt: instantOf(context),
    requests: client.requestCount - requestsBefore,
    ...progress.counts,
    quarantined: run.steps.reduce((sum, step) => sum + step.quarantined, 0),
    steps: run.steps,
  }
}

async function syncProducts(run: SyncRun, account: Account): Promise<void> {
  const { products: wanted } = run.options
  const chosen = wanted === undefined ? account.products : account.products.filter((product) => wanted.includes(product.id))
  // Their features; pages of tests and batches of bugs are added as they are found.
  run.progress.expect(chosen.length)
  const limit = pLimit(productsAtOnce)
  await Promise.all([
    ...chosen.map((product) => limit(() => (run.cancelled() ? undefined : syncProduct(run, account, product)))),
    ...unknownProducts(wanted, account.products).map((id) => run.step('tests', id, () => Promise.reject(unknownProduct(id)))),
  ])
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

function outcomeOf(steps: readonly SyncStep[], signal: AbortSignal | undefined): SyncOutcome {
  if (signal?.aborted === true) return 'cancelled'
  if (steps.every((step) => step.outcome === 'success')) return 'success'
  const [products, ...others] = steps
  if (products?.outcome === 'failed' || others.every((step) => step.outcome === 'failed')) return 'failed'
  return 'partial'
}

function firstError(steps: readonly SyncStep[]): SyncStep['error'] {
  return steps.find((step) => step.error !== null)?.error ?? null
}

function instantOf(context: QueryContext): string {
  return new Date(context.now()).toISOString()
}
