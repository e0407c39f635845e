import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { copyOfTruth, readCopy } from '../support/account-copy.ts'
import { aroundStatements } from '../support/around-statements.ts'
import { engineNamed, engines, type Place } from '../support/engines.ts'
import { mortalStorage } from '../support/mortal-storage.ts'
import { impatient, openOver, simulatedAccount, testClock, type TestClock } from '../support/simulated-account.ts'

const opened: Tidemark[] = []
afterEach(async () => {
  for (const tidemark of opened.splice(0)) await tidemark.close()
})

/** A Tidemark as a process of its own has it; `gate` holds its API requests back. */
async function process(simulator: Simulator, storage: Storage, options: { readonly name?: string; readonly gate?: Promise<void>; readonly started?: () => void; readonly clock?: TestClock; readonly customerId?: number } = {}): Promise<Tidemark> {
  const tidemark = await openOver(simulator, storage, {
    customerId: options.customerId ?? 1,
    programName: options.name,
    now: options.clock?.now ?? Date.now,
    testio: impatient(simulator, {
      async fetch(request) {
        options.started?.()
        await options.gate
        return simulator.fetch(request)
      },
    }),
  })
  opened.push(tidemark)
  return tidemark
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let release = (): void => undefined
  const passed = new Promise<void>((resolve) => { release = resolve })
  return { opened: passed, open: () => release() }
}

/** Two storages on one database, as two processes have them. */
async function twice(place: Place): Promise<readonly [Storage, Storage]> {
  return [await place.open(), await place.open()]
}

describe.each(engines.filter(({ name }) => ['sqljs file', 'postgres'].includes(name)))('two processes with one database on $name', (engine) => {
  it('never sync one customer at once: the second is told who does, since when and how far', async () => {
    const simulator = simulatedAccount()
    const [started, api] = [gate(), gate()]
    const [one, two] = await twice(await engine.place())
    const first = await process(simulator, one, { name: 'the scheduler', started: started.open, gate: api.opened })
    const second = await process(simulator, two)
    const running = first.sync()
    await Promise.race([started.opened, running])

    await expect(second.sync()).rejects.toMatchObject({
      code: 'sync_running', retryable: true, why: expect.stringMatching(/run 1, by the scheduler.* since 20\d\d-/),
      details: { holder: 'the scheduler', runId: 1, acquiredAt: expect.any(String) },
    })
    expect((await second.syncStatus()).running).toMatchObject({ holder: 'the scheduler', runId: 1 })

    api.open()
    expect((await running).outcome).toBe('success')
    expect((await second.syncStatus()).running).toBeNull()
    expect((await second.sync()).outcome).toBe('success')
  })

  it('may sync two customers at once', async () => {
    const simulator = simulatedAccount()
    const [started, api] = [gate(), gate()]
    const [one, two] = await twice(await engine.place())
    const first = await process(simulator, one, { started: started.open, gate: api.opened })
    const other = await process(simulator, two, { customerId: 2 })
    const running = first.sync()
    await Promise.race([started.opened, running])
    expect((await other.sync()).outcome).toBe('success')
    api.open()
    expect((await running).outcome).toBe('success')
  })

  it('that lost the lease while it slept writes nothing more, and leaves the run to the other', async () => {
    const simulator = simulatedAccount()
    const [started, api] = [gate(), gate()]
    const [one, two] = await twice(await engine.place())
    const first = await process(simulator, one, { started: started.open, gate: api.opened })
    const second = await process(simulator, two)
    const running = first.sync()
    await Promise.race([started.opened, running])
    // As if it had given no sign of life for half a minute.
    await two.query({ sql: `update leases set expires_at = '2000-01-01T00:00:00.000Z'` })
    expect((await second.sync()).outcome).toBe('success')

    simulator.change.renameProduct(simulator.truth.products[0]?.id ?? 0, 'Renamed meanwhile')
    api.open()
    const lost = await running

    expect(lost.outcome).toBe('interrupted')
    expect((await second.products.list({ search: 'Renamed meanwhile' })).total).toBe(0)
    const { runs } = await second.syncStatus()
    expect(runs.map(({ runId, outcome }) => [runId, outcome])).toEqual([[2, 'success'], [1, 'interrupted']])
  })
})

