/** What all records of the wire have in common: the schemas give the fields, and the reader of an answer adds the payload. */
import * as v from 'valibot'
import { reference, text } from './fields.ts'

export type Payload = Readonly<Record<string, unknown>>

export interface WireRecord {
  /** The record as the API gave it, less every credential. */
  readonly payload: Payload
}

export type RecordSchema<T extends WireRecord> = v.GenericSchema<unknown, Omit<T, 'payload'>>

/** Another entity, as far as a record names it. */
export interface WireReference {
  readonly id: number | null
  /** Its title or name. */
  readonly title: string | null
}

const ReferenceFields = v.object({ id: reference, title: text, name: text })

/** `{ id, title }` or `{ id, name }`; fails on what has neither. */
export const ReferenceSchema: v.GenericSchema<unknown, WireReference> = v.pipe(
  ReferenceFields,
  v.transform((wire): WireReference => ({ id: wire.id, title: wire.title ?? wire.name })),
  v.check((found) => found.id !== null || found.title !== null),
)
