/** Tests: the list, with bug counts on request, and the one-page summary. */
import { sql, type RawBuilder } from 'kysely'
import * as v from 'valibot'
import { requirementText } from '../model/requirement-text.ts'
import { containsPattern } from '../model/search-text.ts'
import { rarely } from '../storage/rarely.ts'
import { parseTimeRange } from '../time/phrase.ts'
import { bugFigures } from './bug-figures.ts'
import type { QueryContext } from './context.ts'
import { readFreshness, withRefresh } from './freshness.ts'
import type { OutcomeCounts, TestItem, TestListOptions, TestSort, TestSummary } from './items.ts'
import { keptTotal } from './kept-total.ts'
import type { ListResult } from './list.ts'
import { goneUpstream, notFound } from './not-found.ts'
import { option, pagingEntries, parseOptions } from './options.ts'
import { readPage, type SortColumn } from './page.ts'

interface TestRow {
  readonly id: number
  readonly product_id: number
  readonly title: string
  readonly status: string
  readonly testing_type: string | null
  readonly review_status: string | null
  readonly start_at: string | null
  readonly end_at: string | null
  readonly created_by: string | null
  readonly submitted_by: string | null
  readonly environment_id: number | null
  readonly environment_title: string | null
  readonly deleted_at: string | null
}

interface CountedTestRow extends TestRow {
  readonly bug_total?: number | null
  readonly bugs_open?: number | null
  readonly bugs_accepted?: number | null
  readonly bugs_auto_accepted?: number | null
  readonly bugs_rejected?: number | null
}

/** The columns of a list item, of the tests called `t`. */
const testColumns = sql`t.id, t.product_id, t.title, t.status, t.testing_type, t.review_status, t.start_at, t.end_at,
  t.created_by, t.submitted_by, t.environment_id, t.environment_title, t.deleted_at`

const sorts: Readonly<Record<TestSort, SortColumn>> = {
  end_at: { column: 'end_at', direction: 'desc' },
  start_at: { column: 'start_at', direction: 'desc' },
  title: { column: 'title', direction: 'asc', text: true },
  status: { column: 'status', direction: 'asc', text: true },
  id: { column: 'id', direction: 'asc' },
}

const ListSchema = v.strictObject({
  ...pagingEntries(sorts),
  productIds: option.ids,
  statuses: option.texts,
  testingTypes: option.texts,
  from: option.text,
  to: option.text,
  dateField: v.optional(v.picklist(['end_at', 'start_at']), 'end_at'),
  includeBugCounts: option.flag,
  search: option.text,
})

export async function listTests(context: QueryContext, input: TestListOptions = {}): Promise<ListResult<TestItem>> {
  const options = parseOptions('list tests', ListSchema, input)
  const { productIds, statuses, testingTypes, dateField, search } = options
  const range = parseTimeRange({ from: options.from, to: options.to }, { now: context.now(), timeZone: context.timeZone })
  const date = sql.ref(`t.${dateField}`)
  const narrowing = [
    ...(statuses === undefined ? [] : [sql`t.status in (${sql.join(statuses)})`]),
    ...(testingTypes === undefined ? [] : [sql`t.testing_type in (${sql.join(testingTypes)})`]),
    ...(range.from === null ? [] : [sql`${date} >= ${range.from}`]),
    ...(range.to === null ? [] : [sql`${date} < ${range.to}`]),
    ...(search === undefined ? [] : [sql`t.search_text like ${containsPattern(search)} escape '\\'`]),
  ]
  const conditions = [
    sql`t.customer_id = ${context.customerId}`,
    ...(options.includeDeleted ? [] : [sql`t.deleted_at is null`]),
    ...(productIds === undefined ? [] : [sql`t.product_id in (${sql.join(productIds)})`]),
    ...narrowing,
  ]
  const withBugs = options.includeBugCounts === true
  return readPage<CountedTestRow, TestItem, TestSort, typeof options>(
    context,
    {
      entity: 'tests',
      rows: sql`(select ${testColumns} from tests as t where ${sql.join(conditions, sql` and `)})`,
      total: narrowing.length === 0 && !options.includeDeleted ? keptTotal(context, 'test_count', productIds) : undefined,
      enrich: withBugs ? (page) => withOutcomeCounts(context, page) : undefined,
      sorts,
      freshness: {
        streams: withBugs ? ['tests', 'bugs'] : ['tests'],
        products: productIds === undefined ? undefined : (product) => sql`${product} in (${sql.join(productIds)})`,
      },
      filters: { productIds, statuses, testingTypes, from: range.from, to: range.to, dateField, search },
      asked: { products: productIds },
      toItem: (row) => (withBugs ? { ...toTestItem(row), bugs: toOutcomeCounts(row) } : toTestItem(row)),
    },
    options,
  )
}

