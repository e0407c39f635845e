import { afterEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { copyOfTruth, readCopy } from '../support/account-copy.ts'
import { engineNamed } from '../support/engines.ts'
import { addArchivedTests, impatient, openOver, simulatedAccount, testClock, testNow } from '../support/simulated-account.ts'

const opened: Tidemark[] = []
afterEach(async () => {
  for (const tidemark of opened.splice(0)) await tidemark.close()
})

/** A product of 300 tests, of which one far down can still change. */
async function bigAccount() {
  const simulator = simulatedAccount()
  const [product] = simulator.truth.products
  if (product === undefined) throw new Error('the account has no product')
  addArchivedTests(simulator, product.id, 280)
  const deep = simulator.truth.tests.find((test) => test.title === 'Added 200')
  if (deep === undefined) throw new Error('no test far down')
  simulator.change.setTestStatus(deep.id, 'locked')
  const clock = testClock()
  const tidemark = await openOver(simulator, await engineNamed('sqljs memory').open(), { now: clock.now, testio: impatient(simulator) })
  opened.push(tidemark)
  const stream = async (name: string) => (await tidemark.syncStatus()).streams.find((one) => one.productId === product.id && one.stream === name)
  return { simulator, productId: product.id, deep, clock, tidemark, stream }
}

/** Without looks at whether the product can be read at all. */
const pages = (simulator: Simulator, productId: number): number =>
  simulator.requests.filter(({ path }) => path.startsWith(`/products/${productId}/exploratory_tests`) && !path.endsWith('?page=1&per_page=1')).length
const singles = (simulator: Simulator): readonly number[] => simulator.requests.flatMap((request) => /^\/exploratory_tests\/(\d+)/.exec(request.path)?.[1] ?? []).map(Number)
const iso = (at: number): string => new Date(at).toISOString()

describe('a sync of a product that is proven complete', () => {
  it('reads the first windows and, one by one, what can still change further down', async () => {
    const { simulator, productId, deep, clock, tidemark, stream } = await bigAccount()
    const first = clock.now()
    await tidemark.sync()
    expect(await stream('tests')).toMatchObject({ provenAt: iso(first), fullReadAt: iso(first), lastSuccessAt: iso(first), completeFrom: null })
    const all = pages(simulator, productId)
    simulator.clearRequests()
    clock.advance(60_000)

    expect(await tidemark.sync()).toMatchObject({ outcome: 'success', new: 0, changed: 0 })

    expect(pages(simulator, productId)).toBeLessThan(all / 2)
    expect(singles(simulator)).toContain(deep.id)
    expect(await stream('tests')).toMatchObject({ provenAt: iso(clock.now()), lastSuccessAt: iso(clock.now()), fullReadAt: iso(first) })
  })

  it('walks to the end when it was proven at a moment that is still to come, since the clock was set back', async () => {
    const { simulator, clock, tidemark } = await bigAccount()
    await tidemark.sync()
    clock.advance(365 * 86_400_000)
    await tidemark.sync()
    clock.advance(-365 * 86_400_000)
    const far = simulator.truth.tests.find((test) => test.title === 'Added 241')
    simulator.change.removeTest(far?.id ?? 0)
    expect(await tidemark.sync()).toMatchObject({ outcome: 'success', deleted: expect.any(Number) })
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))

    // And from then on by the clock as it is.
    simulator.change.renameTest(simulator.truth.tests.find((test) => test.title === 'Added 240')?.id ?? 0, 'Renamed')
    clock.advance(8 * 86_400_000)
    expect(await tidemark.sync()).toMatchObject({ outcome: 'success', changed: 1 })
  })

  it('walks on where that costs fewer requests than reading one by one', async () => {
    const { simulator, productId, clock, tidemark } = await bigAccount()
    for (const test of simulator.truth.tests.filter((one) => /^Added \d*[05]$/.test(one.title))) simulator.change.setTestStatus(test.id, 'locked')
    await tidemark.sync()
    simulator.clearRequests()
    clock.advance(60_000)
    await tidemark.sync()
    expect(pages(simulator, productId)).toBeGreaterThan(8)
    expect(singles(simulator)).toEqual([])
  })

  it('walks to the end once a week all the same: finds what was added far down, has changed there, or is gone', async () => {
    const { simulator, productId, clock, tidemark, stream } = await bigAccount()
    await tidemark.sync()
    const all = pages(simulator, productId)
    const longAgo = (day: number): string => new Date(testNow - day * 86_400_000).toISOString()
    simulator.change.addTest(productId, { title: 'Written down later', status: 'archived', startAt: longAgo(251), endAt: longAgo(250) })
    const far = (title: string): number => simulator.truth.tests.find((test) => test.title === title)?.id ?? 0
    simulator.change.renameTest(far('Added 240'), 'Renamed')
    simulator.change.removeTest(far('Added 241'))

    clock.advance(6 * 86_400_000)
    expect(await tidemark.sync()).toMatchObject({ outcome: 'success', new: 0, changed: 0, deleted: 0 })
    clock.advance(86_400_000)
    expect(await tidemark.sync()).toMatchObject({ outcome: 'success', new: 1, changed: 1, deleted: 1 })
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
    expect(await stream('tests')).toMatchObject({ fullReadAt: iso(clock.now()) })

    simulator.clearRequests()
    clock.advance(6 * 86_400_000)
    await tidemark.sync()
    expect(pages(simulator, productId)).toBeLessThan(all / 2)
  })

  it('walks to the end where the list is not in the order of the ends', async () => {
    const { simulator, productId, clock, tidemark } = await bigAccount()
    await tidemark.sync()
    // As an account that lists its tests by id.
    const byId = await openOver(simulator, tidemark.storage, {
      now: clock.now,
      testio: impatient(simulator, {
        async fetch(request) {
          const response = await simulator.fetch(request)
          if (!request.url.includes('/exploratory_tests?')) return response
          const body = await response.json() as { exploratory_tests: { id: number }[] }
          return Response.json({ exploratory_tests: body.exploratory_tests.toReversed() })
        },
      }),
    })
    simulator.clearRequests()
    clock.advance(60_000)
    await byId.sync()
    expect(pages(simulator, productId)).toBeGreaterThan(8)
  })

  it('finds a test that was made since, however often it was interrupted in between', async () => {
    const { simulator, productId, clock, tidemark } = await bigAccount()
    await tidemark.sync()
    // Enough that they fill the first windows alone, all of them final.
    for (let count = 0; count < 60; count += 1) simulator.change.addTest(productId, { status: 'archived', title: 'Made since', endAt: iso(clock.now() + 3_600_000 + count) })
    clock.advance(7_200_000)
    for (let round = 1; round < 4; round += 1) {
      const controller = new AbortController()
      await tidemark.sync({ mode: 'incremental', signal: controller.signal, onProgress: ({ productId: at, stream }) => (at === productId && stream === 'tests' ? controller.abort() : undefined) })
    }
    expect((await tidemark.sync({ mode: 'incremental' })).outcome).toBe('success')
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })
})

