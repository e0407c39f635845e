/** What can be found: a title, texts below it, and what narrows a search. One for each product, feature, test and bug. */
import type { FullTextDocument } from '../storage/full-text.ts'
import { spell, wordsOf } from './words.ts'

export const searchEntities = ['product', 'feature', 'test', 'bug'] as const
/** What a search can find. */
export type SearchEntity = (typeof searchEntities)[number]

export interface SearchDocument {
  readonly id: number
  readonly productId: number
  /** End of a test, report of a bug; null for what has no date. */
  readonly date: string | null
  readonly title: string
  /** No phrase goes from one text into the next. */
  readonly texts: readonly (string | null)[]
}

/** So much of a document is searched: PostgreSQL refuses more than 1 MB of different words. */
const mostCharacters = 200_000

/** As it is stored. */
export function indexed({ id, productId, date, title, texts }: SearchDocument): FullTextDocument {
  let length = 0
  let room = mostCharacters
  const spelled: string[] = []
  for (const text of [title, ...texts]) {
    const all = wordsOf(text ?? '')
    const words = upTo(room, all)
    const spelt = spell(words)
    // Behind a text that was cut, nothing follows.
    room = words.length < all.length ? 0 : room - spelt.length
    length += words.length
    spelled.push(spelt)
  }
  return { id, productId, date, length, titleWords: spelled[0] ?? '', words: spelled.filter((text) => text !== '').join(' \n ') }
}

/** The first words, as many as fit when they are spelled. */
function upTo(room: number, words: readonly string[]): readonly string[] {
  let left = room
  const end = words.findIndex((word) => (left -= word.length + 2) < 0)
  return end < 0 ? words : words.slice(0, end)
}
