/**
 * How single fields of the wire are read. A field that figures depend on (`id`, `word`, `instant`) may be missing or null,
 * the id excepted, but when it is there it must be readable, or else the record is malformed. Any other field that cannot
 * be read counts as missing. Messages never repeat what was received: it may be text written by a stranger.
 */
import * as v from 'valibot'
import { toInstant } from '../../time/instant.ts'

/** The id of the record itself: a positive whole number, or its digits as text. */
export const id: v.GenericSchema<unknown, number> = v.optional(
  v.pipe(v.unknown(), v.check((value) => toId(value) !== null, 'not a positive whole number'), v.transform((value) => toId(value) ?? 0)),
  null,
)

/** The id of something else; null when there is none. */
export const reference: v.GenericSchema<unknown, number | null> = lenient(toId)

/** Characters of a name or a word: PostgreSQL keeps no more than 2,704 bytes of a row in an index, and several of them share one. */
export const longestName = 200

/** Characters of a title that stands in an index, alone but for ids. */
const longestIndexedTitle = 600

/** An upstream word such as a status, kept whatever it is. */
export const word: v.GenericSchema<unknown, string | null> = v.optional(
  v.pipe(
    v.unknown(),
    v.check((value) => isAbsent(value) || isScalar(value), 'not a text'),
    v.transform(toTrimmed),
    v.check((value) => value === null || value.length <= longestName, `longer than ${longestName} characters`),
  ),
  null,
)

/** Free text as it was written; null when blank. */
export const text: v.GenericSchema<unknown, string | null> = lenient(toText)

/** Free text without white space around it; null when blank. */
export const trimmed: v.GenericSchema<unknown, string | null> = lenient(toTrimmed)

/** A moment that figures depend on, as a UTC instant. */
export const instant: v.GenericSchema<unknown, string | null> = v.optional(
  v.pipe(
    v.unknown(),
    v.check((value) => isAbsent(value) || readInstant(value) !== null, 'not a date and time with an offset'),
    v.transform(readInstant),
  ),
  null,
)

/** A moment that is only shown. */
export const shownInstant: v.GenericSchema<unknown, string | null> = lenient(readInstant)

/** True only for `true`. */
export const flag: v.GenericSchema<unknown, boolean> = lenient((value) => value === true)

/** True, false, or null when it was not said. */
export const choice: v.GenericSchema<unknown, boolean | null> = lenient((value) => (typeof value === 'boolean' ? value : null))

/** The name of something that comes as `{ name }`, or as the bare name. Of one that is too long only the beginning; the payload has all of it. */
export const name: v.GenericSchema<unknown, string | null> = lenient(toName)

/** A title that stands in an index. Of one that is too long only the beginning, likewise. */
export const indexedTitle: v.GenericSchema<unknown, string | null> = lenient((value) => beginning(toText(value), longestIndexedTitle))

/** The names of a list of such things. */
export const names: v.GenericSchema<unknown, readonly string[]> = lenient(
  (value) => toArray(value).map(toName).filter((item) => item !== null),
)

/** A list, or one item in place of a list; items that cannot be read are left out. */
export function list<T>(item: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, readonly T[]> {
  return lenient((value) =>
    toArray(value).flatMap((entry) => {
      const read = v.safeParse(item, entry)
      return read.success ? [read.output] : []
    }),
  )
}

/** An object, or null when there is none that can be read. */
export function one<T>(item: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, T | null> {
  return lenient((value) => {
    const read = v.safeParse(item, value)
    return read.success ? read.output : null
  })
}

/** A schema that never fails: `read` answers for every value, a missing one being null. */
export function lenient<T>(read: (value: unknown) => T): v.GenericSchema<unknown, T> {
  return v.optional(v.pipe(v.unknown(), v.transform(read)), null)
}

export function toId(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : null
}

export function toText(value: unknown): string | null {
  return isScalar(value) && String(value).trim() !== '' ? String(value) : null
}

export function toTrimmed(value: unknown): string | null {
  return toText(value)?.trim() ?? null
}

export function toArray(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === null || value === undefined ? [] : [value]
}

function toName(value: unknown): string | null {
  return beginning(toText(typeof value === 'object' && value !== null && 'name' in value ? value.name : value), longestName)
}

function beginning(text: string | null, length: number): string | null {
  // No half of a character stays behind.
  return text === null || text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')
}

function readInstant(value: unknown): string | null {
  return typeof value === 'string' ? toInstant(value.trim()) : null
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** `[]` and blank text are sent in place of null. */
function isAbsent(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === ''
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0)
}
