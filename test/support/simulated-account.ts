/** A simulated account and a Tidemark that reads it, for tests of sync and queries. */
import { openTidemark } from '../../src/mod.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { TestioClientOptions } from '../../src/testio/settings.ts'
import type { Logger, OpenTidemarkOptions, TestioOptions, Tidemark } from '../../src/tidemark.ts'

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

/** A clock that stands still until it is told to go on. */
export interface TestClock {
  readonly now: () => number
  advance(milliseconds: number): void
}

export function testClock(start = testNow): TestClock {
  let at = start
  return { now: () => at, advance(milliseconds) { at += milliseconds } }
}

/** How to reach the simulator without waiting between attempts. */
export function impatient(simulator: Simulator, overrides: Partial<TestioClientOptions> = {}): TestioOptions {
  const options: TestioClientOptions = {
    token: 'test-token', baseUrl: 'http://simulator.invalid/customer/v2/', fetch: (request) => simulator.fetch(request), sleep: async () => undefined, ...overrides,
  }
  return options
}

/** Every test that ended some weeks ago becomes final, as in an account where people decide soon. */
export function archiveOldTests(simulator: Simulator): void {
  const old = new Date(testNow - 20 * 86_400_000).toISOString()
  for (const test of simulator.truth.tests) if (test.endAt !== null && test.endAt < old && test.status !== 'cancelled') simulator.change.setTestStatus(test.id, 'archived')
}

/** Adds tests to a product, newest end first: one a day, back from the day before the account's present. */
export function addArchivedTests(simulator: Simulator, productId: number, count: number): void {
  for (let day = 1; day <= count; day += 1) {
    const endAt = new Date(testNow - day * 86_400_000).toISOString()
    simulator.change.addTest(productId, { title: `Added ${day}`, status: 'archived', startAt: new Date(testNow - (day + 1) * 86_400_000).toISOString(), endAt })
  }
}
