import { afterEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { TidemarkDatabase } from '../../src/model/schema.ts'
import type { QueryContext } from '../../src/repositories/context.ts'
import { kyselyFor } from '../../src/storage/kysely.ts'
import { runScheduler } from '../../src/sync/scheduler.ts'
import type { SyncResult } from '../../src/sync/types.ts'
import { createTestioClient } from '../../src/testio/client.ts'
import { engineNamed } from '../support/engines.ts'
import { impatient, openOver, simulatedAccount, testClock, type TestClock } from '../support/simulated-account.ts'

const interval = 3_600
const stops: AbortController[] = []
const storages: Storage[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) stop.abort()
  for (const storage of storages.splice(0)) await storage.close()
})

/** Time that goes on when everybody sleeps, to the moment when the first one wakes. */
class SharedTime {
  readonly #clock: TestClock
  readonly #sleepers: number
  readonly #waking: { readonly at: number; readonly wake: () => void }[] = []

  constructor(clock: TestClock, sleepers: number) {
    this.#clock = clock
    this.#sleepers = sleepers
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waking.push({ at: this.#clock.now() + milliseconds, wake: resolve })
      if (this.#waking.length < this.#sleepers) return
      this.#waking.sort((a, b) => a.at - b.at)
      const first = this.#waking.shift()
      this.#clock.advance(Math.max(0, (first?.at ?? 0) - this.#clock.now()))
      first?.wake()
    })
  }
}

/** A scheduler as a process has it; `runs` is what it did. */
function scheduler(
  simulator: Simulator, storage: Storage, clock: TestClock, options: { readonly until: number; readonly products?: readonly number[]; readonly time?: SharedTime; readonly stop?: AbortController },
): { readonly done: Promise<void>; readonly runs: SyncResult[]; readonly pauses: number[] } {
  const { stop = new AbortController(), time = new SharedTime(clock, 1) } = options
  stops.push(stop)
  const runs: SyncResult[] = []
  const pauses: number[] = []
  const context: QueryContext = { storage, db: kyselyFor<TidemarkDatabase>(storage, storage.dialect), customerId: 1, now: clock.now, timeZone: 'UTC', refreshSeconds: interval }
  const client = createTestioClient({ ...impatient(simulator), retries: 0, now: clock.now })
  const done = runScheduler({ context, client, holder: 'scheduler', openFreshCopy: undefined }, {
    intervalSeconds: interval,
    products: options.products,
    signal: stop.signal,
    onRun: (result) => runs.push(result),
    async sleep(milliseconds) {
      pauses.push(milliseconds)
      await time.sleep(milliseconds)
      if (clock.now() >= options.until) stop.abort()
    },
  })
  return { done, runs, pauses }
}

async function migrated(simulator: Simulator): Promise<Storage> {
  const storage = await engineNamed('sqljs memory').open()
  storages.push(storage)
  await openOver(simulator, storage)
  return storage
}

const hours = (count: number): number => count * 3_600_000

describe('a scheduler', () => {
  it('reads everything at first, and again whenever it is as old as the interval', async () => {
    const simulator = simulatedAccount()
    const storage = await migrated(simulator)
    const clock = testClock()
    const { done, runs } = scheduler(simulator, storage, clock, { until: clock.now() + hours(3.5) })
    await done
    expect(runs.map((run) => [run.outcome, run.new > 0])).toEqual([['success', true], ['success', false], ['success', false], ['success', false]])
  })

  it('reads again what was read, and failed, before the clock was set back', async () => {
    const simulator = simulatedAccount()
    const storage = await migrated(simulator)
    const clock = testClock()
    const [dead] = simulator.truth.products
    simulator.setFaults({ deadProducts: [{ id: dead?.id ?? 0, status: 403 }] })
    await scheduler(simulator, storage, clock, { until: clock.now() + hours(0.5) }).done
    simulator.setFaults({})
    clock.advance(-hours(24 * 365))

    const { done, runs } = scheduler(simulator, storage, clock, { until: clock.now() + hours(1.5) })
    await done

    expect(runs.map((run) => run.outcome)).toEqual(['success', 'success'])
    for (const run of runs) expect(new Set(run.steps.map((step) => step.productId))).toEqual(new Set([null, ...simulator.truth.products.map(({ id }) => id)]))
  })

  it('leaves to others what they have read: two of them cost what one does', async () => {
    const requestsOf = async (schedulers: number): Promise<number> => {
      const simulator = simulatedAccount()
      const storage = await migrated(simulator)
      const clock = testClock()
      const [time, stop] = [new SharedTime(clock, schedulers), new AbortController()]
      const all = Array.from({ length: schedulers }, () => scheduler(simulator, storage, clock, { until: clock.now() + hours(5), time, stop }))
      // Whoever wakes last ends them all; the others sleep on.
      await Promise.race(all.map(({ done }) => done))
      return simulator.requestCount
    }
    const one = await requestsOf(1)
    expect(await requestsOf(2)).toBeLessThanOrEqual(one)
    expect(await requestsOf(3)).toBeLessThanOrEqual(one)
  })

  it('goes on after a restart where the one before it stood', async () => {
    const simulator = simulatedAccount()
    const storage = await migrated(simulator)
    const clock = testClock()
    await (await openOver(simulator, storage, { now: clock.now })).sync()
    clock.advance(hours(0.5))
    const { done, pauses, runs } = scheduler(simulator, storage, clock, { until: clock.now() + hours(0.4) })
    await done
    expect(runs).toEqual([])
    expect(pauses[0]).toBe(hours(0.5))
  })

  it('leaves a product that fails alone for longer and longer, and goes on with the others', async () => {
    const simulator = simulatedAccount()
    const [dead, ...alive] = simulator.truth.products
    if (dead === undefined) throw new Error('the account has no product')
    simulator.setFaults({ deadProducts: [{ id: dead.id, status: 403 }] })
    const storage = await migrated(simulator)
    const clock = testClock()
    const { done, runs } = scheduler(simulator, storage, clock, { until: clock.now() + hours(2.5) })
    await done
    const tries = (id: number): number => runs.filter((run) => run.steps.some((step) => step.productId === id)).length
    // At once, then a minute later, two, four, … within the two and a half hours.
    expect(tries(dead.id)).toBe(8)
    for (const { id } of alive) expect(tries(id)).toBe(3)
  })

  it('does not storm an account whose API is down', async () => {
    const simulator = simulatedAccount()
    simulator.setFaults({ outage: true })
    const storage = await migrated(simulator)
    const clock = testClock()
    const { done, runs } = scheduler(simulator, storage, clock, { until: clock.now() + hours(24) })
    await done
    expect(runs.every((run) => run.outcome === 'failed')).toBe(true)
    expect(simulator.requestCount).toBeLessThan(20)
  })

  it('reads only the products it was given', async () => {
    const simulator = simulatedAccount()
    const [wanted] = simulator.truth.products
    const storage = await migrated(simulator)
    const clock = testClock()
    const { done, runs } = scheduler(simulator, storage, clock, { until: clock.now() + hours(2.5), products: [wanted?.id ?? 0] })
    await done
    expect(runs).toHaveLength(3)
    expect(new Set(runs.flatMap((run) => run.steps.map((step) => step.productId)))).toEqual(new Set([null, wanted?.id]))
  })

  it('stops at once, in the middle of a sync, too', async () => {
    const simulator = simulatedAccount()
    const tidemark = await openOver(simulator, await engineNamed('sqljs memory').open(), {
      testio: impatient(simulator, {
        fetch(request) {
          requests += 1
          if (requests === 6) stop.abort()
          return simulator.fetch(request)
        },
      }),
    })
    const stop = new AbortController()
    let requests = 0
    const runs: SyncResult[] = []
    await tidemark.schedule({ intervalSeconds: 60, signal: stop.signal, onRun: (run) => runs.push(run) })
    expect(runs.map((run) => run.outcome)).toEqual(['cancelled'])
    expect((await tidemark.syncStatus()).running).toBeNull()
    await tidemark.close()
  })
})
