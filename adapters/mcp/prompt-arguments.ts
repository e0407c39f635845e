/** Arguments that several prompts take. */
import * as v from 'valibot'
import { entityReference } from './completions.ts'

const text = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200))

/** An id, `#598 Shop` as the completion writes it, or a name. */
export function reference(description: string) {
  return v.pipe(text, v.transform(entityReference), v.description(description))
}

export function optionalReference(description: string) {
  return v.pipe(v.optional(v.pipe(text, v.transform(entityReference))), v.description(description))
}

export function optionalText(description: string) {
  return v.pipe(v.optional(text), v.description(description))
}

export function period(normally: string) {
  return v.pipe(v.optional(text, normally), v.description(`Time or span, such as "last 30 days", "last quarter" or "Q3 2025" (default "${normally}")`))
}
