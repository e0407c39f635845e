/**
 * A long text as a value to bind, and the expression for its place in a statement. On SQLite it is bound as its bytes: what
 * SQLite in WebAssembly costs per character is more than all the rest of writing it, and bytes are copied at once.
 */
import { sql, type RawBuilder } from 'kysely'
import type { Dialect, JsonValue, SqlValue } from './storage.ts'

const encoder = new TextEncoder()

/** @param value without what PostgreSQL cannot store, which is not looked for here */
export function longText(dialect: Dialect, value: string | readonly JsonValue[]): SqlValue {
  if (dialect !== 'sqlite') return value
  return encoder.encode(typeof value === 'string' ? value : JSON.stringify(value))
}

/** @param value as `longText` gives it; left out where it is bound later */
export function longTextPlace(dialect: Dialect, value: SqlValue = null): RawBuilder<string> {
  return dialect === 'sqlite' ? sql<string>`cast(${sql.val(value)} as text)` : sql<string>`${sql.val(value)}`
}
