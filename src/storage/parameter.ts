/**
 * What may be bound, checked once for every engine and before the engine sees it. JSON is encoded here, so adapters
 * meet six kinds of value only. Text that PostgreSQL cannot store (NUL, lone surrogates) is refused on all engines, so
 * that a program that works on one works on all. Messages name the position of a value, never the value.
 */
import { TidemarkError } from '../errors.ts'
import { JsonParameter } from './storage.ts'

/** A checked value. Numbers are finite, bigints fit 64 bits, text is storable everywhere. */
export type BoundValue = string | number | bigint | boolean | null | Uint8Array

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }
// JSON.stringify writes NUL and lone surrogates as escapes, and doubles every backslash that was in the text.
const unstorableEscape = /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f])/

/** @throws TidemarkError `value_not_supported`, with the 1-based position in `details.position` */
export function bindableParameters(parameters: readonly unknown[] | undefined): readonly BoundValue[] {
  return parameters === undefined ? [] : parameters.map(bindable)
}

function bindable(value: unknown, index: number): BoundValue {
  switch (typeof value) {
    case 'string':
      if (value.includes('\0')) throw unsupported(index, 'is text with a NUL character, which PostgreSQL cannot store')
      if (!value.isWellFormed()) throw unsupported(index, 'is text with half a surrogate pair, which has no UTF-8 form')
      return value
    case 'number':
      if (!Number.isFinite(value)) throw unsupported(index, 'is not a finite number')
      return value
    case 'bigint':
      if (value < int64.min || value > int64.max) throw unsupported(index, 'is an integer of more than 64 bits')
      return value
    case 'boolean':
      return value
    case 'object':
      return value === null || value instanceof Uint8Array ? value : jsonText(value, index)
    default:
      throw unsupported(index, `is of type ${typeof value}`)
  }
}

function jsonText(value: object, index: number): string {
  const content = value instanceof JsonParameter ? value.value : value
  const text = isJson(content) ? encode(content, index) : undefined
  if (text === undefined) throw unsupported(index, 'is neither a plain object, an array nor a JSON value')
  if (unstorableEscape.test(text)) {
    throw unsupported(index, 'is JSON with a NUL character or half a surrogate pair, which PostgreSQL cannot store')
  }
  return text
}

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function encode(value: unknown, index: number): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    throw unsupported(index, 'cannot be written as JSON')
  }
}

function unsupported(index: number, fact: string): TidemarkError {
  return new TidemarkError('value_not_supported', 'Cannot bind a value to the statement', {
    why: `Parameter ${index + 1} ${fact}.`,
    next: 'Bind text, a finite number, a bigint, a boolean, null, bytes (Uint8Array), or a plain object or array as JSON; give an instant as ISO-8601 text.',
    details: { position: index + 1 },
  })
}
