/**
 * Long texts are bound as their bytes: what SQLite in WebAssembly costs per character is more than all the rest of writing
 * one, and bytes are copied at once. Their place in a statement is `cast(? as text)`.
 */
import type { JsonValue } from '../storage.ts'

const encoder = new TextEncoder()

/** @param value a text, or JSON to be written as one; without what PostgreSQL cannot store, which is not looked for here */
export function longText(value: string | readonly JsonValue[]): Uint8Array {
  return encoder.encode(typeof value === 'string' ? value : JSON.stringify(value))
}
