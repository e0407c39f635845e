/**
 * How PostgreSQL values become port values and back, by type oid, for `pg` and PGlite alike. Both speak the text format.
 * A type that is not listed comes as the text that PostgreSQL writes, arrays included.
 */
import { hexOf } from '../../hex.ts'
import { instantFromText } from '../instant-text.ts'
import type { BoundValue } from '../parameter.ts'

export type DecodeText = (text: string) => unknown

/** The text form of a bound value; PostgreSQL knows the type from the place where it is used. */
export function postgresParameter(value: BoundValue): string | null {
  return value === null ? null : value instanceof Uint8Array ? `\\x${hexOf(value)}` : String(value)
}

export function postgresDecoder(oid: number): DecodeText {
  return decoders.get(oid) ?? asText
}

/** The oids that have a decoder of their own. */
export function decodedOids(): Iterable<number> {
  return decoders.keys()
}

const asText: DecodeText = (text) => text

const decoders: ReadonlyMap<number, DecodeText> = new Map<number, DecodeText>([
  [16, (text) => text === 't'], // bool
  [17, bytesFromHex], // bytea
  [20, integerFromText], // int8
  [21, Number], // int2
  [23, Number], // int4
  [26, Number], // oid
  [700, Number], // float4
  [701, Number], // float8
  [1700, numericFromText], // numeric
  [1114, instantFromText], // timestamp
  [1184, instantFromText], // timestamptz
  [114, JSON.parse], // json
  [3802, JSON.parse], // jsonb
])

function integerFromText(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

/** A number when its shortest decimal form has the same digits, else the text. */
function numericFromText(text: string): number | string {
  const number = Number(text)
  return Number.isFinite(number) && plain(String(number)) === plain(text) ? number : text
}

/** Without the zeros that do not count. */
function plain(decimal: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)0*(\d*)\.?(\d*?)0*$/.exec(decimal) ?? []
  return whole === '' && fraction === '' ? '0' : `${sign}${whole}.${fraction}`
}

function bytesFromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 - 1 }, (_, index) => Number.parseInt(text.slice(index * 2 + 2, index * 2 + 4), 16))
}
