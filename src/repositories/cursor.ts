/**
 * Cursors: where a page ended, as the sort value and id of its last item, so that rows that come or go in between neither
 * repeat nor skip anything. Opaque to callers and bound to the question it was made for.
 */
import * as v from 'valibot'
import { TidemarkError } from '../errors.ts'

export interface Cursor {
  /** Sort value of the last item; null sorts last in both directions. Undefined where it is too long to carry: then the items before are counted. */
  readonly value?: string | number | null | undefined
  readonly id: number
  /** Items before the cursor, for the `offset` of the answer. */
  readonly offset: number
}

const CursorSchema = v.strictObject({
  q: v.string(),
  v: v.optional(v.nullable(v.union([v.string(), v.number()]))),
  i: v.pipe(v.number(), v.safeInteger()),
  o: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Over the rest: a value that was changed would be refused by some engines and paged by on others. */
  s: v.string(),
})

/** A character takes up to six in JSON, and lists refuse what is longer than 4,000. */
const longestValue = 400

/** @param longest characters of a text that is carried */
export function encodeCursor(question: string, { value, id, offset }: Cursor, longest = longestValue): string {
  const isCarried = typeof value !== 'string' || value.length <= longest
  const parts = { q: question, ...(isCarried ? { v: value } : {}), i: id, o: offset }
  const bytes = new TextEncoder().encode(JSON.stringify({ ...parts, s: fingerprint([parts.q, parts.v, id, offset]) }))
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * @param question fingerprint of the list, its filters and its order
 * @throws TidemarkError `cursor_invalid`
 */
export function decodeCursor(question: string, text: string): Cursor {
  let parsed
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
    parsed = v.parse(CursorSchema, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (cause) {
    throw invalid('It is not a cursor that this list gave.', cause)
  }
  if (parsed.s !== fingerprint([parsed.q, parsed.v, parsed.i, parsed.o])) throw invalid('It is not a cursor that this list gave.')
  if (parsed.q !== question) throw invalid('It belongs to a list with other filters or another order.')
  return { value: parsed.v, id: parsed.i, offset: parsed.o }
}

/** A short fingerprint of a question (FNV-1a, 32 bits): enough to notice a cursor used for another one. */
export function fingerprint(question: unknown): string {
  let hash = 0x811c9dc5
  for (const character of JSON.stringify(question)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return (hash >>> 0).toString(36)
}

function invalid(why: string, cause?: unknown): TidemarkError {
  return new TidemarkError('cursor_invalid', 'Cannot go on from this cursor', {
    why,
    next: 'Ask for the first page again without a cursor, with the same filters and order throughout.',
    cause,
  })
}
