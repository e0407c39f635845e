/** A small account made of the texts that a test is about, stored directly and indexed by command. */
import { openTidemark } from '../../src/mod.ts'
import type { TidemarkDatabase } from '../../src/model/schema.ts'
import type { SearchEntity } from '../../src/search/document.ts'
import { kyselyFor } from '../../src/storage/kysely.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { silentLogger, testNow } from '../support/simulated-account.ts'

export interface CorpusDocument {
  readonly entity: SearchEntity
  readonly id: number
  readonly title: string
  readonly body?: string | undefined
  readonly productId?: number | undefined
  readonly date?: string | undefined
}

/** Where products stand that the documents do not name: they are found by no word of a test. */
export const otherProduct = 1

export async function openCorpus(storage: Storage, documents: readonly CorpusDocument[], customerId = 1): Promise<Tidemark> {
  const tidemark = await openTidemark({ storage, customerId, now: () => testNow, logger: silentLogger })
  await storeCorpus(tidemark, documents)
  return tidemark
}

/** In place of what there was. */
export async function storeCorpus({ storage, customerId, rebuildSearchIndex }: Tidemark, documents: readonly CorpusDocument[]): Promise<void> {
  const db = kyselyFor<TidemarkDatabase>(storage, storage.dialect)
  for (const table of ['bugs', 'tests', 'features', 'products'] as const) await db.deleteFrom(table).where('customer_id', '=', customerId).execute()
  const of = (entity: SearchEntity): readonly CorpusDocument[] => documents.filter((document) => document.entity === entity)
  const named = new Set(of('product').map(({ id }) => id))
  const nameless = [...new Set([otherProduct, ...documents.map((document) => document.productId ?? otherProduct)])].filter((id) => !named.has(id))
  const products = [...of('product'), ...nameless.map((id) => ({ id, title: '', body: undefined }))]
  await db.insertInto('products').values(products.map(({ id, title, body }) => ({ customer_id: customerId, id, name: title, search_text: '', description: body ?? null }))).execute()
  const features = of('feature').map(({ id, title, body, productId = otherProduct }) => (
    { customer_id: customerId, id, product_id: productId, title, user_story_count: 0, search_text: '', description: body ?? null }))
  const test = { customer_id: customerId, status: 'locked', search_text: '' }
  const tests = [
    { ...test, id: 999_999, product_id: otherProduct, title: '', goal: null, end_at: null },
    ...of('test').map(({ id, title, body, date, productId = otherProduct }) => ({ ...test, id, product_id: productId, title, goal: body ?? null, end_at: date ?? null })),
  ]
  const bugs = of('bug').map(({ id, title, body, date, productId = otherProduct }) => ({
    customer_id: customerId, id, test_id: 999_999, product_id: productId, title, kind: 'functional', severity_rank: 0, outcome: 'open' as const, status: 'forwarded', known: false,
    steps: [], actual_result: body ?? null, reported_at: date ?? null,
  }))
  if (features.length > 0) await db.insertInto('features').values(features).execute()
  await db.insertInto('tests').values(tests).execute()
  if (bugs.length > 0) await db.insertInto('bugs').values(bugs.map((bug) => ({ ...bug, steps: [] }))).execute()
  await rebuildSearchIndex()
}

/** What was found, in order, as short names: `bug 7`. */
export async function found(tidemark: Tidemark, text: string, options?: Parameters<Tidemark['search']>[1]): Promise<readonly string[]> {
  return (await tidemark.search(text, options)).items.map(({ entity, id }) => `${entity} ${id}`)
}
