/**
 * Operations as they are remembered: the same text for the same operations on every run, with bound values reduced to a
 * hash, since rows and parameters can be secret or large. A change of comments or formatting in a revision file does not
 * show, a change of what it does.
 */
import { hexOf } from '../hex.ts'
import type { JsonObject, JsonValue } from '../storage/storage.ts'
import { type Operation, summarizeOperation } from './operation.ts'

/** An operation as the history table keeps it. */
export async function describeOperation(operation: Operation): Promise<JsonObject> {
  if (operation.kind === 'execute') {
    const { sql, parameters } = operation.statement
    return { kind: 'execute', sql, ...(parameters === undefined || parameters.length === 0 ? {} : { parameters: await sha256(canonicalJson(parameters)) }) }
  }
  if (operation.kind === 'insert') {
    return { kind: 'insert', table: operation.table, rows: operation.rows.length, content: await sha256(canonicalJson(operation.rows)) }
  }
  if (operation.kind === 'updateInBatches') {
    // How many rows a range has is no part of what is done.
    const { size: _size, ...what } = operation
    return JSON.parse(canonicalJson(what)) as JsonObject
  }
  return JSON.parse(canonicalJson(operation)) as JsonObject
}

/** One line for people, as for the operation itself. */
export function summarizeDescription(description: JsonObject): string {
  try {
    // A description keeps all that a summary reads; what another version wrote may not.
    return summarizeOperation(description as unknown as Operation)
  } catch {
    const { kind } = description
    return typeof kind === 'string' ? kind : 'operation'
  }
}

/** SHA-256 over the described operations, 64 hex digits. */
export async function checksumOf(operations: readonly JsonObject[]): Promise<string> {
  return sha256(canonicalJson(operations))
}

/** JSON with sorted keys, the same text for equal values; bigints and bytes as text; what is undefined is left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(canonical(value))
}

function canonical(value: unknown): JsonValue | undefined {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Uint8Array) return `bytes:${hexOf(value)}`
  if (Array.isArray(value)) return value.map((item) => canonical(item) ?? null)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, canonical(item)]))
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null ? value : undefined
}

async function sha256(text: string): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
