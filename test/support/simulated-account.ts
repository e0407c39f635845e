/** A simulated account and a Tidemark that reads it, for tests of sync and queries. */
import { openTidemark } from '../../src/mod.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { Logger, OpenTidemarkOptions, Tidemark } from '../../src/tidemark.ts'

/** The fixed moment of tests; the account has lived up to it. */
export const testNow = Date.UTC(2026, 10, 20, 12)

export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

export function simulatedAccount(options: SimulatorOptions = {}): Simulator {
  return createSimulator({ now: testNow, token: 'test-token', ...options })
}

/** Opened over the simulator's handler, without a network in between. */
export function openOver(simulator: Simulator, storage: Storage, options: Partial<OpenTidemarkOptions> = {}): Promise<Tidemark> {
  return openTidemark({
    storage,
    customerId: 1,
    testio: { token: 'test-token', baseUrl: 'http://simulator.invalid/customer/v2/', fetch: (request) => simulator.fetch(request) },
    now: () => testNow,
    logger: silentLogger,
    ...options,
  })
}
