/** A storage that counts what is written through it. Counts do not flake. */
import type { QueryResult, Queryable, Statement, Storage, Transaction } from '../../src/storage/storage.ts'

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
  const query = (inner: Queryable) => async <R>(statement: Statement): Promise<QueryResult<R>> => {
    counts.statements += 1
    const result = await inner.query<R>(statement)
    const [, table] = /^\s*(?:insert into|update|delete from)\s+"?(\w+)/.exec(statement.sql) ?? []
    if (table !== undefined) counts[bookkeeping.test(table) ? 'bookkeepingRows' : 'dataRows'] += result.affectedRows
    return result
  }
  const counted = (tx: Transaction): Transaction => ({
    dialect: tx.dialect,
    query: query(tx),
    transaction: (run) => tx.transaction((inner) => run(counted(inner))),
  })
  return {
    name: storage.name,
    dialect: storage.dialect,
    capabilities: storage.capabilities,
    openShadow: storage.openShadow,
    query: query(storage),
    snapshot: (read) => storage.snapshot((view) => read({ query: query(view) })),
    transaction(run, options) {
      counts.transactions += 1
      return storage.transaction((tx) => run(counted(tx)), options)
    },
    close: () => storage.close(),
    [Symbol.asyncDispose]: () => storage.close(),
    takeCounts() {
      const taken = counts
      counts = { ...none }
      return taken
    },
  }
}
