/** What somebody typed as terms to look for. Takes any text; what makes no sense in it is as if it were not there. */
import type { FullTextTerm } from '../storage/full-text.ts'
import { spell, wordsOf } from './words.ts'

export interface SearchQuery {
  /** All of them have to be found, the words of each in a row. Empty when there is nothing to look for. */
  readonly terms: readonly FullTextTerm[]
  /** The text had more words than are looked for. */
  readonly cut: boolean
}

/** Bounds what a query costs. */
export const mostWords = 32

/**
 * Words, `"a phrase"`, `pre*`. Whatever has no space in it and several words, like sign-up or 1.2.3, is a phrase of them.
 * A quote without a partner and stars elsewhere do not count.
 */
export function parseQuery(text: string): SearchQuery {
  const terms = new Map<string, FullTextTerm>()
  let count = 0
  let cut = false
  for (const [part, phrase] of text.matchAll(/"([^"]*)"|[^\s"]+/g)) {
    const words = wordsOf(phrase ?? part)
    if (words.length === 0) continue
    const room = mostWords - count
    cut ||= words.length > room
    if (room === 0) break
    const kept = words.slice(0, room)
    count += kept.length
    const prefix = kept.length === words.length && /[\p{L}\p{N}\p{M}]\*[^\p{L}\p{N}\p{M}]*$/u.test(phrase ?? part)
    terms.set(`${spell(kept)}${prefix ? '*' : ''}`, { words: kept, prefix })
  }
  return { terms: [...terms.values()], cut }
}

/** The term as it stands in spelled words. */
export function termText({ words, prefix }: FullTextTerm): string {
  const text = spell(words)
  return prefix ? text.slice(0, -1) : text
}
