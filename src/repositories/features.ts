/** Catalogue features: the list and the one-page summary. */
import { sql } from 'kysely'
import * as v from 'valibot'
import { containsPattern } from '../model/search-text.ts'
import { rarely } from '../storage/rarely.ts'
import { bugFigures } from './bug-figures.ts'
import type { QueryContext } from './context.ts'
import { readFreshness } from './freshness.ts'
import type { FeatureItem, FeatureListOptions, FeatureSort, FeatureSummary } from './items.ts'
import type { ListResult } from './list.ts'
import { goneUpstream, notFound } from './not-found.ts'
import { option, pagingEntries, parseOptions } from './options.ts'
import { readPage, type SortColumn } from './page.ts'
import { newestTests } from './tests.ts'

interface FeatureRow {
  readonly id: number
  readonly product_id: number
  readonly title: string
  readonly user_story_count: number
  readonly test_count: number
  readonly bug_count: number
  readonly deleted_at: string | null
}

const sorts: Readonly<Record<FeatureSort, SortColumn>> = {
  title: { column: 'title', direction: 'asc', text: true },
  id: { column: 'id', direction: 'asc' },
  test_count: { column: 'test_count', direction: 'desc' },
  bug_count: { column: 'bug_count', direction: 'desc' },
  user_story_count: { column: 'user_story_count', direction: 'desc' },
}

const ListSchema = v.strictObject({ ...pagingEntries(sorts), productIds: option.ids, hasUserStories: option.flag, search: option.text })

/** The columns of a list item, of the features called `c`. A test counts once however often it snapshots the feature. */
const featureColumns = sql`c.id, c.product_id, c.title, c.user_story_count, c.deleted_at,
  (select count(distinct f.test_id) from test_features as f join tests as t on t.customer_id = f.customer_id and t.id = f.test_id and t.deleted_at is null
    where f.customer_id = c.customer_id and f.feature_id = c.id) as test_count,
  (select count(*) from bugs as b where b.customer_id = c.customer_id and b.deleted_at is null
    and b.test_feature_id in (select f.id from test_features as f where f.customer_id = c.customer_id and f.feature_id = c.id)) as bug_count`

export async function listFeatures(context: QueryContext, input: FeatureListOptions = {}): Promise<ListResult<FeatureItem>> {
  const options = parseOptions('list features', ListSchema, input)
  const { productIds, hasUserStories, search } = options
  const conditions = [
    sql`c.customer_id = ${context.customerId}`,
    ...(options.includeDeleted ? [] : [sql`c.deleted_at is null`]),
    ...(productIds === undefined ? [] : [sql`c.product_id in (${sql.join(productIds)})`]),
    ...(hasUserStories === undefined ? [] : [hasUserStories ? sql`c.user_story_count > 0` : sql`c.user_story_count = 0`]),
    ...(search === undefined ? [] : [sql`c.search_text like ${containsPattern(search)} escape '\\'`]),
  ]
  return readPage<FeatureRow, FeatureItem, FeatureSort, typeof options>(
    context,
    {
      entity: 'features',
      rows: sql`(select ${featureColumns} from features as c where ${sql.join(conditions, sql` and `)})`,
      sorts,
      freshness: {
        streams: ['features', 'tests', 'bugs'],
        products: productIds === undefined ? undefined : (product) => sql`${product} in (${sql.join(productIds)})`,
      },
      filters: { productIds, hasUserStories, search },
      asked: { products: productIds },
      toItem,
    },
    options,
  )
}

/** @throws TidemarkError `not_found` */
export async function summarizeFeature(context: QueryContext, id: number): Promise<FeatureSummary> {
  const { customerId, db } = context
  const { rows } = await sql<FeatureRow & { readonly description: string | null; readonly how_to_find: string | null; readonly product_name: string }>`
    select ${featureColumns}, c.description, c.how_to_find, p.name as product_name
    from features as c join products as p on p.customer_id = c.customer_id and p.id = c.product_id
    where c.customer_id = ${customerId} and c.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw notFound('feature', id)
  if (row.deleted_at !== null) throw goneUpstream('feature', id, row.deleted_at)

  const stories = await db
    .selectFrom('user_stories')
    .select('title')
    .where('customer_id', '=', customerId)
    .where('feature_id', '=', id)
    .orderBy('position')
    .execute()
  const sections = await sql<{ readonly id: number; readonly name: string }>`
    select s.id, s.name from feature_sections as fs join sections as s on s.customer_id = fs.customer_id and s.id = fs.section_id
    where fs.customer_id = ${customerId} and ${rarely(context.storage.dialect, sql`fs.feature_id = ${id}`)} order by s.id`.execute(db)
  const snapshots = (column: 'id' | 'test_id') => sql`(select f.${sql.ref(column)} from test_features as f where f.customer_id = ${customerId} and f.feature_id = ${id})`
  return {
    ...toItem(row),
    product: { id: row.product_id, name: row.product_name },
    description: row.description,
    howToFind: row.how_to_find,
    userStories: stories.map((story) => story.title),
    sections: sections.rows,
    ...(await bugFigures(context, sql`b.test_feature_id in ${snapshots('id')}`)),
    newestTests: await newestTests(context, rarely(context.storage.dialect, sql`t.id in ${snapshots('test_id')}`)),
    freshness: await readFreshness(context, { streams: ['features', 'tests', 'bugs'], products: (product) => sql`${product} = ${row.product_id}` }),
  }
}

function toItem(row: FeatureRow): FeatureItem {
  return {
    id: row.id,
    productId: row.product_id,
    title: row.title,
    userStoryCount: row.user_story_count,
    testCount: row.test_count,
    bugCount: row.bug_count,
  }
}
