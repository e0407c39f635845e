/** A storage that counts what is written through it. Counts do not flake. */
import type { Storage } from '../../src/storage/storage.ts'
import { aroundStatements } from '../../test/support/around-statements.ts'

export interface WriteCounts {
  readonly transactions: number
  /** In and outside of transactions. */
  readonly statements: number
  /** Of what was copied from the account. */
  readonly dataRows: number
  /** Of the ledger, the watermarks, the quarantine and the lease. */
  readonly bookkeepingRows: number
}

export interface CountedStorage extends Storage {
  /** Since the last call. */
  takeCounts(): WriteCounts
}

const bookkeeping = /^(leases|sync_\w+|quarantine)$/

export function countedWrites(storage: Storage): CountedStorage {
  const none = { transactions: 0, statements: 0, dataRows: 0, bookkeepingRows: 0 }
  let counts = { ...none }
  const around = aroundStatements(storage, async (statement, ask) => {
    counts.statements += 1
    const result = await ask()
    const [, table] = /^\s*(?:insert into|update|delete from)\s+"?(\w+)/.exec(statement.sql) ?? []
    if (table !== undefined) counts[bookkeeping.test(table) ? 'bookkeepingRows' : 'dataRows'] += result.affectedRows
    return result
  })
  return {
    ...around,
    transaction(run, options) {
      counts.transactions += 1
      return around.transaction(run, options)
    },
    takeCounts() {
      const taken = counts
      counts = { ...none }
      return taken
    },
  }
}
