/** Search as its documentation says it, by looking at every document letter by letter; slow, and made without the code under test. */
import type { CorpusDocument } from './corpus.ts'

type Field = readonly string[]
interface Term { readonly words: readonly string[]; readonly prefix: boolean }

/** Words, one after the other, by what each character is. */
export function naiveWords(text: string): readonly string[] {
  const words: string[] = []
  let word = ''
  const end = (): void => {
    if (word !== '') words.push([...word].slice(0, 64).join(''))
    word = ''
  }
  for (const character of text.normalize('NFKD')) {
    const isOfKana = character === '\u3099' || character === '\u309a'
    if (/\p{M}/u.test(character) && /\p{sc=Inherited}/u.test(character) && !isOfKana) continue
    if (/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(character)) {
      end()
      word = character
    } else if (/\p{M}/u.test(character)) {
      word += character
    } else if (/[\p{L}\p{N}]/u.test(character)) {
      if (/^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(word)) end()
      word += character.toLowerCase().replace('ς', 'σ')
    } else {
      end()
    }
  }
  end()
  return words
}

export function naiveTerms(text: string): readonly Term[] {
  const terms: Term[] = []
  let rest = text
  while (rest !== '') {
    const quoted = /^"([^"]*)"/.exec(rest)
    const plain = /^[^\s"]+/.exec(rest)
    const part = quoted?.[1] ?? plain?.[0] ?? ''
    rest = rest.slice(quoted?.[0].length ?? plain?.[0].length ?? 1)
    const words = naiveWords(part)
    const prefix = /[\p{L}\p{N}\p{M}]\*[^\p{L}\p{N}\p{M}]*$/u.test(part)
    if (words.length > 0 && !terms.some((term) => term.prefix === prefix && term.words.join(' ') === words.join(' '))) terms.push({ words, prefix })
  }
  return terms
}

/** How often a term is in a text; occurrences of one phrase do not overlap. */
export function occurrences(words: Field, term: Term): number {
  let count = 0
  for (let at = 0; at + term.words.length <= words.length; at += 1) {
    const stands = term.words.every((word, place) => {
      const there = words[at + place] ?? ''
      return term.prefix && place === term.words.length - 1 ? there.startsWith(word) : there === word
    })
    if (!stands) continue
    count += 1
    at += term.words.length - 1
  }
  return count
}

export interface NaiveHit {
  readonly name: string
  readonly score: number
}

/** Everything that is found, with scores; best first, then by date (newest first), entity and id. */
export function naiveSearch(corpus: readonly CorpusDocument[], text: string, isInScope: (document: CorpusDocument) => boolean = () => true): readonly NaiveHit[] {
  const terms = naiveTerms(text)
  if (terms.length === 0) return []
  const all = corpus.map((document) => ({ document, fields: [naiveWords(document.title), naiveWords(document.body ?? '')] }))
  const inDocument = (fields: readonly Field[], term: Term): number => fields.reduce((sum, field) => sum + occurrences(field, term), 0)
  const hits = all.filter(({ document, fields }) => isInScope(document) && terms.every((term) => inDocument(fields, term) > 0))
  const length = (fields: readonly Field[]): number => fields.flat().length
  const average = hits.reduce((sum, { fields }) => sum + length(fields), 0) / hits.length
  const idf = (word: Term): number => {
    const having = all.filter(({ fields }) => inDocument(fields, word) > 0).length
    // The counts on products, which stand for the size of the account, are nought in a corpus that no sync made.
    const documents = Math.max(new Set(corpus.map((document) => document.productId ?? 1).concat(1, corpus.filter(({ entity }) => entity === 'product').map(({ id }) => id))).size, having)
    return Math.log(1 + (documents - having + 0.5) / (having + 0.5))
  }
  const weights = terms.map((term) => (terms.length === 1 ? 1 : term.words.reduce((sum, word, place) => sum + idf({ words: [word], prefix: term.prefix && place === term.words.length - 1 }), 0)))
  return hits
    .map(({ document, fields }) => {
      const titleHits = terms.filter((term) => occurrences(fields[0] ?? [], term) > 0).length
      const bm25 = terms.reduce((sum, term, place) => {
        const times = inDocument(fields, term)
        return sum + ((weights[place] ?? 1) * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * length(fields)) / average))
      }, 0)
      return { document, name: `${document.entity} ${document.id}`, score: titleHits + bm25 / (1 + bm25) }
    })
    .toSorted((a, b) => b.score - a.score || (b.document.date ?? '').localeCompare(a.document.date ?? '') || (a.document.entity < b.document.entity ? -1 : a.document.entity > b.document.entity ? 1 : a.document.id - b.document.id))
    .map(({ name, score }) => ({ name, score }))
}
