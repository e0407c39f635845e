/** A storage with something around each of its statements: what counts, records, interrupts or refuses them is built on it. */
import type { Queryable, QueryResult, Statement, Storage, Transaction } from '../../src/storage/storage.ts'

/** Where a statement is asked: of the storage itself, of a snapshot, or in a transaction. */
export type StatementPlace = 'alone' | 'snapshot' | 'transaction'

/** @param ask asks the storage itself */
export type AroundStatement = <R>(statement: Statement, ask: () => Promise<QueryResult<R>>, place: StatementPlace) => Promise<QueryResult<R>>

/** All members are its own, so that it can be spread. */
export function aroundStatements(storage: Storage, around: AroundStatement): Storage {
  const query = (inner: Queryable, place: StatementPlace) => <R>(statement: Statement): Promise<QueryResult<R>> => around(statement, () => inner.query<R>(statement), place)
  const wrapped = (tx: Transaction): Transaction => ({
    dialect: tx.dialect,
    query: query(tx, 'transaction'),
    transaction: (run) => tx.transaction((inner) => run(wrapped(inner))),
  })
  return {
    name: storage.name,
    dialect: storage.dialect,
    capabilities: storage.capabilities,
    openShadow: storage.openShadow,
    query: query(storage, 'alone'),
    snapshot: (read) => storage.snapshot((view) => read({ query: query(view, 'snapshot') })),
    transaction: (run, options) => storage.transaction((tx) => run(wrapped(tx)), options),
    close: () => storage.close(),
    [Symbol.asyncDispose]: () => storage.close(),
  }
}
