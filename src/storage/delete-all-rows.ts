/** Empties tables of a database that is there for trying things out, whatever refers to what. */
import { quoteIdentifier as id } from '../schema/identifier.ts'
import type { Storage } from './storage.ts'

export async function deleteAllRows(shadow: Storage, tables: readonly string[]): Promise<void> {
  if (tables.length === 0) return
  if (shadow.dialect === 'postgres') {
    await shadow.query({ sql: `truncate ${tables.map(id).join(', ')} cascade` })
    return
  }
  await shadow.transaction(
    async (tx) => {
      for (const table of tables) await tx.query({ sql: `delete from ${id(table)}` })
    },
    { foreignKeys: 'suspended' },
  )
}
