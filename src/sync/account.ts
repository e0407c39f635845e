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
import { readInFull } from './stream-state.ts'
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
    const stored = await storedProducts(run)
    const missing = mayHaveLost(list, stored)
    // More likely the token of another account, whose data must not get into this copy; only a forced sync believes it.
    if (missing.length > 0 && missing.length === stored.length && run.options.mode !== 'force') throw anotherAccount(stored.length)
    await writeProducts(run, list.records, report)
    products.push(...list.records)
    isRead = true
    const unreadable = malformedRecords(list.malformed)
    report.unreadable(unreadable)
    if (!run.options.dryRun) await run.write((target) => updateQuarantine(target, null, 'products', unreadable, () => true))
    products.push(...(await stillThere(run, missing, report)))
    return readInFull
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

async function storedProducts({ context }: SyncRun): Promise<readonly number[]> {
  const rows = await context.db.selectFrom('products').select('id').where('customer_id', '=', context.customerId).where('deleted_at', 'is', null).execute()
  return rows.map((row) => row.id)
}

async function writeProducts(run: SyncRun, products: readonly WireProduct[], report: StepReport): Promise<void> {
  const records = products.map((product) => productRecord(run.context.customerId, product))
  report.wrote((await run.write((target) => writeRecords(target, productWriter, records, run.options.dryRun))).counts)
}

/** Asks for each product that the list does not have any more: what is gone is buried, what is there all the same is given back. */
async function stillThere(run: SyncRun, missing: readonly number[], report: StepReport): Promise<readonly WireProduct[]> {
  if (missing.length === 0) return []
  const { found, gone, unreadable } = await readSingly(missing, (id) => run.client.product(id, report.reading))
  for (const { error } of unreadable) report.failed(error)
  const products = found.map(({ record }) => record)
  if (products.length > 0) await writeProducts(run, products, report)
  if (gone.length > 0) report.removed(run.options.dryRun ? gone.length : await run.write((target) => buryProducts(target, gone)))
  return products
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
