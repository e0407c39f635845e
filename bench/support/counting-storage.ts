/** A storage that counts the statements that are asked of it outside of transactions. Counts do not flake. */
import type { Storage } from '../../src/storage/storage.ts'
import { aroundStatements } from '../../test/support/around-statements.ts'

export interface CountingStorage extends Storage {
  /** Statements since the last call of `takeCount`. */
  takeCount(): number
}

export function countingStorage(storage: Storage): CountingStorage {
  let count = 0
  const around = aroundStatements(storage, (_statement, ask, place) => {
    if (place !== 'transaction') count += 1
    return ask()
  })
  return {
    ...around,
    takeCount() {
      const taken = count
      count = 0
      return taken
    },
  }
}
