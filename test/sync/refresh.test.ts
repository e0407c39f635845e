import { afterEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engineNamed, engines } from '../support/engines.ts'
import { impatient, openOver, simulatedAccount, testClock } from '../support/simulated-account.ts'

const opened: Tidemark[] = []
afterEach(async () => {
  for (const tidemark of opened.splice(0)) await tidemark.close()
})

/** Synced, and an hour older. */
async function hourOld(simulator: Simulator, engine = engineNamed('sqljs memory'), fetch = (request: Request) => simulator.fetch(request)) {
  const clock = testClock()
  const tidemark = await openOver(simulator, await engine.open(), { now: clock.now, testio: impatient(simulator, { fetch }) })
  opened.push(tidemark)
  await tidemark.sync()
  clock.advance(3_600_000)
  simulator.clearRequests()
  return { clock, tidemark }
}

function runningTest(simulator: Simulator) {
  const test = simulator.truth.tests.find((candidate) => candidate.status === 'running' && simulator.truth.bugs.some((bug) => bug.testId === candidate.id))
  const bug = simulator.truth.bugs.find((candidate) => candidate.testId === test?.id && candidate.outcome === 'open')
  if (test === undefined || bug === undefined) throw new Error('the account has no running test with an open bug')
  return { test, bug }
}

describe.each(engines.filter(({ name }) => ['sqljs memory', 'postgres'].includes(name)))('a read that asks for a refresh, on $name', (engine) => {
  it('gives the test as it is now, with its bugs and its age, at two requests', async () => {
    const simulator = simulatedAccount()
    const { test, bug } = runningTest(simulator)
    const { clock, tidemark } = await hourOld(simulator, engine)
    simulator.change.renameTest(test.id, 'Renamed')
    simulator.change.acceptBug(bug.id)

    const summary = await tidemark.tests.summary(test.id, { refresh: { maxAgeSeconds: 60 } })

    expect(summary).toMatchObject({ title: 'Renamed', freshness: { asOf: new Date(clock.now()).toISOString(), ageSeconds: 0, stale: false, incomplete: false } })
    expect(summary.bugs.accepted).toBe(simulator.truth.bugs.filter((one) => one.testId === test.id && one.outcome === 'accepted').length)
    expect((await tidemark.bugs.summary(bug.id)).freshness.ageSeconds).toBe(0)
    expect(simulator.requestCount).toBeGreaterThan(0)
    expect(simulator.requests.map((request) => request.path.split('?')[0])).toEqual([`/exploratory_tests/${test.id}`, '/bugs'])
  })
})

