/** Bugs: the list and the one-page summary. */
import { sql } from 'kysely'
import * as v from 'valibot'
import { bugOutcomes } from '../model/bug-outcome.ts'
import { bugSeverities, severityRank } from '../model/bug-severity.ts'
import { hasAnyText } from '../storage/json-texts.ts'
import { rarely } from '../storage/rarely.ts'
import { parseTimeRange } from '../time/phrase.ts'
import type { QueryContext } from './context.ts'
import { readFreshness, withRefresh, type FreshnessScope } from './freshness.ts'
import type { BugItem, BugListOptions, BugOutcome, BugSeverity, BugSort, BugSummary } from './items.ts'
import { keptTotal } from './kept-total.ts'
import type { ListResult } from './list.ts'
import { goneUpstream, notFound } from './not-found.ts'
import { option, pagingEntries, parseOptions } from './options.ts'
import { readPage, type SortColumn } from './page.ts'

export interface BugRow {
  readonly id: number
  readonly test_id: number
  readonly product_id: number
  readonly feature_id: number | null
  readonly title: string
  readonly kind: string
  readonly severity: BugSeverity | null
  readonly outcome: BugOutcome
  readonly rejection_reason: string | null
  readonly known: boolean
  readonly tester: string | null
  readonly reported_at: string | null
  readonly deleted_at: string | null
}

/** The columns of a list item, of the bugs called `b`. The feature is no join, so that counting the rows does not look it up. */
export const bugColumns = sql`b.id, b.test_id, b.product_id,
  (select f.feature_id from test_features as f where f.customer_id = b.customer_id and f.id = b.test_feature_id) as feature_id, b.title, b.kind, b.severity, b.outcome, b.rejection_reason, b.known,
  b.tester, b.reported_at, b.deleted_at`

const sorts: Readonly<Record<BugSort, SortColumn>> = {
  reported_at: { column: 'reported_at', direction: 'desc' },
  severity: { column: 'severity_rank', direction: 'desc' },
  title: { column: 'title', direction: 'asc', text: true },
  id: { column: 'id', direction: 'asc' },
}

const ListSchema = v.strictObject({
  ...pagingEntries(sorts),
  testIds: option.ids,
  productIds: option.ids,
  featureIds: option.ids,
  outcomes: v.optional(v.pipe(v.array(v.picklist(bugOutcomes)), v.minLength(1))),
  severities: v.optional(v.pipe(v.array(v.picklist(bugSeverities)), v.minLength(1))),
  kinds: option.texts,
  rejectionReasons: option.texts,
  testers: option.texts,
  known: option.flag,
  platforms: option.texts,
  from: option.text,
  to: option.text,
})

export async function listBugs(context: QueryContext, input: BugListOptions = {}): Promise<ListResult<BugItem>> {
  const options = parseOptions('list bugs', ListSchema, input)
  const { testIds, productIds, featureIds, outcomes, severities, kinds, rejectionReasons, testers, known, platforms } = options
  const range = parseTimeRange({ from: options.from, to: options.to }, { now: context.now(), timeZone: context.timeZone })
  const among = (column: string, values: readonly (string | number)[] | undefined) =>
    values === undefined ? [] : [sql`${sql.ref(column)} in (${sql.join(values)})`]
  const narrowing = [
    // Else the newest bugs of a test would be looked for among those of the whole account.
    ...among('b.test_id', testIds).map((condition) => rarely(context.storage.dialect, condition)),
    ...(featureIds === undefined
      ? []
      : [rarely(context.storage.dialect, sql`b.test_feature_id in (select f.id from test_features as f where f.customer_id = ${context.customerId} and f.feature_id in (${sql.join(featureIds)}))`)]),
    ...among('b.outcome', outcomes),
    // The rank says the same, and stands in an index.
    ...among('b.severity_rank', severities?.map(severityRank)),
    ...among('b.kind', kinds),
    ...among('b.rejection_reason', rejectionReasons),
    ...among('b.tester', testers),
    ...(known === undefined ? [] : [sql`b.known = ${known}`]),
    ...(platforms === undefined
      ? []
      : [hasAnyText(context.storage.dialect, sql`b.operating_systems`, sql`(${sql.join(platforms)})`)]),
    ...(range.from === null ? [] : [sql`b.reported_at >= ${range.from}`]),
    ...(range.to === null ? [] : [sql`b.reported_at < ${range.to}`]),
  ]
  const conditions = [
    sql`b.customer_id = ${context.customerId}`,
    ...(options.includeDeleted ? [] : [sql`b.deleted_at is null`]),
    ...among('b.product_id', productIds),
    ...narrowing,
  ]
  return readPage<BugRow, BugItem, BugSort, typeof options>(
    context,
    {
      entity: 'bugs',
      rows: sql`(
        select ${bugColumns}, b.severity_rank
        from bugs as b
        where ${sql.join(conditions, sql` and `)})`,
      total: narrowing.length === 0 && !options.includeDeleted ? keptTotal(context, 'bug_count', productIds) : undefined,
      sorts,
      freshness: { streams: ['tests', 'bugs'], products: productScope(context, productIds, testIds) },
      filters: { testIds, productIds, featureIds, outcomes, severities, kinds, rejectionReasons, testers, known, platforms, from: range.from, to: range.to },
      asked: { tests: testIds, products: productIds, features: featureIds },
      toItem: toBugItem,
    },
    options,
  )
}