/** @throws TidemarkError `not_found` */
export async function summarizeTest(context: QueryContext, id: number): Promise<TestSummary> {
  const { customerId, db } = context
  const { rows } = await sql<TestRow & {
    readonly goal: string | null
    readonly out_of_scope: string | null
    readonly instructions: string | null
    readonly report_language: string | null
    readonly enable_low: boolean | null
    readonly enable_high: boolean | null
    readonly enable_critical: boolean | null
    readonly refreshed_at: string | null
    readonly product_name: string
    readonly section_id: number | null
    readonly section_name: string | null
  }>`
    select ${testColumns}, t.goal, t.out_of_scope, t.instructions, t.report_language, t.enable_low, t.enable_high, t.enable_critical, t.refreshed_at,
      p.name as product_name, t.section_id, s.name as section_name
    from tests as t
    join products as p on p.customer_id = t.customer_id and p.id = t.product_id
    left join sections as s on s.customer_id = t.customer_id and s.id = t.section_id
    where t.customer_id = ${customerId} and t.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw notFound('test', id)
  if (row.deleted_at !== null) throw goneUpstream('test', id, row.deleted_at)

  const platforms = await db
    .selectFrom('test_platforms')
    .select(['category', 'operating_system', 'min_version', 'max_version', 'browsers'])
    .where('customer_id', '=', customerId)
    .where('test_id', '=', id)
    .orderBy('position')
    .execute()
  const features = await sql<{ readonly feature_id: number | null; readonly title: string; readonly bugs: number }>`
    select f.feature_id, f.title,
      (select count(*) from bugs as b where b.customer_id = f.customer_id and b.test_feature_id = f.id and b.deleted_at is null) as bugs
    from test_features as f where f.customer_id = ${customerId} and ${rarely(context.storage.dialect, sql`f.test_id = ${id}`)} order by f.id`.execute(db)
  return {
    ...toTestItem(row),
    product: { id: row.product_id, name: row.product_name },
    section: row.section_id === null ? null : { id: row.section_id, name: row.section_name ?? '' },
    goal: row.goal,
    outOfScope: row.out_of_scope,
    instructions: row.instructions,
    reportLanguage: row.report_language,
    requirements: platforms.map((platform) => requirementText(platform)),
    reportable: { low: row.enable_low, high: row.enable_high, critical: row.enable_critical },
    features: features.rows.map((feature) => ({ id: feature.feature_id, title: feature.title, bugCount: feature.bugs })),
    ...(await bugFigures(context, sql`b.test_id = ${id}`)),
    freshness: withRefresh(context, await readFreshness(context, { streams: ['tests', 'bugs'], products: (product) => sql`${product} = ${row.product_id}` }), row.refreshed_at),
  }
}

/**
 * Up to three, the latest end first.
 *
 * @param scope a condition on the tests, which are called `t`
 */
export async function newestTests(context: QueryContext, scope: RawBuilder<boolean>): Promise<readonly TestItem[]> {
  const { rows } = await sql<TestRow>`
    select ${testColumns} from tests as t where t.customer_id = ${context.customerId} and t.deleted_at is null and ${scope}
    order by t.end_at desc nulls last, t.id limit 3`.execute(context.db)
  return rows.map(toTestItem)
}

function toTestItem(row: TestRow): TestItem {
  return {
    id: row.id,
    productId: row.product_id,
    title: row.title,
    status: row.status,
    testingType: row.testing_type,
    reviewStatus: row.review_status,
    startAt: row.start_at,
    endAt: row.end_at,
    createdBy: row.created_by,
    submittedBy: row.submitted_by,
    environment: row.environment_id === null && row.environment_title === null ? null : { id: row.environment_id, title: row.environment_title },
  }
}

/** Counts only the bugs of the tests on the page. */
function withOutcomeCounts(context: QueryContext, page: RawBuilder<CountedTestRow>): RawBuilder<CountedTestRow> {
  const count = (outcome: string): RawBuilder<number> => sql`count(case when b.outcome = ${outcome} then 1 end)`
  return sql`(
    with page as materialized ${page},
    counts as (
      select b.test_id, count(*) as bug_total, ${count('open')} as bugs_open, ${count('accepted')} as bugs_accepted,
        ${count('auto_accepted')} as bugs_auto_accepted, ${count('rejected')} as bugs_rejected
      from bugs as b
      where b.customer_id = ${context.customerId} and b.test_id in (select id from page) and b.deleted_at is null
      group by b.test_id)
    select page.*, counts.bug_total, counts.bugs_open, counts.bugs_accepted, counts.bugs_auto_accepted, counts.bugs_rejected
    from page left join counts on counts.test_id = page.id)`
}

function toOutcomeCounts(row: CountedTestRow): OutcomeCounts {
  const total = row.bug_total ?? 0
  const open = row.bugs_open ?? 0
  const accepted = row.bugs_accepted ?? 0
  const autoAccepted = row.bugs_auto_accepted ?? 0
  const rejected = row.bugs_rejected ?? 0
  return { total, open, accepted, autoAccepted, rejected, other: total - open - accepted - autoAccepted - rejected }
}
