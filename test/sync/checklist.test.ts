/** What syncs of other programs got wrong, one sentence each. The account is compared with the truth field by field. */
import { afterEach, describe, expect, it } from 'vitest'
import { isObject } from '../../src/is-object.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { OpenTidemarkOptions, Tidemark } from '../../src/tidemark.ts'
import { copyOfTruth, readCopy } from '../support/account-copy.ts'
import { engineNamed } from '../support/engines.ts'
import { mortalStorage } from '../support/mortal-storage.ts'
import { addArchivedTests, impatient, openOver, simulatedAccount, testClock } from '../support/simulated-account.ts'

const opened: Tidemark[] = []
afterEach(async () => {
  for (const tidemark of opened.splice(0)) await tidemark.close()
})

async function open(simulator: Simulator, options: Partial<OpenTidemarkOptions> = {}, storage?: Storage): Promise<Tidemark> {
  const tidemark = await openOver(simulator, storage ?? (await engineNamed('sqljs memory').open()), { testio: impatient(simulator), ...options })
  opened.push(tidemark)
  return tidemark
}

/** A product with exactly so many tests. */
function withTests(simulator: Simulator, count: number): number {
  const product = simulator.truth.products[0]
  if (product === undefined) throw new Error('the account has no product')
  addArchivedTests(simulator, product.id, count - simulator.truth.tests.filter((test) => test.productId === product.id).length)
  return product.id
}

const testsOf = (simulator: Simulator, productId: number) => simulator.truth.tests.filter((test) => test.productId === productId)

