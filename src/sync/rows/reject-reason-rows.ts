/** Reject reasons as rows. There are a handful, so they are compared column by column. */
import type { WireRejectReason } from '../../testio/wire/reject-reason.ts'
import { bulkWrite } from '../bulk-write.ts'
import type { WriteCounts } from '../record-writer.ts'
import type { WriteTarget } from '../write-target.ts'

/** @param isComplete these are all there are, so that others go */
export async function writeRejectReasons(
  target: WriteTarget, reasons: readonly WireRejectReason[], { isComplete, dryRun }: { readonly isComplete: boolean; readonly dryRun: boolean },
): Promise<WriteCounts> {
  const { db, tx, customerId } = target
  const stored = await db.selectFrom('reject_reasons').select(['key', 'name', 'default_comment']).where('customer_id', '=', customerId).execute()
  const storedByKey = new Map(stored.map((reason) => [reason.key, reason]))
  const rows = [...new Map(reasons.map((reason) => [reason.key, reason])).values()].map((reason) => ({
    customer_id: customerId,
    key: reason.key,
    name: reason.name ?? '',
    default_comment: reason.defaultComment ?? '',
  }))
  const fresh = rows.filter((row) => !storedByKey.has(row.key))
  const changed = rows.filter((row) => {
    const before = storedByKey.get(row.key)
    return before !== undefined && (before.name !== row.name || before.default_comment !== row.default_comment)
  })
  const gone = isComplete ? [...storedByKey.keys()].filter((key) => !rows.some((row) => row.key === key)) : []
  if (!dryRun) {
    await bulkWrite(tx, 'reject_reasons', [...fresh, ...changed], { keys: ['customer_id', 'key'], onConflict: 'update' })
    for (const key of gone) await db.deleteFrom('reject_reasons').where('customer_id', '=', customerId).where('key', '=', key).execute()
  }
  return { new: fresh.length, changed: changed.length, unchanged: rows.length - fresh.length - changed.length, deleted: gone.length }
}