describe('a read that asks for a refresh', () => {
  it('reads again only the rows it gives, and not those that are final or young enough', async () => {
    const simulator = simulatedAccount()
    const { tidemark } = await hourOld(simulator)
    const { items } = await tidemark.tests.list({ limit: 5, refresh: { maxAgeSeconds: 60 } })
    const open = items.filter((item) => !['archived', 'cancelled'].includes(item.status)).map((item) => item.id)
    const asked = simulator.requests.flatMap((request) => /^\/exploratory_tests\/(\d+)/.exec(request.path)?.[1] ?? []).map(Number)
    expect(asked.toSorted()).toEqual(open.toSorted())
    simulator.clearRequests()
    await tidemark.tests.list({ limit: 5, refresh: { maxAgeSeconds: 60 } })
    await tidemark.bugs.list({ testIds: open, refresh: { maxAgeSeconds: 60 } })
    expect(simulator.requests).toEqual([])
  })

  it('asks once however many ask', async () => {
    const simulator = simulatedAccount()
    const { test } = runningTest(simulator)
    const { tidemark } = await hourOld(simulator)
    await Promise.all(Array.from({ length: 8 }, () => tidemark.tests.summary(test.id, { refresh: { maxAgeSeconds: 60 } })))
    expect(simulator.requests).toHaveLength(2)
  })

  it('gives what there is, with its age, when the budget is used up', async () => {
    const simulator = simulatedAccount()
    const { test } = runningTest(simulator)
    let isSlow = false
    const { tidemark } = await hourOld(simulator, undefined, (request) => (isSlow ? new Promise<Response>(() => undefined) : simulator.fetch(request)))
    isSlow = true
    const summary = await tidemark.tests.summary(test.id, { refresh: { maxAgeSeconds: 60, budgetMs: 50 } })
    expect(summary.freshness.ageSeconds).toBe(3_600)
  })

  it('gives what there is when the API is down, the test is refused, or there is no token', async () => {
    const simulator = simulatedAccount()
    const { test } = runningTest(simulator)
    const { tidemark } = await hourOld(simulator)
    simulator.setFaults({ outage: true })
    expect((await tidemark.tests.summary(test.id, { refresh: {} })).freshness.ageSeconds).toBe(3_600)
    simulator.setFaults({ poisonedTests: [test.id] })
    expect((await tidemark.tests.summary(test.id, { refresh: { maxAgeSeconds: 1 } })).freshness.ageSeconds).toBe(3_600)
    simulator.setFaults({ deadProducts: [{ id: test.productId, status: 404 }] })
    expect((await tidemark.tests.summary(test.id, { refresh: { maxAgeSeconds: 1 } })).bugs.total).toBeGreaterThan(0)
    const local = await openOver(simulator, tidemark.storage, { testio: undefined })
    expect((await local.tests.summary(test.id, { refresh: {} })).id).toBe(test.id)
  })

  it('leaves it to a sync that is going on', async () => {
    const simulator = simulatedAccount()
    const { test } = runningTest(simulator)
    const held: { until?: Promise<void> } = {}
    const { tidemark } = await hourOld(simulator, undefined, async (request) => {
      await held.until
      return simulator.fetch(request)
    })
    let release = (): void => undefined
    held.until = new Promise((resolve) => { release = resolve })
    const running = tidemark.sync()
    while ((await tidemark.syncStatus()).running === null) await Promise.resolve()
    expect((await tidemark.tests.summary(test.id, { refresh: { maxAgeSeconds: 60 } })).freshness.ageSeconds).toBe(3_600)
    release()
    expect((await running).outcome).toBe('success')
  })

  it('never overwrites what a sync has read meanwhile, also one of a machine whose clock is slow', async () => {
    const simulator = simulatedAccount()
    const { test } = runningTest(simulator)
    const path = `/exploratory_tests/${test.id}`
    let release = (): void => undefined
    const held: { until?: Promise<void> } = {}
    let isAsked = (): void => undefined
    const asked = new Promise<void>((resolve) => { isAsked = resolve })
    const { clock, tidemark } = await hourOld(simulator, undefined, async (request) => {
      const answer = await simulator.fetch(request)
      if (held.until === undefined || !request.url.includes(path)) return answer
      isAsked()
      await held.until
      return answer
    })
    held.until = new Promise((resolve) => { release = resolve })
    const reading = tidemark.tests.summary(test.id, { refresh: { maxAgeSeconds: 60, budgetMs: 60_000 } })
    await asked
    simulator.change.renameTest(test.id, 'Newer')
    const other = await openOver(simulator, tidemark.storage, { now: () => clock.now() - 600_000, testio: impatient(simulator) })
    expect((await other.sync()).outcome).toBe('success')
    release()
    expect((await reading).title).toBe('Newer')
    expect((await tidemark.tests.summary(test.id)).title).toBe('Newer')
  })

  it('is told what is wrong with its wish', async () => {
    const simulator = simulatedAccount()
    const { tidemark } = await hourOld(simulator)
    await expect(tidemark.tests.list({ refresh: { budgetMs: -1 } })).rejects.toMatchObject({ code: 'argument_invalid', details: { arguments: ['budgetMs'] } })
  })
})
