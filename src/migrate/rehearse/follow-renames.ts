/** Rows as they were, under the names that their tables and columns have after a revision: a rename loses nothing. */
import { isObject } from '../../is-object.ts'
import type { JsonObject, JsonValue } from '../../storage/storage.ts'
import type { RowSnapshot } from '../verify/row-snapshot.ts'

/** @param operations as the history table keeps them */
export function followRenames(rows: RowSnapshot, operations: readonly JsonObject[]): RowSnapshot {
  const renamed = new Map(rows)
  for (const operation of operations.flatMap(withParts)) {
    const { kind, from, to, table, column, change } = operation
    if (kind === 'renameTable' && typeof from === 'string' && typeof to === 'string') {
      const moved = renamed.get(from)
      renamed.delete(from)
      if (moved !== undefined) renamed.set(to, moved)
    }
    const name = isObject(change) ? change['name'] : undefined
    if (kind === 'alterColumn' && typeof table === 'string' && typeof column === 'string' && typeof name === 'string') {
      const before = renamed.get(table)
      const rename = (other: string): string => (other === column ? name : other)
      if (before !== undefined) renamed.set(table, { ...before, columns: before.columns.map(rename), key: before.key?.map(rename) })
    }
  }
  return renamed
}

/** A batch is what stands in it. */
function withParts(operation: JsonObject): readonly JsonObject[] {
  const { kind, operations } = operation
  return kind === 'batch' && Array.isArray(operations) ? operations.filter((part: JsonValue) => isObject(part)) : [operation]
}
