/** Rows brought into a SQLite database as they were in another one: no trigger runs, no foreign key is in the way. */
import { quoteIdentifier as id } from '../../schema/identifier.ts'
import type { Storage, Transaction } from '../storage.ts'

/** Runs `load` in a transaction and commits it. */
export function sqliteBulkLoad(shadow: Storage, load: (tx: Transaction) => Promise<void>): Promise<void> {
  return shadow.transaction(
    async (tx) => {
      const { rows: triggers } = await tx.query<{ name: string; sql: string }>({ sql: `select name, sql from sqlite_schema where type = 'trigger' order by rowid` })
      for (const { name } of triggers) await tx.query({ sql: `drop trigger ${id(name)}` })
      await load(tx)
      for (const { sql } of triggers) await tx.query({ sql })
    },
    { foreignKeys: 'suspended' },
  )
}