describe('a sync', () => {
  it('that is killed after page 3 of 20 is completed by an incremental one: all tests of all pages are there', async () => {
    const simulator = simulatedAccount()
    const productId = withTests(simulator, 480)
    const storage = await engineNamed('sqljs memory').open()
    const clock = testClock()
    const mortal = mortalStorage(storage)
    let pages = 0
    const killed = await open(simulator, {
      now: clock.now,
      testio: impatient(simulator, {
        async fetch(request) {
          if (request.url.includes(`/products/${productId}/exploratory_tests`)) pages += 1
          if (pages === 4) mortal.kill()
          return simulator.fetch(request)
        },
      }),
    }, mortal)
    await expect(killed.sync()).rejects.toMatchObject({ code: 'storage_unavailable' })
    const { rows } = await storage.query({ sql: `select count(*) as stored from tests where product_id = ${productId}` })
    expect(rows).toEqual([{ stored: expect.any(Number) }])
    expect(Number(rows[0]?.['stored'])).toBeGreaterThan(0)
    expect(Number(rows[0]?.['stored'])).toBeLessThan(120)

    clock.advance(30_000)
    const tidemark = await open(simulator, { now: clock.now }, storage)
    expect((await tidemark.tests.list({ productIds: [productId] })).freshness.incomplete).toBe(true)
    expect((await tidemark.sync({ mode: 'incremental' })).outcome).toBe('success')
    expect(await readCopy(storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it('of an API that repeats every record brings each once', async () => {
    const simulator = simulatedAccount()
    const twice = (value: unknown): unknown => (Array.isArray(value) ? value.flatMap((item) => [item, item]) : value)
    const tidemark = await open(simulator, {
      testio: impatient(simulator, {
        async fetch(request) {
          const response = await simulator.fetch(request)
          const body: unknown = await response.json()
          return Response.json(isObject(body) ? Object.fromEntries(Object.entries(body).map(([key, value]) => [key, twice(value)])) : body, response)
        },
      }),
    })
    for (const mode of ['hybrid', 'force'] as const) expect(await tidemark.sync({ mode })).toMatchObject({ outcome: 'success' })
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it('of a product with 1,400 tests brings 1,400', async () => {
    const simulator = simulatedAccount()
    const productId = withTests(simulator, 1_400)
    const tidemark = await open(simulator)
    expect((await tidemark.sync({ mode: 'force' })).outcome).toBe('success')
    expect((await tidemark.tests.list({ productIds: [productId] })).total).toBe(1_400)
  })

  it('stores 149 of 150 tests when one stands poisoned on page 2 of 6, with one record in quarantine, and the next run does not add a second', async () => {
    const simulator = simulatedAccount()
    const productId = withTests(simulator, 150)
    const poisoned = testsOf(simulator, productId).toSorted((a, b) => ((a.endAt ?? '~') < (b.endAt ?? '~') ? 1 : -1))[37]
    if (poisoned === undefined) throw new Error('no test to poison')
    simulator.setFaults({ poisonedTests: [poisoned.id] })
    const clock = testClock()
    const tidemark = await open(simulator, { now: clock.now })

    const first = await tidemark.sync()
    expect(first.outcome).toBe('partial')
    expect(first.steps.find((step) => step.productId === productId && step.stream === 'tests')).toMatchObject({ outcome: 'partial', quarantined: 1, error: { code: 'api_server_error' } })
    expect((await tidemark.tests.list({ productIds: [productId] })).total).toBe(149)
    const [entry, ...others] = await tidemark.quarantine.list()
    expect(others).toEqual([])
    expect(entry).toMatchObject({ productId, stream: 'tests', key: expect.stringMatching(/^after:\d+$/), entityId: null, attempts: 1, code: 'api_server_error' })
    expect((await tidemark.tests.list({ productIds: [productId] })).freshness).toMatchObject({ asOf: new Date(clock.now()).toISOString(), incomplete: true })

    clock.advance(3_600_000)
    expect((await tidemark.sync()).outcome).toBe('partial')
    expect(await tidemark.quarantine.list()).toEqual([{ ...entry, attempts: 2, lastAttemptAt: expect.any(String), nextRetryAt: expect.any(String) }])

    // What becomes readable leaves the quarantine by itself.
    simulator.setFaults({})
    clock.advance(3_600_000)
    expect((await tidemark.sync()).outcome).toBe('success')
    expect(await tidemark.quarantine.list()).toEqual([])
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it.each(['server_error', 'bad_gateway', 'unavailable', 'drop'] as const)('of an API that answers nothing but %s fails after a bounded number of requests, and says so', async (fault) => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    await tidemark.sync()
    const before = simulator.requestCount
    simulator.setFaults({ rules: [{ fault }] })

    const result = await tidemark.sync({ mode: 'force' })

    expect(result).toMatchObject({ outcome: 'failed', new: 0, changed: 0, deleted: 0, steps: [{ stream: 'products', outcome: 'failed', error: { code: expect.stringMatching(/^api_/) } }] })
    expect(simulator.requestCount - before).toBeLessThanOrEqual(8)
    expect((await tidemark.syncStatus(result.runId ?? 0)).runs).toMatchObject([{ outcome: 'failed', errorCode: result.steps[0]?.error?.code }])
    expect((await tidemark.diagnostics({ probeApi: false })).checks.find((check) => check.name === 'sync')).toMatchObject({ ok: false })
  })

  it('of an API that goes down on the way ends after a bounded number of requests and calls nothing gone', async () => {
    const simulator = simulatedAccount()
    withTests(simulator, 300)
    const clock = testClock()
    const tidemark = await open(simulator, { now: clock.now, testio: impatient(simulator, { now: clock.now }) })
    await tidemark.sync()
    const total = (await tidemark.bugs.list()).total
    const before = simulator.requestCount
    simulator.setFaults({ rules: [{ fault: 'server_error', on: '/exploratory_tests' }, { fault: 'server_error', on: '/bugs?' }, { fault: 'server_error', on: '/features' }] })

    const result = await tidemark.sync({ mode: 'force' })

    expect(result).toMatchObject({ outcome: 'partial', deleted: 0 })
    expect(simulator.requestCount - before).toBeLessThan(120)
    expect((await tidemark.bugs.list()).total).toBe(total)
    expect((await tidemark.bugs.list()).freshness.incomplete).toBe(true)
  })

  it('that meets an outage shows an open breaker in the diagnostics, which closes by itself', async () => {
    const simulator = simulatedAccount()
    const clock = testClock()
    const tidemark = await open(simulator, { now: clock.now, testio: impatient(simulator, { now: clock.now, retries: 0 }) })
    await tidemark.sync()
    simulator.setFaults({ outage: true })
    for (let round = 0; round < 5; round += 1) await tidemark.sync()
    const open5 = await tidemark.diagnostics({ probeApi: false })
    expect(open5.sync.breaker).toMatchObject({ state: 'open', openUntil: expect.any(String) })
    expect(open5.checks.find((check) => check.name === 'api')).toMatchObject({ ok: false })
    const before = simulator.requestCount
    expect(await tidemark.sync()).toMatchObject({ outcome: 'failed', steps: [{ error: { code: 'api_unavailable' } }] })
    expect(simulator.requestCount).toBe(before)

    simulator.setFaults({})
    clock.advance(60_000)
    expect((await tidemark.sync()).outcome).toBe('success')
    expect((await tidemark.diagnostics({ probeApi: false })).sync.breaker).toMatchObject({ state: 'closed', openUntil: null })
  })

  it('that is cancelled ends as cancelled in the ledger', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    const controller = new AbortController()
    const result = await tidemark.sync({ signal: controller.signal, onProgress: ({ done }) => (done === 5 ? controller.abort() : undefined) })
    expect(result.outcome).toBe('cancelled')
    expect((await tidemark.syncStatus()).running).toBeNull()
    const [run] = (await tidemark.syncStatus(result.runId ?? 0)).runs
    expect(run).toMatchObject({ outcome: 'cancelled', finishedAt: result.finishedAt, steps: expect.any(Array) })
    expect(run?.steps).toHaveLength(result.steps.length)
  })

  it('sees a bug that was accepted one minute before its test was archived as accepted afterwards', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    await tidemark.sync()
    const bug = simulator.truth.bugs.find((candidate) => candidate.outcome === 'open' && simulator.truth.tests.find((test) => test.id === candidate.testId)?.status === 'locked')
    if (bug === undefined) throw new Error('the account has no open bug in a locked test')
    simulator.change.acceptBug(bug.id)
    simulator.change.setTestStatus(bug.testId, 'archived')
    await tidemark.sync()
    expect((await tidemark.bugs.summary(bug.id)).outcome).toBe('accepted')
    // And that was the last time that its bugs were asked for.
    simulator.clearRequests()
    await tidemark.sync()
    expect(simulator.requests.filter((request) => request.path.includes('/bugs?') && request.path.includes(String(bug.testId)))).toEqual([])
  })
})

describe('two customers with the same ids in one store', () => {
  it('share no row, no run, no lease, no quarantine and no deletion', async () => {
    const storage = await engineNamed('sqljs memory').open()
    const [first, second] = [simulatedAccount({ seed: 1 }), simulatedAccount({ seed: 1 })]
    const one = await open(first, {}, storage)
    const two = await open(second, { customerId: 2 }, storage)
    await one.sync()
    await two.sync()
    const [test, other] = first.truth.tests
    if (test === undefined || other === undefined) throw new Error('the account has no tests')
    first.change.removeTest(test.id)
    first.setFaults({ poisonedTests: [other.id] })

    await one.sync({ mode: 'force' })

    expect(await readCopy(storage, 2)).toEqual(copyOfTruth(second.truth))
    expect((await one.quarantine.list()).length).toBe(1)
    expect(await two.quarantine.list()).toEqual([])
    expect((await two.syncStatus()).runs.map((run) => run.runId)).toEqual([1])
    expect((await two.tests.list()).freshness.incomplete).toBe(false)
  })
})
