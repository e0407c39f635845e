/** What belongs to the account as a whole: its products with their sections, and its reject reasons. */
import type { WireProduct } from '../testio/wire/product.ts'
import type { RejectReason } from '../model/rejection-reason.ts'
import { writeRecords } from './record-writer.ts'
import { productRecord, productWriter } from './rows/product-rows.ts'
import { writeRejectReasons } from './rows/reject-reason-rows.ts'
import type { SyncRun } from './run.ts'

export interface Account {
  readonly products: readonly WireProduct[]
  /** Undefined when they were never read; bugs cannot be told apart then. */
  readonly rejectReasons: readonly RejectReason[] | undefined
}

/** Undefined when the products could not be read: then there is nothing to go on with. */
export async function readAccount(run: SyncRun): Promise<Account | undefined> {
  const { client, options, context } = run
  run.progress.expect(2)

  let products: readonly WireProduct[] | undefined
  await run.step('products', null, async (report) => {
    const list = await client.products({ signal: options.signal })
    report.malformed(list.malformed.length)
    const records = list.records.map((product) => productRecord(context.customerId, product))
    report.wrote(await run.write((target) => writeRecords(target, productWriter, records, options.dryRun)))
    products = list.records
  })
  if (products === undefined) return undefined

  let rejectReasons: readonly RejectReason[] = []
  const step = await run.step('reject_reasons', null, async (report) => {
    const list = await client.rejectReasons({ signal: options.signal })
    report.malformed(list.malformed.length)
    report.wrote(await run.write((target) => writeRejectReasons(target, list.records, options.dryRun)))
    rejectReasons = list.records.map((reason) => ({ key: reason.key, defaultComment: reason.defaultComment ?? '' }))
  })
  return { products, rejectReasons: step.outcome === 'success' ? rejectReasons : await storedRejectReasons(run) }
}

/** The reasons of an earlier sync; undefined when there are none, since every rejection would then be called "other". */
async function storedRejectReasons({ context }: SyncRun): Promise<readonly RejectReason[] | undefined> {
  const stored = await context.db.selectFrom('reject_reasons').select(['key', 'default_comment']).where('customer_id', '=', context.customerId).orderBy('key').execute()
  return stored.length === 0 ? undefined : stored.map((reason) => ({ key: reason.key, defaultComment: reason.default_comment }))
}
