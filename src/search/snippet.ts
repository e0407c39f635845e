/** The piece of a text around the first word that was looked for, with what was found between `**`. Plain text, no HTML. */
import type { FullTextTerm } from '../storage/full-text.ts'
import { fold, wordsOf } from './words.ts'

/** In UTF-16 units, marks and dots left out. */
const longest = 200
const before = 60

interface Place {
  readonly start: number
  readonly end: number
}

/**
 * From the first of the texts that has a term; of none, the beginning of the first text there is.
 *
 * @param texts the body; the title only where there is no other text
 */
export function snippet(texts: readonly (string | null)[], terms: readonly FullTextTerm[]): string {
  const lines = texts.flatMap((text) => (text === null || text.trim() === '' ? [] : [text.trim().replaceAll(/\s+/g, ' ').normalize()]))
  for (const text of lines) {
    const places = placesOf(text, terms)
    const first = places[0]
    if (first !== undefined) return excerpt(text, first.start, places)
  }
  return excerpt(lines[0] ?? '', 0, [])
}

/** What is found in the text, from its start on, without overlaps. */
function placesOf(text: string, terms: readonly FullTextTerm[]): readonly Place[] {
  const words = placedWords(text)
  const places: Place[] = []
  for (let at = 0; at < words.length; at += 1) {
    const found = terms.map((term) => (standsAt(words, at, term) ? term.words.length : 0))
    const length = Math.max(0, ...found)
    const [first, last] = [words[at], words[at + length - 1]]
    if (length === 0 || first === undefined || last === undefined) continue
    places.push({ start: first.start, end: last.end })
    at += length - 1
  }
  return places
}

interface PlacedWord extends Place {
  readonly word: string
}

/** The words with the places they have in the text as it was written. */
function placedWords(text: string): readonly PlacedWord[] {
  let folded = ''
  const sources: number[] = []
  // Folding keeps the places of ASCII; of anything else they are those of the character that it was made from.
  for (const { 0: piece, index } of text.matchAll(/[\0-\x7f]+|[^\0-\x7f]/gu)) {
    const isAscii = piece.charCodeAt(0) < 0x80
    const foldedPiece = fold(piece)
    for (let unit = 0; unit < foldedPiece.length; unit += 1) sources.push(isAscii ? index + unit : index)
    folded += foldedPiece
  }
  const placed: PlacedWord[] = []
  let from = 0
  for (const word of wordsOf(folded)) {
    const start = folded.indexOf(word, from)
    if (start < 0) break
    from = start + word.length
    const last = sources[from - 1] ?? 0
    placed.push({ word, start: sources[start] ?? 0, end: last + String.fromCodePoint(text.codePointAt(last) ?? 0).length })
  }
  return placed
}

function standsAt(words: readonly PlacedWord[], at: number, { words: wanted, prefix }: FullTextTerm): boolean {
  return wanted.every((word, place) => {
    const there = words[at + place]?.word
    return there === word || (prefix && place === wanted.length - 1 && there?.startsWith(word) === true)
  })
}

function excerpt(text: string, around: number, places: readonly Place[]): string {
  const from = around <= before ? 0 : wordStart(text, around - before, around)
  const to = text.length - from <= longest ? text.length : wordEnd(text, from + longest, places.find((place) => place.start >= from)?.end ?? from)
  let excerpted = from > 0 ? '… ' : ''
  let at = from
  for (const { start, end } of places.filter((place) => place.start >= from && place.end <= to)) {
    excerpted += `${text.slice(at, start)}**${text.slice(start, end)}**`
    at = end
  }
  return `${excerpted}${text.slice(at, to)}${to < text.length ? ' …' : ''}`
}

/** Behind the first space from there on; where there is none before `latest`, at a whole character. */
function wordStart(text: string, at: number, latest: number): number {
  const space = text.indexOf(' ', at)
  return space >= 0 && space < latest ? space + 1 : wholeCharacter(text, at)
}

function wordEnd(text: string, at: number, earliest: number): number {
  const space = text.lastIndexOf(' ', at)
  return Math.max(space > earliest ? space : wholeCharacter(text, at), earliest)
}

function wholeCharacter(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at
}
