/** Tests with their required platforms and snapshots of features as rows. */
import { sql } from 'kysely'
import type { InsertOf } from '../../model/schema.ts'
import { searchText } from '../../model/search-text.ts'
import { idList } from '../../storage/id-list.ts'
import type { WireTest } from '../../testio/wire/test.ts'
import { bulkWrite } from '../bulk-write.ts'
import type { EntityWriter, SyncRecord } from '../record-writer.ts'
import { withoutResults } from '../without-results.ts'
import type { WriteTarget } from '../write-target.ts'

/** Of `tests`, without what only the reading of bugs knows. */
type TestRow = Omit<InsertOf<'tests'>, 'bugs_read_at' | 'bugs_read_status' | 'refreshed_at' | 'deleted_at'>

export interface TestRows {
  readonly test: TestRow
  readonly platforms: readonly InsertOf<'test_platforms'>[]
  readonly features: readonly InsertOf<'test_features'>[]
}

/** @param product the product that was asked for: the API does not always repeat it */
export function testRecord(
  customerId: number,
  product: { readonly id: number; readonly defaultSectionId: number | null },
  wire: WireTest,
): SyncRecord<TestRows> {
  const title = wire.title ?? ''
  const sectionId = wire.section?.id ?? null
  const snapshots = new Map(wire.features.map((feature) => [feature.id, feature]))
  return {
    id: wire.id,
    payload: wire.payload,
    compared: withoutResults(wire.payload),
    rows: {
      test: {
        customer_id: customerId,
        id: wire.id,
        product_id: product.id,
        section_id: sectionId === product.defaultSectionId ? null : sectionId,
        title,
        status: wire.status ?? 'unknown',
        testing_type: wire.testingType,
        review_status: wire.reviewStatus,
        start_at: wire.startAt,
        end_at: wire.endAt,
        created_by: wire.createdBy,
        submitted_by: wire.submittedBy,
        environment_id: wire.environment?.id ?? null,
        environment_title: wire.environment?.title ?? null,
        report_language: wire.reportLanguage,
        is_demo: wire.demo,
        enable_low: wire.enableLow,
        enable_high: wire.enableHigh,
        enable_critical: wire.enableCritical,
        allowed_bug_types: wire.allowedBugTypes,
        search_text: searchText(title),
        goal: wire.goal,
        out_of_scope: wire.outOfScope,
        instructions: wire.instructions,
      },
      platforms: wire.requirements.map((requirement, position) => ({
        customer_id: customerId,
        test_id: wire.id,
        position,
        category: requirement.category,
        operating_system: requirement.operatingSystem,
        min_version: requirement.minVersion,
        max_version: requirement.maxVersion,
        browsers: requirement.browsers,
      })),
      features: [...snapshots.values()].map((feature) => ({
        customer_id: customerId,
        id: feature.id,
        test_id: wire.id,
        feature_id: feature.featureId,
        title: feature.title ?? '',
      })),
    },
  }
}

export const testWriter: EntityWriter<TestRows> = {
  entity: 'test',
  async write(target, records, changedIds) {
    const { tx, db, customerId } = target
    if (changedIds.length > 0) await takeBugsAlong(target, records, changedIds)
    await bulkWrite(tx, 'tests', records.map(({ rows }) => ({ ...rows.test, deleted_at: null })), { keys: ['customer_id', 'id'], onConflict: 'update' })
    if (changedIds.length > 0) {
      const changed = idList(tx.dialect, changedIds)
      await sql`delete from test_platforms where customer_id = ${customerId} and test_id in ${changed}`.execute(db)
      // Snapshots that a test no longer has: bugs let go of them first.
      const kept = idList(tx.dialect, records.flatMap(({ rows }) => rows.features.map((feature) => feature.id)))
      const gone = sql`(select id from test_features where customer_id = ${customerId} and test_id in ${changed} and id not in ${kept})`
      await sql`update bugs set test_feature_id = null where customer_id = ${customerId} and test_feature_id in ${gone}`.execute(db)
      await sql`delete from test_features where customer_id = ${customerId} and id in ${gone}`.execute(db)
    }
    await bulkWrite(tx, 'test_platforms', records.flatMap(({ rows }) => rows.platforms), { keys: ['customer_id', 'test_id', 'position'], onConflict: 'update' })
    await bulkWrite(tx, 'test_features', records.flatMap(({ rows }) => rows.features), { keys: ['customer_id', 'id'], onConflict: 'update' })
  },
  document: ({ test }) => ({
    id: test.id,
    productId: test.product_id,
    date: test.end_at ?? null,
    title: test.title,
    texts: [test.goal ?? null, test.instructions ?? null, test.out_of_scope ?? null],
  }),
}

/** A test may be of another product now. Its bugs are of the same, and what the former one has is counted again. */
async function takeBugsAlong({ tx, db, customerId, recount }: WriteTarget, records: readonly SyncRecord<TestRows>[], changedIds: readonly number[]): Promise<void> {
  const { rows: stored } = await sql<{ readonly id: number; readonly product_id: number }>`
    select id, product_id from tests where customer_id = ${customerId} and id in ${idList(tx.dialect, changedIds)}`.execute(db)
  const before = new Map(stored.map((row) => [row.id, row.product_id]))
  for (const { id, rows: { test: { product_id: productId } } } of records) {
    const former = before.get(id) ?? productId
    if (former === productId) continue
    const bugs = sql`(select id from bugs where customer_id = ${customerId} and test_id = ${id})`
    await sql`update search_documents set product_id = ${productId} where customer_id = ${customerId} and entity = 'bug' and id in ${bugs}`.execute(db)
    await sql`update bugs set product_id = ${productId} where customer_id = ${customerId} and test_id = ${id}`.execute(db)
    recount(former)
  }
}
