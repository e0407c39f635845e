import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SearchOptions } from '../../src/search/search.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engineNamed } from '../support/engines.ts'
import { openCorpus, storeCorpus, type CorpusDocument } from './corpus.ts'
import { naiveSearch } from './referee.ts'

const vocabulary = [
  'log', 'login', 'logout', 'sign', 'up', 'sign-up', 'a', 'b', 'AND', 'or', 'NOT', 'near', 'Größe', 'GROSSE', 'café', 'naïve', 'İstanbul', 'Σίσυφος', 'ΟΔΟΣ', 'ﬁnd', '½', '①', 'データ', '検索', '漢字', '한국어',
  'हिन्दी', '1.2.3', 'user@example.com', 'snake_case', "don't", '😀', 'x'.repeat(70), 'e\u0301t\u00e9', 'ß', 'title:log', '\u0301', 'ーー',
]
const word = fc.constantFrom(...vocabulary)
const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '))
const piece = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 2, arbitrary: word.map((some) => `${some}*`) },
  { weight: 2, arbitrary: word.map((some) => `${[...some].slice(0, 2).join('')}*`) },
  { weight: 2, arbitrary: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => `"${words.join(' ')}"`) },
  fc.constantFrom('"', '*', '-', ':', '""', '( ', '^', 'NEAR/2', '\u0000', '\ud800', '\udc00', '\\', "'", '%', '_', '&', '|', '!', '<->'),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const query = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(' '))

const document = fc.record({
  entity: fc.constantFrom('product' as const, 'feature' as const, 'test' as const, 'bug' as const),
  title: text,
  body: fc.option(text, { nil: undefined }),
  productId: fc.constantFrom(1, 2, 3),
  date: fc.option(fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-06-15T12:00:00.000Z', '2026-11-01T00:00:00.000Z'), { nil: undefined }),
})
const corpus = fc.array(document, { minLength: 1, maxLength: 15 }).map((documents) =>
  documents.map((one, index): CorpusDocument => ({
    ...one,
    id: index + 10,
    productId: one.entity === 'product' ? index + 10 : one.productId,
    date: one.entity === 'product' || one.entity === 'feature' ? undefined : one.date,
  })),
)
const options = fc.record({
  entities: fc.option(fc.subarray(['product', 'feature', 'test', 'bug'] as const, { minLength: 1 }), { nil: undefined }),
  productIds: fc.option(fc.subarray([1, 2, 3], { minLength: 1 }), { nil: undefined }),
  from: fc.option(fc.constantFrom('2026-01-01', '2026-06-15'), { nil: undefined }),
}) satisfies fc.Arbitrary<SearchOptions>

function scopeOf({ entities, productIds, from }: SearchOptions): (document: CorpusDocument) => boolean {
  return (one) =>
    (entities === undefined || entities.includes(one.entity)) && (productIds === undefined || productIds.includes(one.productId ?? 1)) && (from === undefined || (one.date !== undefined && one.date >= `${from}T00:00:00.000Z`))
}

describe('whatever is stored and asked for', () => {
  const opened: Tidemark[] = []
  beforeAll(async () => {
    for (const name of ['sqljs memory', 'pglite memory', 'postgres']) opened.push(await openCorpus(await engineNamed(name).open(), []))
  })
  afterAll(async () => {
    for (const tidemark of opened) await tidemark.close()
  })

  it('is found as the referee finds it, with the same scores in the same order on every engine', async () => {
    await fc.assert(
      fc.asyncProperty(corpus, fc.array(fc.tuple(query, options), { minLength: 4, maxLength: 8 }), async (documents, questions) => {
        for (const tidemark of opened) await storeCorpus(tidemark, documents)
        for (const [asked, scope] of questions) {
          const [first, ...others] = await Promise.all(opened.map((tidemark) => tidemark.search(asked, { ...scope, limit: 100 })))
          const expected = naiveSearch(documents, asked, scopeOf(scope))
          const items = first?.items ?? []
          const message = JSON.stringify([asked, scope])
          expect(items.map(({ entity, id }) => `${entity} ${id}`).toSorted(), message).toEqual(expected.map(({ name }) => name).toSorted())
          for (const [place, { score }] of items.entries()) expect(score, message).toBeCloseTo(expected[place]?.score ?? Number.NaN, 9)
          for (const other of others) expect([other.total, other.items], message).toEqual([first?.total, items])
        }
      }),
      { numRuns: 40 },
    )
  }, 120_000)

  it('is taken as a query, be it ten thousand characters of anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 9_000, maxLength: 10_000, size: 'max' }), async (asked) => {
        for (const tidemark of opened) expect((await tidemark.search(asked)).returned).toBe(0)
      }),
      { numRuns: 5 },
    )
  }, 60_000)
})
