/** A storage behind whose next statement of a snapshot something happens once, when it is armed. */
import type { Storage } from '../../src/storage/storage.ts'
import { aroundStatements } from './around-statements.ts'

export interface InterruptedStorage extends Storage {
  arm(): void
  /** How often it has happened. */
  readonly interruptions: number
}

export function interruptedStorage(storage: Storage, happen: () => Promise<unknown>): InterruptedStorage {
  let armed = false
  let interruptions = 0
  const around = aroundStatements(storage, async (_statement, ask, place) => {
    const result = await ask()
    if (armed && place === 'snapshot') {
      armed = false
      interruptions += 1
      await happen()
    }
    return result
  })
  return {
    ...around,
    arm() { armed = true },
    get interruptions() { return interruptions },
  }
}