describe.each(['sqljs file', 'postgres'])('a sync that ends while somebody on %s asks for it', (name) => {
  it.each([
    ['the status', async (tidemark: Tidemark) => (await tidemark.syncStatus()).runs[0]?.outcome],
    ['the doctor', async (tidemark: Tidemark) => (await tidemark.diagnostics()).sync.lastRun?.outcome],
  ])('is not called interrupted by %s', async (_, ask) => {
    const simulator = simulatedAccount()
    const [started, api] = [gate(), gate()]
    const [one, two] = await twice(await engineNamed(name).place())
    const running = (await process(simulator, one, { started: started.open, gate: api.opened })).sync()
    await Promise.race([started.opened, running])
    let isAsked = false
    const asking = await process(simulator, aroundStatements(two, async (statement, read) => {
      const result = await read()
      if (!isAsked && /^select .*from "sync_runs".* order by "id" desc/.test(statement.sql)) {
        isAsked = true
        api.open()
        await running
      }
      return result
    }))

    expect([null, 'success']).toContain(await ask(asking))
    expect(isAsked).toBe(true)
    expect(await ask(asking)).toBe('success')
  })
})

describe('a sync that takes more than an hour', () => {
  afterEach(() => { vi.useRealTimers() })

  it('keeps its lease as long as it lives', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const simulator = simulatedAccount()
    const storage = await engineNamed('sqljs memory').open()
    const clock = testClock()
    const [started, api] = [gate(), gate()]
    const first = await process(simulator, storage, { clock, started: started.open, gate: api.opened })
    const running = first.sync()
    await Promise.race([started.opened, running])

    for (let second = 0; second < 4_000; second += 5) {
      clock.advance(5_000)
      vi.advanceTimersByTime(5_000)
      // The beat is written before the next one.
      await storage.query({ sql: 'select 1' })
    }
    await expect(first.sync()).rejects.toMatchObject({ code: 'sync_running', details: { heartbeatAt: new Date(clock.now()).toISOString() } })

    api.open()
    expect((await running).outcome).toBe('success')
  })
})

describe('a killed process', () => {
  it('delays the next sync by at most 30 seconds, and its run is closed as interrupted', async () => {
    const simulator = simulatedAccount()
    const storage = await engineNamed('sqljs memory').open()
    const clock = testClock()
    const mortal = mortalStorage(storage)
    let requests = 0
    const killed = await openOver(simulator, mortal, {
      now: clock.now,
      testio: impatient(simulator, {
        fetch(request) {
          requests += 1
          if (requests === 7) mortal.kill()
          return simulator.fetch(request)
        },
      }),
    })
    await expect(killed.sync()).rejects.toMatchObject({ code: 'storage_unavailable' })

    const next = await process(simulator, storage, { clock })
    clock.advance(20_000)
    await expect(next.sync()).rejects.toMatchObject({ code: 'sync_running' })
    expect((await next.syncStatus()).runs).toMatchObject([{ runId: 1, outcome: null }])
    clock.advance(10_000)
    expect((await next.syncStatus()).runs).toMatchObject([{ runId: 1, outcome: 'interrupted', finishedAt: expect.any(String) }])
    expect((await next.sync()).outcome).toBe('success')
    expect(await readCopy(storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it('delays it no longer when the clock is set back meanwhile', async () => {
    const simulator = simulatedAccount()
    const storage = await engineNamed('sqljs memory').open()
    const clock = testClock()
    const mortal = mortalStorage(storage)
    const killed = await openOver(simulator, mortal, {
      now: clock.now,
      testio: impatient(simulator, {
        fetch(request) {
          if (simulator.requestCount === 7) mortal.kill()
          return simulator.fetch(request)
        },
      }),
    })
    await expect(killed.sync()).rejects.toMatchObject({ code: 'storage_unavailable' })

    clock.advance(-3_600_000)
    const next = await process(simulator, storage, { clock })
    clock.advance(30_000)
    expect(await next.syncStatus()).toMatchObject({ running: null, runs: [{ runId: 1, outcome: 'interrupted' }] })
    expect((await next.sync()).outcome).toBe('success')
    expect(await readCopy(storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })
})

describe('a clock that is set back', () => {
  afterEach(() => { vi.useRealTimers() })

  it('takes no lease from a program that lives', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const simulator = simulatedAccount()
    const storage = await engineNamed('sqljs memory').open()
    const clock = testClock()
    const [started, api] = [gate(), gate()]
    const first = await process(simulator, storage, { clock, started: started.open, gate: api.opened })
    const running = first.sync()
    await Promise.race([started.opened, running])

    clock.advance(-3_600_000)
    vi.advanceTimersByTime(5_000)
    // The beat is written before the next statement.
    await storage.query({ sql: 'select 1' })
    await expect(first.sync()).rejects.toMatchObject({ code: 'sync_running', details: { heartbeatAt: new Date(clock.now()).toISOString() } })

    api.open()
    expect((await running).outcome).toBe('success')
  })
})
