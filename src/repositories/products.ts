/** Products: the list and the one-page summary. */
import { sql, type RawBuilder } from 'kysely'
import * as v from 'valibot'
import { containsPattern } from '../model/search-text.ts'
import { rarely } from '../storage/rarely.ts'
import { bugFigures } from './bug-figures.ts'
import type { QueryContext } from './context.ts'
import { readFreshness, type FreshnessScope } from './freshness.ts'
import type { ProductItem, ProductListOptions, ProductSort, ProductSummary } from './items.ts'
import type { ListResult } from './list.ts'
import { goneUpstream, notFound } from './not-found.ts'
import { option, pagingEntries, parseOptions } from './options.ts'
import { readPage, type SortColumn } from './page.ts'
import { withRecentTests } from './recent-tests.ts'
import { newestTests } from './tests.ts'

interface ProductRow {
  readonly id: number
  readonly name: string
  readonly type: string | null
  readonly description: string | null
  readonly test_count: number
  readonly bug_count: number
  readonly feature_count: number
  readonly last_test_end_at: string | null
  readonly tests_last_30_days: number
  readonly tests_last_90_days: number
  readonly deleted_at: string | null
}

const sorts: Readonly<Record<ProductSort, SortColumn>> = {
  name: { column: 'name', direction: 'asc', text: true },
  id: { column: 'id', direction: 'asc' },
  test_count: { column: 'test_count', direction: 'desc' },
  bug_count: { column: 'bug_count', direction: 'desc' },
  feature_count: { column: 'feature_count', direction: 'desc' },
  last_test_end_at: { column: 'last_test_end_at', direction: 'desc' },
}

const ListSchema = v.strictObject({ ...pagingEntries(sorts), search: option.text, types: option.texts })

const productColumns = sql`p.id, p.name, p.type, p.description, p.test_count, p.bug_count, p.feature_count, p.deleted_at`

export async function listProducts(context: QueryContext, input: ProductListOptions = {}): Promise<ListResult<ProductItem>> {
  const options = parseOptions('list products', ListSchema, input)
  const { search, types } = options
  const matching = sql`from products as p where ${sql.join([
    sql`p.customer_id = ${context.customerId}`,
    ...(options.includeDeleted ? [] : [sql`p.deleted_at is null`]),
    ...(search === undefined ? [] : [sql`p.search_text like ${containsPattern(search)} escape '\\'`]),
    ...(types === undefined ? [] : [sql`p.type in (${sql.join(types)})`]),
  ], sql` and `)}`
  return readPage<ProductRow, ProductItem, ProductSort, typeof options>(
    context,
    {
      entity: 'products',
      rows: sql`(select ${productColumns}, ${lastTestEnd(context)} as last_test_end_at ${matching})`,
      // Without the look at their tests.
      total: sql`(select count(*) ${matching})`,
      enrich: (page) => withRecentTests(context, page),
      sorts,
      freshness: { streams: ['features', 'tests', 'bugs'] },
      filters: { search, types },
      toItem,
    },
    options,
  )
}

/** @throws TidemarkError `not_found` */
export async function summarizeProduct(context: QueryContext, id: number): Promise<ProductSummary> {
  const { rows } = await sql<ProductRow>`
    select * from ${withRecentTests(context, sql`(
      select ${productColumns}, ${lastTestEnd(context)} as last_test_end_at
      from products as p where p.customer_id = ${context.customerId} and p.id = ${id})`)} as page`.execute(context.db)
  const row = rows[0]
  if (row === undefined) throw notFound('product', id)
  if (row.deleted_at !== null) throw goneUpstream('product', id, row.deleted_at)

  const sections = await context.db
    .selectFrom('sections')
    .select(['id', 'name', 'is_default'])
    .where('customer_id', '=', context.customerId)
    .where(rarely(context.storage.dialect, sql`product_id = ${id}`))
    .orderBy('id')
    .execute()
  const statuses = await context.db
    .selectFrom('tests')
    .select(['status', (eb) => eb.fn.countAll<number>().as('count')])
    .where('customer_id', '=', context.customerId)
    .where(rarely(context.storage.dialect, sql`product_id = ${id}`))
    .where('deleted_at', 'is', null)
    .groupBy('status')
    .execute()
  const scope: FreshnessScope = { streams: ['features', 'tests', 'bugs'], products: (product) => sql`${product} = ${id}` }
  return {
    ...toItem(row),
    sections: sections.map((section) => ({ id: section.id, name: section.name, isDefault: section.is_default })),
    testsByStatus: statuses.toSorted((a, b) => b.count - a.count || (a.status < b.status ? -1 : 1)),
    ...(await bugFigures(context, sql`b.product_id = ${id}`)),
    newestTests: await newestTests(context, sql`t.product_id = ${id}`),
    freshness: await readFreshness(context, scope),
  }
}

function lastTestEnd(context: QueryContext): RawBuilder<string | null> {
  return sql`(select max(t.end_at) from tests as t where t.customer_id = ${context.customerId} and t.product_id = p.id and t.deleted_at is null)`
}

function toItem(row: ProductRow): ProductItem {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    description: row.description,
    testCount: row.test_count,
    bugCount: row.bug_count,
    featureCount: row.feature_count,
    testsLast30Days: row.tests_last_30_days,
    testsLast90Days: row.tests_last_90_days,
    lastTestEndAt: row.last_test_end_at,
  }
}
