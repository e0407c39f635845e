/** Empties a database that is there for trying things out, whatever refers to what. */
import { quoteIdentifier as id } from '../schema/identifier.ts'
import type { Storage, Transaction } from './storage.ts'

/** @param tables the ordinary ones; on SQLite virtual tables are emptied with them, as far as they let themselves be */
export async function deleteAllRows(shadow: Storage, tables: readonly string[]): Promise<void> {
  if (shadow.dialect === 'postgres') {
    if (tables.length > 0) await shadow.query({ sql: `truncate ${tables.map(id).join(', ')} cascade` })
    return
  }
  await shadow.transaction(
    async (tx) => {
      for (const table of tables) await deleteFrom(tx, table)
      // What a full-text index still knows of the rows would be in the way of new ones.
      const { rows } = await tx.query<{ name: string }>({ sql: `select name from sqlite_schema where type = 'table' and sql like 'create virtual%'` })
      for (const { name } of rows) await tx.transaction((inner) => deleteFrom(inner, name)).catch(() => undefined)
    },
    { foreignKeys: 'suspended' },
  )
}

async function deleteFrom(tx: Transaction, table: string): Promise<void> {
  await tx.query({ sql: `delete from ${id(table)}` })
}