/** @throws TidemarkError `not_found` */
export async function summarizeBug(context: QueryContext, id: number): Promise<BugSummary> {
  const { customerId, db } = context
  const { rows } = await sql<BugRow & {
    readonly status: string
    readonly language: string | null
    readonly location: string | null
    readonly steps: readonly string[]
    readonly expected_result: string | null
    readonly actual_result: string | null
    readonly external_id: string | null
    readonly exported_at: string | null
    readonly test_title: string
    readonly product_name: string
    readonly feature_title: string | null
    readonly reason_name: string | null
    readonly refreshed_at: string | null
  }>`
    select ${bugColumns}, b.status, b.language, b.location, b.steps, b.expected_result, b.actual_result, b.external_id, b.exported_at,
      t.title as test_title, t.refreshed_at, p.name as product_name, f.title as feature_title,
      r.name as reason_name
    from bugs as b
    join tests as t on t.customer_id = b.customer_id and t.id = b.test_id
    join products as p on p.customer_id = b.customer_id and p.id = b.product_id
    left join test_features as f on f.customer_id = b.customer_id and f.id = b.test_feature_id
    left join reject_reasons as r on r.customer_id = b.customer_id and r.key = b.rejection_reason
    where b.customer_id = ${customerId} and b.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw notFound('bug', id)
  if (row.deleted_at !== null) throw goneUpstream('bug', id, row.deleted_at)

  const devices = await db
    .selectFrom('bug_devices')
    .select(['category', 'vendor', 'model', 'operating_system', 'os_version', 'browsers'])
    .where('customer_id', '=', customerId)
    .where('bug_id', '=', id)
    .orderBy('position')
    .execute()
  const comments = await db
    .selectFrom('bug_comments')
    .select(['id', 'author', 'created_at', 'body'])
    .where('customer_id', '=', customerId)
    .where(rarely(context.storage.dialect, sql`bug_id = ${id}`))
    .orderBy('id')
    .execute()
  return {
    ...toBugItem(row),
    status: row.status,
    rejectionReasonName: row.reason_name,
    test: { id: row.test_id, title: row.test_title },
    product: { id: row.product_id, name: row.product_name },
    feature: row.feature_title === null ? null : { id: row.feature_id, title: row.feature_title },
    language: row.language,
    location: row.location,
    steps: row.steps,
    expectedResult: row.expected_result,
    actualResult: row.actual_result,
    externalId: row.external_id,
    exportedAt: row.exported_at,
    devices: devices.map(({ category, vendor, model, operating_system, os_version, browsers }) => ({
      category, vendor, model, operatingSystem: operating_system, osVersion: os_version, browsers,
    })),
    comments: comments.map(({ id: commentId, author, created_at, body }) => ({ id: commentId, author, createdAt: created_at, body })),
    freshness: withRefresh(context, await readFreshness(context, { streams: ['tests', 'bugs'], products: (product) => sql`${product} = ${row.product_id}` }), row.refreshed_at),
  }
}

export function toBugItem(row: BugRow): BugItem {
  return {
    id: row.id,
    testId: row.test_id,
    productId: row.product_id,
    featureId: row.feature_id,
    title: row.title,
    kind: row.kind,
    severity: row.severity,
    outcome: row.outcome,
    rejectionReason: row.rejection_reason,
    known: row.known,
    tester: row.tester,
    reportedAt: row.reported_at,
  }
}

/** The products whose streams the answer rests on. */
function productScope(context: QueryContext, productIds: readonly number[] | undefined, testIds: readonly number[] | undefined): FreshnessScope['products'] {
  if (productIds !== undefined) return (product) => sql`${product} in (${sql.join(productIds)})`
  if (testIds !== undefined) {
    return (product) => sql`${product} in (select product_id from tests where customer_id = ${context.customerId} and ${rarely(context.storage.dialect, sql`id in (${sql.join(testIds)})`)})`
  }
  return undefined
}
