/** A storage as a process has it that may be killed: from then on nothing reaches the database any more, also no commit. */
import { TidemarkError } from '../../src/errors.ts'
import type { Queryable, Storage, Transaction } from '../../src/storage/storage.ts'

export interface MortalStorage extends Storage {
  kill(): void
  readonly isDead: boolean
  /** Statements and transactions so far. */
  readonly calls: number
  /** Dies at the call with this number. */
  killAt(call: number): void
}

export function mortalStorage(storage: Storage): MortalStorage {
  let isDead = false
  let calls = 0
  let fatal = Number.POSITIVE_INFINITY
  const live = (): void => {
    calls += 1
    if (calls >= fatal) isDead = true
    if (isDead) throw new TidemarkError('storage_unavailable', 'Cannot reach the database', { why: 'The process was killed.', next: 'Start another one.' })
  }
  const query = (inner: Queryable): Queryable['query'] => async (statement) => {
    live()
    return inner.query(statement)
  }
  const mortal = (tx: Transaction): Transaction => ({
    dialect: tx.dialect,
    query: query(tx),
    transaction: (run) => tx.transaction((inner) => run(mortal(inner))),
  })
  return {
    name: storage.name,
    dialect: storage.dialect,
    capabilities: storage.capabilities,
    openShadow: storage.openShadow,
    query: query(storage),
    async transaction(run, options) {
      live()
      return storage.transaction(async (tx) => {
        const result = await run(mortal(tx))
        live()
        return result
      }, options)
    },
    async snapshot(read) {
      live()
      return storage.snapshot((view) => read({ query: query(view) }))
    },
    // The database outlives the process.
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
    kill() { isDead = true },
    get isDead() { return isDead },
    killAt(call) { fatal = call },
    get calls() { return calls },
  }
}
