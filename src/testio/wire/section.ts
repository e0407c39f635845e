/** Sections of a product, as the API sends them. */
import * as v from 'valibot'
import { id, text } from './fields.ts'

export interface WireSection {
  readonly id: number
  readonly name: string | null
}

export const SectionSchema: v.GenericSchema<unknown, WireSection> = v.object({ id, name: text })
