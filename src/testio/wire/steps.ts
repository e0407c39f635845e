/** Steps to reproduce: an array in real data, one text in the vendor's documents, null for some kinds of bugs. */
import type * as v from 'valibot'
import { lenient, toArray, toTrimmed } from './fields.ts'

/** The steps, trimmed, without blank ones; the lines of a single text are steps. */
export const steps: v.GenericSchema<unknown, readonly string[]> = lenient(toSteps)

export function toSteps(value: unknown): readonly string[] {
  const parts = typeof value === 'string' ? value.split(/\r\n|\r|\n/) : toArray(value)
  return parts.map(toTrimmed).filter((step) => step !== null)
}
