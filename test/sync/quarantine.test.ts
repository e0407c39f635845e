import { afterEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { OpenTidemarkOptions, Tidemark } from '../../src/tidemark.ts'
import { copyOfTruth, readCopy } from '../support/account-copy.ts'
import { engineNamed, engines } from '../support/engines.ts'
import { impatient, openOver, simulatedAccount, testClock } from '../support/simulated-account.ts'

const opened: Tidemark[] = []
afterEach(async () => {
  for (const tidemark of opened.splice(0)) await tidemark.close()
})

async function open(simulator: Simulator, options: Partial<OpenTidemarkOptions> = {}, engine = engineNamed('sqljs memory')): Promise<Tidemark> {
  const tidemark = await openOver(simulator, await engine.open(), { testio: impatient(simulator), ...options })
  opened.push(tidemark)
  return tidemark
}

type Body = Record<string, unknown>

/** The account with some records spoiled on the way: `spoil` gets each list item under the envelope. */
function spoiling(simulator: Simulator, envelope: string, spoil: (item: Body) => Body): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await simulator.fetch(request)
    if (!response.ok) return response
    const body = await response.json() as Body
    const items = body[envelope]
    return Response.json(Array.isArray(items) ? { ...body, [envelope]: items.map((item: Body) => spoil(item)) } : body)
  }
}

describe.each(engines.filter(({ name }) => ['sqljs memory', 'postgres'].includes(name)))('records that cannot be read, on $name', (engine) => {
  it.each([
    ['bugs', 'bugs'],
    ['exploratory_tests', 'tests'],
  ] as const)('among %s are kept apart one by one, with the reason, and leave when they can be read', async (envelope, stream) => {
    const simulator = simulatedAccount()
    const spoiled = simulator.truth[stream].find((one) => one.productId === simulator.truth.products[0]?.id)
    if (spoiled === undefined) throw new Error('nothing to spoil')
    let isSpoiled = true
    const clock = testClock()
    const tidemark = await open(simulator, {
      now: clock.now,
      testio: impatient(simulator, { fetch: spoiling(simulator, envelope, (item) => (isSpoiled && item['id'] === spoiled.id ? { ...item, status: { not: 'a text' } } : item)) }),
    }, engine)

    const result = await tidemark.sync()

    expect(result.outcome).toBe('partial')
    expect(result.steps.filter((step) => step.outcome !== 'success')).toMatchObject([{ productId: spoiled.productId, stream, outcome: 'partial', quarantined: 1, error: { code: 'api_malformed' } }])
    expect(await tidemark.quarantine.list()).toEqual([{
      productId: spoiled.productId, stream, key: `id:${spoiled.id}`, entityId: spoiled.id, code: 'api_malformed', reason: 'status: not a text', attempts: 1,
      firstSeenAt: expect.any(String), lastAttemptAt: expect.any(String), nextRetryAt: new Date(clock.now() + 300_000).toISOString(),
    }])
    expect((await tidemark[stream].list({ productIds: [spoiled.productId] })).freshness).toMatchObject({ incomplete: true, asOf: expect.any(String) })
    expect((await tidemark.diagnostics({ probeApi: false })).checks.find((check) => check.name === 'quarantine')).toMatchObject({ ok: false })

    isSpoiled = false
    expect((await tidemark.quarantine.retry())?.outcome).toBe('success')
    expect(await tidemark.quarantine.list()).toEqual([])
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
    expect(await tidemark.quarantine.retry()).toBeNull()
  })
})

describe('the quarantine', () => {
  it('keeps a stored test that the API cannot give any more, by its id, and never calls it gone', async () => {
    const simulator = simulatedAccount()
    const clock = testClock()
    const tidemark = await open(simulator, { now: clock.now })
    await tidemark.sync()
    const [test] = simulator.truth.tests
    simulator.setFaults({ poisonedTests: [test?.id ?? 0] })
    expect(await tidemark.sync({ mode: 'force' })).toMatchObject({ outcome: 'partial', deleted: 0, quarantined: 1 })
    expect(await tidemark.quarantine.list()).toMatchObject([{ key: `id:${test?.id}`, entityId: test?.id, code: 'api_server_error' }])
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it('waits longer from attempt to attempt, up to a day', async () => {
    const simulator = simulatedAccount()
    const clock = testClock()
    const tidemark = await open(simulator, { now: clock.now })
    simulator.setFaults({ poisonedTests: [simulator.truth.tests[0]?.id ?? 0] })
    const pauses: number[] = []
    for (let round = 0; round < 11; round += 1) {
      await tidemark.sync({ mode: 'force' })
      const [entry] = await tidemark.quarantine.list()
      pauses.push((Date.parse(entry?.nextRetryAt ?? '') - clock.now()) / 60_000)
      clock.advance(48 * 3_600_000)
    }
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440])
  })

  it('that is cleared is empty, and the copy is no more complete for that: the next sync finds the record again', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    const test = simulator.truth.tests[0]
    simulator.setFaults({ poisonedTests: [test?.id ?? 0] })
    await tidemark.sync()
    expect(await tidemark.quarantine.clear({ productIds: [987_654] })).toBe(0)
    expect(await tidemark.quarantine.clear({ productIds: [test?.productId ?? 0] })).toBe(1)
    expect(await tidemark.quarantine.list()).toEqual([])
    expect((await tidemark.tests.list({ productIds: [test?.productId ?? 0] })).freshness).toMatchObject({ asOf: null, incomplete: true })
    await tidemark.sync()
    expect(await tidemark.quarantine.list()).toMatchObject([{ attempts: 1 }])
    expect(await tidemark.quarantine.list({ productIds: [987_654] })).toEqual([])
  })

  it('holds the bugs of one test when the API cannot give them, and the others are read', async () => {
    const simulator = simulatedAccount()
    const withBugs = new Set(simulator.truth.bugs.map((bug) => bug.testId))
    const test = simulator.truth.tests.find((one) => withBugs.has(one.id))
    if (test === undefined) throw new Error('no test with bugs')
    let isBroken = true
    const tidemark = await open(simulator, {
      testio: impatient(simulator, {
        retries: 0,
        async fetch(request) {
          const ids = new URL(request.url).searchParams.get('filter_test_cycle_ids')?.split(',') ?? []
          return isBroken && ids.includes(String(test.id)) ? Response.json({ error: 'Internal server error' }, { status: 500 }) : simulator.fetch(request)
        },
      }),
    })
    expect((await tidemark.sync()).outcome).toBe('partial')
    expect(await tidemark.quarantine.list()).toMatchObject([{ stream: 'bugs', key: `test:${test.id}`, entityId: null, code: 'api_server_error' }])
    expect((await tidemark.bugs.list()).total).toBe(simulator.truth.bugs.filter((bug) => bug.testId !== test.id).length)
    isBroken = false
    expect((await tidemark.sync()).outcome).toBe('success')
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it('forbids to call a record gone while any record of the list hides its id', async () => {
    const simulator = simulatedAccount()
    let isHidden = false
    const [feature] = simulator.truth.features
    const tidemark = await open(simulator, {
      testio: impatient(simulator, { fetch: spoiling(simulator, 'features', (item) => (isHidden && item['id'] === feature?.id ? { ...item, id: 'hidden' } : item)) }),
    })
    await tidemark.sync()
    isHidden = true
    expect(await tidemark.sync()).toMatchObject({ outcome: 'partial', deleted: 0 })
    expect(await tidemark.quarantine.list()).toMatchObject([{ stream: 'features', entityId: null, key: 'nameless:1' }])
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })
})
