/** The texts of rows that are stored, as documents: to fill the index from, and to show what was found. */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { textsIn } from '../storage/json-texts.ts'
import type { SearchDocument, SearchEntity } from './document.ts'

interface TextRow {
  readonly id: number
  readonly product_id: number
  readonly date: string | null
  readonly title: string
  /** A list of texts, unless another program has written there. */
  readonly steps?: unknown
  readonly first: string | null
  readonly second: string | null
  readonly third: string | null
}

const selections: Readonly<Record<SearchEntity, RawBuilder<TextRow>>> = {
  product: sql`select id, id as product_id, null as date, name as title, description as first, null as second, null as third from products`,
  feature: sql`select id, product_id, null as date, title, description as first, how_to_find as second, null as third from features`,
  test: sql`select id, product_id, end_at as date, title, goal as first, instructions as second, out_of_scope as third from tests`,
  bug: sql`select id, product_id, reported_at as date, title, steps, expected_result as first, actual_result as second, null as third from bugs`,
}

/** @param which what stands behind `and`: a condition, an order, a limit */
export async function storedTexts(
  db: Kysely<TidemarkDatabase>, customerId: number, entity: SearchEntity, which: RawBuilder<unknown>,
): Promise<readonly SearchDocument[]> {
  const { rows } = await sql<TextRow>`${selections[entity]} where customer_id = ${customerId} and deleted_at is null and ${which}`.execute(db)
  const stories = entity === 'feature' ? await storiesOf(db, customerId, rows) : new Map<number, readonly string[]>()
  return rows.map(({ id, product_id, date, title, steps, first, second, third }) => ({
    id, productId: product_id, date, title, texts: [...textsIn(steps), first, second, third, ...(stories.get(id) ?? [])],
  }))
}

async function storiesOf(db: Kysely<TidemarkDatabase>, customerId: number, features: readonly TextRow[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const stories = new Map<number, string[]>(features.map(({ id }) => [id, []]))
  if (features.length === 0) return stories
  const { rows } = await sql<{ readonly feature_id: number; readonly title: string }>`
    select feature_id, title from user_stories where customer_id = ${customerId} and feature_id in (${sql.join([...stories.keys()])}) order by feature_id, position`.execute(db)
  for (const row of rows) stories.get(row.feature_id)?.push(row.title)
  return stories
}
