/** What belongs to the account as a whole: its products with their sections, and its reject reasons. */
import { TidemarkError } from '../errors.ts'
import type { RejectReason } from '../model/rejection-reason.ts'
import type { QueryContext } from '../repositories/context.ts'
import type { WireList } from '../testio/envelope.ts'
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
    requireSameAccount(list, await storedProducts(run.ownCopy))
    const missing = mayHaveLost(list, await storedProducts(run.context))
    await writeProducts(run, list.records, report)
    // The API may repeat one; the later one wins.
    products.push(...new Map(list.records.map((product) => [product.id, product])).values())
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
  return { products, rejectReasons: rejectReasons ?? (await storedRejectReasons(run.context)) }
}

/**
 * The token of another account must neither bring its data into this copy nor have what is here called gone; nothing but
 * the products tells the accounts apart, so no mode believes a list that has none of them.
 */
function requireSameAccount({ records, malformed }: WireList<WireProduct>, stored: readonly number[]): void {
  const listed = new Set([...records, ...malformed].map(({ id }) => id))
  if (stored.length > 0 && !stored.some((id) => listed.has(id))) throw anotherAccount(stored.length)
}

async function storedProducts({ db, customerId }: QueryContext): Promise<readonly number[]> {
  const rows = await db.selectFrom('products').select('id').where('customer_id', '=', customerId).where('deleted_at', 'is', null).execute()
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
export async function storedRejectReasons(context: QueryContext): Promise<readonly RejectReason[] | undefined> {
  const stored = await context.db.selectFrom('reject_reasons').select(['key', 'default_comment']).where('customer_id', '=', context.customerId).orderBy('key').execute()
  return stored.length === 0 ? undefined : stored.map((reason) => ({ key: reason.key, defaultComment: reason.default_comment }))
}

function anotherAccount(count: number): TidemarkError {
  return new TidemarkError('configuration_invalid', 'Cannot sync this account into this copy', {
    why: `The API lists ${count === 1 ? 'not the one product that is' : `none of the ${count} products that are`} stored, as it does for the token of another account.`,
    next: 'Check the token, the customer and the database. If this account has really none of them any more, sync it into a new database.',
  })
}
