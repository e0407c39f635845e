/** The catalogue of features of a product: read as a whole, so that what is missing from it is gone. */
import { sectionIdsToWalk } from '../testio/sections.ts'
import type { WireProduct } from '../testio/wire/product.ts'
import { updateQuarantine } from './quarantine.ts'
import { writeRecords } from './record-writer.ts'
import { featureRecord, featureWriter } from './rows/feature-rows.ts'
import type { StepReport, SyncRun } from './run.ts'
import { readInFull, type Reading } from './stream-state.ts'
import { buryFeatures } from './tombstones.ts'
import { malformedRecords, mayHaveLost } from './unreadable-records.ts'

export async function readFeatures({ client, context, options, write }: SyncRun, product: WireProduct, report: StepReport): Promise<Reading> {
  const list = await client.features(product.id, { sectionIds: sectionIdsToWalk(product), ...report.reading })
  const unreadable = malformedRecords(list.malformed)
  const records = list.records.map((feature) => featureRecord(context.customerId, product.id, feature))
  const counts = await write(async (target) => {
    const written = await writeRecords(target, featureWriter, records, options.dryRun)
    const stored = await target.db
      .selectFrom('features')
      .select('id')
      .where('customer_id', '=', target.customerId)
      .where('product_id', '=', product.id)
      .where('deleted_at', 'is', null)
      .execute()
    const missing = mayHaveLost(list, stored.map((row) => row.id))
    if (options.dryRun) return { ...written.counts, deleted: missing.length }
    const deleted = missing.length === 0 ? 0 : await buryFeatures(target, missing)
    if (written.counts.new + written.counts.changed + deleted > 0) target.recount(product.id)
    await updateQuarantine(target, product.id, 'features', unreadable, () => true)
    return { ...written.counts, deleted }
  })
  report.unreadable(unreadable)
  report.wrote(counts)
  return readInFull
}
