/** A storage that counts the statements that go through it. Counts do not flake. */
import type { Queryable, Storage } from '../../src/storage/storage.ts'

export interface CountingStorage extends Storage {
  /** Statements since the last call of `takeCount`. */
  takeCount(): number
}

export function countingStorage(storage: Storage): CountingStorage {
  let count = 0
  const counted = (queryable: Queryable): Queryable['query'] => (statement) => {
    count += 1
    return queryable.query(statement)
  }
  return {
    name: storage.name,
    dialect: storage.dialect,
    capabilities: storage.capabilities,
    query: counted(storage),
    snapshot: (read) => storage.snapshot((view) => read({ query: counted(view) })),
    transaction: (run, options) => storage.transaction(run, options),
    close: () => storage.close(),
    [Symbol.asyncDispose]: () => storage.close(),
    takeCount() {
      const taken = count
      count = 0
      return taken
    },
  }
}
