/** Reads a report: everything from one state of the database, so that its blocks agree while a sync goes on. */
import { sql } from 'kysely'
import { dimensions } from '../analytics/dimensions.ts'
import type { SqlContext } from '../analytics/dimension.ts'
import { filterIdWarnings } from '../analytics/filter-ids.ts'
import { readFrame } from '../analytics/frame.ts'
import { metrics } from '../analytics/metrics.ts'
import { decodePageEnd, encodePageEnd } from '../analytics/place-cursor.ts'
import type { TidemarkDatabase } from '../model/schema.ts'
import type { QueryContext } from '../repositories/context.ts'
import { fingerprint } from '../repositories/cursor.ts'
import { idList } from '../storage/id-list.ts'
import { kyselyFor } from '../storage/kysely.ts'
import type { ScopeView } from './count-groups.ts'
import { readBlocks } from './overview.ts'
import { parseQualityInput, type QualityQuestion } from './parse-input.ts'
import type { QualityInput, QualityOverview, Thresholds } from './quality-report.ts'
import { testPages, type TestPage } from './test-pages.ts'

/** A report whose tests are read when they are asked for. */
export interface OpenReport {
  readonly overview: QualityOverview
  /** Once only. */
  readonly pages: AsyncIterable<TestPage>
  /** The cursor behind a page; null behind the last one. */
  cursorBehind(page: TestPage): string | null
}

/**
 * @param usual thresholds for what the input does not give
 * @param use called with the report; again from its start where another process changed the file meanwhile
 * @throws TidemarkError `argument_invalid`, `cursor_invalid`
 */
export async function readQuality<T>(context: QueryContext, usual: Thresholds, input: QualityInput, use: (report: OpenReport) => Promise<T>): Promise<T> {
  const { storage, customerId, timeZone } = context
  const now = context.now()
  const question = parseQualityInput(input, { now, timeZone, thresholds: usual })
  const { filters, range, thresholds, productIds, testIds, statuses } = question
  const print = fingerprint([customerId, 'quality', timeZone, question.asked])
  const after = question.cursor === undefined ? undefined : decodePageEnd(print, question.cursor)

  return storage.snapshot(async (snapshot) => {
    const db = kyselyFor<TidemarkDatabase>(snapshot, storage.dialect)
    const looksAt = {
      metrics: metrics.filter(({ key }) => key === 'test_count' || key === 'bug_count'),
      dimensions: dimensions.filter(({ key }) => key === 'month' || key === 'feature'),
    }
    const { freshness, offsets } = await readFrame(context, db, { ...looksAt, filters, timeZone, range }, range.from)
    const view: ScopeView = { db, context: { dialect: storage.dialect, customerId, offsets }, range, filters }
    const blocks = await readBlocks(view, question)
    const overview: QualityOverview = {
      scope: { statuses, range: { ...range, field: 'end_at', timeZone }, productIds, testIds },
      generatedAt: new Date(now).toISOString(),
      thresholds,
      ...blocks,
      warnings: [
        ...(await filterIdWarnings(db, view.context, filters)),
        ...(await foreignTestWarnings(view, question)),
        ...(blocks.summary.tests === 0 ? ['No test is in scope: look at the products, the range and the statuses.'] : []),
      ],
      freshness,
    }
    return use({
      overview,
      pages: testPages(view, after, question.limit),
      cursorBehind: ({ next }) => (next === null ? null : encodePageEnd(print, next)),
    })
  })
}

/** One for each named test that belongs to a product which was not named. */
async function foreignTestWarnings({ db, context }: { readonly db: ScopeView['db']; readonly context: SqlContext }, { testIds, productIds }: QualityQuestion): Promise<readonly string[]> {
  if (testIds === null) return []
  const { dialect, customerId } = context
  const { rows } = await sql<{ readonly id: number; readonly product_id: number }>`
    select id, product_id from tests where customer_id = ${customerId} and deleted_at is null
      and id in ${idList(dialect, testIds)} and product_id not in ${idList(dialect, productIds)} order by id`.execute(db)
  return rows.map(({ id, product_id }) => `Test ${id} belongs to product ${product_id}, which was not asked for, and is left out.`)
}
