/** Cursors that hold the place of a row in a total order of several terms. */
import * as v from 'valibot'
import { TidemarkError } from '../errors.ts'
import { decodeCursor, encodeCursor } from '../repositories/cursor.ts'
import type { Place } from './order.ts'

/** Where a page ended. */
export interface PageEnd {
  /** Undefined where its texts are too long to carry: then the rows before are counted. */
  readonly place: Place | undefined
  /** Rows up to there. */
  readonly offset: number
}

const PlaceSchema = v.pipe(v.string(), v.parseJson(), v.array(v.nullable(v.union([v.string(), v.number(), v.boolean()]))))

/** Questions refuse a cursor of more than 20,000 characters. */
const longestPlace = 4_000

/** @param print fingerprint of what was asked */
export function encodePageEnd(print: string, { place, offset }: PageEnd): string {
  return encodeCursor(print, { value: JSON.stringify(place), id: 0, offset }, longestPlace)
}

/** @throws TidemarkError `cursor_invalid` */
export function decodePageEnd(print: string, text: string): PageEnd {
  const { value, offset } = decodeCursor(print, text)
  if (value === undefined) return { place: undefined, offset }
  const place = v.safeParse(PlaceSchema, value)
  if (place.success) return { place: place.output, offset }
  throw new TidemarkError('cursor_invalid', 'Cannot go on from this cursor', {
    why: 'It is not a cursor that this question gave.',
    next: 'Ask for the first page again without a cursor.',
  })
}