describe('an incremental sync', () => {
  it('brings what is new with its bugs, and does not call fresh what it has not read', async () => {
    const { simulator, productId, deep, clock, tidemark, stream } = await bigAccount()
    await tidemark.sync()
    const before = await stream('tests')
    clock.advance(60_000)
    const made = simulator.change.addTest(productId, { status: 'running', endAt: iso(clock.now() + 3_600_000) })
    simulator.change.addBug(made.id)
    simulator.change.renameTest(deep.id, 'Renamed far down')
    simulator.clearRequests()

    expect(await tidemark.sync({ mode: 'incremental' })).toMatchObject({ outcome: 'success', new: 2 })

    expect(singles(simulator)).toEqual([])
    expect(simulator.requests.filter((request) => request.path.includes('/features'))).toEqual([])
    expect((await tidemark.tests.summary(made.id)).bugs.total).toBe(1)
    expect((await tidemark.tests.summary(deep.id)).title).toBe(deep.title)
    expect(await stream('tests')).toMatchObject({ lastSuccessAt: before?.lastSuccessAt, provenAt: iso(clock.now()) })
    expect((await tidemark.sync()).outcome).toBe('success')
    expect((await tidemark.tests.summary(deep.id)).title).toBe('Renamed far down')
  })
})

describe('a sync with a start', () => {
  it('reads no further than that, says from when on it is complete, and does not satisfy a later one without', async () => {
    const { simulator, productId, clock, tidemark, stream } = await bigAccount()
    await tidemark.sync({ since: '30 days ago' })
    const since = iso(testNow - 30 * 86_400_000)
    expect(pages(simulator, productId)).toBeLessThanOrEqual(5)
    expect(await stream('tests')).toMatchObject({ completeFrom: since, provenAt: null, fullReadAt: null, lastSuccessAt: iso(clock.now()) })
    expect((await tidemark.tests.list({ productIds: [productId] })).freshness.incomplete).toBe(true)

    clock.advance(60_000)
    expect((await tidemark.sync()).outcome).toBe('success')
    expect(await stream('tests')).toMatchObject({ completeFrom: null, provenAt: iso(clock.now()) })
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it('of a copy that is proven leaves the proof as far as it reaches', async () => {
    const { clock, tidemark, stream } = await bigAccount()
    const first = clock.now()
    await tidemark.sync()
    clock.advance(86_400_000 * 10)
    // Ten days later, of the last two: what was made in between and ended before is left alone.
    await tidemark.sync({ since: '2 days ago' })
    expect(await stream('tests')).toMatchObject({ provenAt: iso(first) })
    // Of the last month: nothing new can have been left alone.
    await tidemark.sync({ since: '30 days ago' })
    expect(await stream('tests')).toMatchObject({ provenAt: iso(clock.now()) })
  })
})

describe('a test that is read alone and then in a list', () => {
  it('has not changed, although only one of the two brings its results', async () => {
    const { simulator, clock, tidemark } = await bigAccount()
    await tidemark.sync()
    const reads: unknown[] = []
    for (const mode of ['hybrid', 'force', 'hybrid', 'force'] as const) {
      clock.advance(60_000)
      const { outcome, new: added, changed, deleted } = await tidemark.sync({ mode })
      reads.push([outcome, added, changed, deleted])
    }
    expect(singles(simulator).length).toBeGreaterThan(0)
    expect(reads).toEqual(Array.from({ length: 4 }, () => ['success', 0, 0, 0]))
  })
})
