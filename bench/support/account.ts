/** A synced account on an engine: what every question is asked of. Made through the library itself, over the simulator's handler. */
import { openTidemark } from '../../src/mod.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { SyncResult } from '../../src/sync/types.ts'
import type { Tidemark } from '../../src/tidemark.ts'

export type Scale = 'demo' | 'seed'

/** A fixed moment, so that every run asks the same questions of the same rows. */
export const benchNow = Date.UTC(2026, 10, 20, 12)
export const benchCustomer = 1

export interface SyncedAccount {
  readonly tidemark: Tidemark
  readonly result: SyncResult
  readonly seconds: number
}

export async function syncedAccount(storage: Storage, scale: Scale): Promise<SyncedAccount> {
  const simulator = createSimulator({ scale, now: benchNow, token: 'bench' })
  const tidemark = await openTidemark({
    storage,
    customerId: benchCustomer,
    testio: { token: 'bench', baseUrl: 'http://simulator.invalid/customer/v2/', fetch: (request) => simulator.fetch(request) },
    now: () => benchNow,
  })
  const start = performance.now()
  const result = await tidemark.sync()
  const seconds = (performance.now() - start) / 1000
  if (result.outcome !== 'success') throw new Error(`the sync of the bench account ended as ${result.outcome}`)
  return { tidemark, result, seconds }
}
