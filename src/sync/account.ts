/** What belongs to the account as a whole: its products with their sections, and its reject reasons. */
import { TidemarkError } from '../errors.ts'
import type { RejectReason } from '../model/rejection-reason.ts'
import type { WireProduct } from '../testio/wire/product.ts'
import { readSingly } from './gone.ts'
import { updateQuarantine } from './quarantine.ts'
import { writeRecords } from './record-writer.ts'
import { productRecord, productWriter } from './rows/product-rows.ts'
import { writeRejectReasons } from './rows/reject-reason-rows.ts'
import type { StepReport, SyncRun } from './run.ts'
import { readInFull, type Reading } from './stream-state.ts'
import { buryProducts } from './tombstones.ts'
import { malformedRecords, mayHaveLost } from './unreadable-records.ts'

export interface Account {
  readonly products: readonly WireProduct[]
  /** Undefined when they were never read; bugs cannot be told apart then. */
  readonly rejectReasons: readonly RejectReason[] | undefined
}

/** Undefined when the products could not be read: then there is nothing to go on with. */
export async function readAccount(run: SyncRun): Promise<Account | undefined> {
  const products: WireProduct[] = []
  let isRead = false
  await run.step('products', null, async (report) => {
    const list = await run.client.products(report.reading)
    products.push(...list.records)
    const stored = await writeProducts(run, list.records, report)
    isRead = true
    const unreadable = malformedRecords(list.malformed)
    report.unreadable(unreadable)
    if (!run.options.dryRun) await run.write((target) => updateQuarantine(target, null, 'products', unreadable, () => true))
    return accountForMissing(run, mayHaveLost(list, stored), stored.length, products, report)
  })
  if (!isRead) return undefined

  let rejectReasons: readonly RejectReason[] | undefined
  await run.step('reject_reasons', null, async (report) => {
    const list = await run.client.rejectReasons(report.reading)
    const unreadable = malformedRecords(list.malformed)
    report.unreadable(unreadable)
    const { dryRun } = run.options
    report.wrote(await run.write(async (target) => {
      if (!dryRun) await updateQuarantine(target, null, 'reject_reasons', unreadable, () => true)
      return writeRejectReasons(target, list.records, { isComplete: unreadable.length === 0, dryRun })
    }))
    if (unreadable.length === 0) rejectReasons = list.records.map((reason) => ({ key: reason.key, defaultComment: reason.defaultComment ?? '' }))
    return readInFull
  })
  return { products, rejectReasons: rejectReasons ?? (await storedRejectReasons(run)) }
}

/** Gives the ids of the stored products that were not deleted before. */
async function writeProducts(run: SyncRun, products: readonly WireProduct[], report: StepReport): Promise<readonly number[]> {
  const records = products.map((product) => productRecord(run.context.customerId, product))
  const { counts, stored } = await run.write(async (target) => {
    const before = await target.db.selectFrom('products').select('id').where('customer_id', '=', target.customerId).where('deleted_at', 'is', null).execute()
    const written = await writeRecords(target, productWriter, records, run.options.dryRun)
    return { counts: written.counts, stored: before.map((row) => row.id) }
  })
  report.wrote(counts)
  return stored
}

/**
 * A list that lacks every product that is stored is more likely that of another account; only a forced sync believes it.
 * Products that are there all the same are added to `products`.
 */
async function accountForMissing(
  run: SyncRun, missing: readonly number[], storedCount: number, products: WireProduct[], report: StepReport,
): Promise<Reading> {
  if (missing.length === 0) return readInFull
  if (missing.length === storedCount && run.options.mode !== 'force') throw anotherAccount(storedCount)
  const { found, gone, unreadable } = await readSingly(missing, (id) => run.client.product(id, report.reading))
  for (const { error } of unreadable) report.failed(error)
  if (found.length > 0) {
    products.push(...found.map(({ record }) => record))
    await writeProducts(run, found.map(({ record }) => record), report)
  }
  if (gone.length > 0) report.removed(run.options.dryRun ? gone.length : await run.write((target) => buryProducts(target, gone)))
  return readInFull
}

/** The reasons of an earlier sync; undefined when there are none, since every rejection would then be called "other". */
async function storedRejectReasons({ context }: SyncRun): Promise<readonly RejectReason[] | undefined> {
  const stored = await context.db.selectFrom('reject_reasons').select(['key', 'default_comment']).where('customer_id', '=', context.customerId).orderBy('key').execute()
  return stored.length === 0 ? undefined : stored.map((reason) => ({ key: reason.key, defaultComment: reason.default_comment }))
}

function anotherAccount(count: number): TidemarkError {
  return new TidemarkError('api_malformed', 'Cannot read the products of this account', {
    why: `The API lists none of the ${count} products that are stored, as it would for the token of another account.`,
    next: 'Check token and customer. If all of them are really gone, sync with mode "force".',
  })
}
