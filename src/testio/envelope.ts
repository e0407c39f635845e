/**
 * Takes records out of the envelope of an answer. One record that cannot be read never loses the others: it is named beside
 * them, and the raw count says how many there were, so that the end of a list is never guessed from what was readable.
 */
import * as v from 'valibot'
import type { TidemarkError } from '../errors.ts'
import { isObject } from '../is-object.ts'
import { apiError, malformed } from './failure.ts'
import type { Answer } from './transport.ts'
import { toId } from './wire/fields.ts'
import type { RecordSchema, WireRecord } from './wire/record.ts'

export interface MalformedRecord {
  /** Null when not even the id can be read. */
  readonly id: number | null
  /** Which field, and what it is not; without what was received. */
  readonly reason: string
}

export interface WireList<T> {
  readonly records: readonly T[]
  readonly malformed: readonly MalformedRecord[]
  /** Records in the answer, readable or not. */
  readonly rawCount: number
}

/**
 * The records of a list answer. A null list is an empty one.
 *
 * @throws TidemarkError `api_malformed` when the answer is not an object or has no such list
 */
export function readList<T extends WireRecord>(answer: Answer, envelope: string, schema: RecordSchema<T>): WireList<T> {
  const raw = rowsOf(answer, envelope)
  const records: T[] = []
  const broken: MalformedRecord[] = []
  for (const item of raw) {
    const read = readRecord(item, schema)
    if (read.reason === undefined) records.push(read.record)
    else broken.push({ id: idOf(item), reason: read.reason })
  }
  return { records, malformed: broken, rawCount: raw.length }
}

/** The id of every record of a list answer, readable or not, in its order; null where even that cannot be read. */
export function readIds(answer: Answer, envelope: string): readonly (number | null)[] {
  return rowsOf(answer, envelope).map(idOf)
}

/**
 * The one record of an answer.
 *
 * @throws TidemarkError `api_malformed` when the answer is not an object, lacks the envelope, or the record cannot be
 * read or has another id than was asked for
 */
export function readOne<T extends WireRecord & { readonly id: number }>(
  answer: Answer, envelope: string, schema: RecordSchema<T>, id: number,
): T {
  const read = readRecord(contentOf(answer, envelope), schema)
  if (read.reason !== undefined) throw unusable(answer, `The record under "${envelope}" cannot be read: ${read.reason}.`)
  if (read.record.id !== id) throw unusable(answer, `The record under "${envelope}" has another id than was asked for.`)
  return read.record
}

/** The number under `meta.record_count`; null when it was not sent. */
export function readRecordCount({ json }: Answer): number | null {
  const count = isObject(json) && isObject(json['meta']) ? Number(json['meta']['record_count'] ?? Number.NaN) : Number.NaN
  return Number.isSafeInteger(count) && count >= 0 ? count : null
}

function rowsOf(answer: Answer, envelope: string): readonly unknown[] {
  const rows = contentOf(answer, envelope) ?? []
  if (!Array.isArray(rows)) throw unusable(answer, `The answer has no list under "${envelope}".`)
  return rows
}

function idOf(row: unknown): number | null {
  return isObject(row) ? toId(row['id']) : null
}

function contentOf(answer: Answer, envelope: string): unknown {
  const { json } = answer
  if (!isObject(json)) throw unusable(answer, 'The answer is not an object.')
  if (!Object.hasOwn(json, envelope)) throw unusable(answer, `The answer has no "${envelope}".`)
  return json[envelope]
}

function unusable(answer: Answer, why: string): TidemarkError {
  return apiError(malformed(why, answer.status), answer)
}

function readRecord<T extends WireRecord>(
  raw: unknown, schema: RecordSchema<T>,
): { readonly record: T; readonly reason?: undefined } | { readonly reason: string } {
  if (!isObject(raw)) return { reason: 'not an object' }
  const read = v.safeParse(schema, raw)
  if (!read.success) return { reason: read.issues.map((issue) => `${v.getDotPath(issue) ?? 'record'}: ${issue.message}`).join('; ') }
  // The schema gives everything of T but the payload.
  return { record: { ...read.output, payload: raw } as T }
}
