/**
 * A long text as a value to bind, and the expression for its place in a statement. On SQLite it is bound as its bytes: what
 * SQLite in WebAssembly costs per character is more than all the rest of writing it, and bytes are copied at once.
 */
import { sql, type RawBuilder } from 'kysely'
import type { Dialect, SqlValue } from './storage.ts'

const encoder = new TextEncoder()

/** @param text without what PostgreSQL cannot store, which is not looked for here */
export function longText(dialect: Dialect, text: string): SqlValue {
  return dialect === 'sqlite' ? encoder.encode(text) : text
}

export function longTextPlace(dialect: Dialect): RawBuilder<string> {
  return dialect === 'sqlite' ? sql<string>`cast(${sql.val(null)} as text)` : sql<string>`${sql.val(null)}`
}
