/** Search against what one would write by hand with the engine's own full-text search: see README.md beside this file. */
import type { Figure } from '../figure.ts'
import { comparePair, type MeasureOptions } from '../measure.ts'
import type { BenchAccount } from '../support/accounts.ts'
import { handSearch } from './by-hand.ts'

/** Ours, then in the words of FTS4 and of a tsquery. */
const queries = [
  ['login', 'login', `'login'`],
  ['login button', 'login button', `'login' & 'button'`],
  ['chec*', 'chec*', `'chec':*`],
  ['"login button"', '"login button"', `'login' <-> 'button'`],
  ['the', 'the', `'the'`],
] as const

/** @throws Error when the two do not find equally many */
export async function benchSearch({ engine, tidemark, storage, count }: BenchAccount, options: MeasureOptions): Promise<readonly Figure[]> {
  const byHand = await handSearch(storage)
  const figures: Figure[] = []
  for (const [query, fts4, tsquery] of queries) {
    const words = engine === 'sqljs' ? fts4 : tsquery
    const { total } = await tidemark.search(query)
    const { total: expected } = await byHand.find(words)
    // The engines' tokenizers part a few words in other places.
    if (Math.abs(total - expected) > 0.01 * expected + 1) throw new Error(`${query}: ${total} found, ${expected} by hand`)
    const { ours: times, reference, cpuRatio: ratio } = await comparePair(() => tidemark.search(query), () => byHand.find(words), options)
    const counts = { found: total, ...(await count(() => tidemark.search(query))) }
    figures.push({ bench: 'search', engine, operation: query, times, reference, ratio, counts, limits: {} })
  }
  return figures
}
