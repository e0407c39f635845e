/** A storage as a process has it that may be killed: from then on nothing reaches the database any more, also no commit. */
import { TidemarkError } from '../../src/errors.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { aroundStatements } from './around-statements.ts'

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
  const around = aroundStatements(storage, async (_statement, ask) => {
    live()
    return ask()
  })
  return {
    ...around,
    async transaction(run, options) {
      live()
      return around.transaction(async (tx) => {
        const result = await run(tx)
        live()
        return result
      }, options)
    },
    async snapshot(read) {
      live()
      return around.snapshot(read)
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
