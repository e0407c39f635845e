import { afterEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { OpenTidemarkOptions, Tidemark } from '../../src/tidemark.ts'
import { copyOfTruth, readCopy } from '../support/account-copy.ts'
import { engineNamed, engines } from '../support/engines.ts'
import { hiding, nothingHidden } from '../support/hiding.ts'
import { addArchivedTests, archiveOldTests, impatient, openOver, simulatedAccount, testClock } from '../support/simulated-account.ts'

const opened: Tidemark[] = []
afterEach(async () => {
  for (const tidemark of opened.splice(0)) await tidemark.close()
})

async function open(simulator: Simulator, options: Partial<OpenTidemarkOptions> = {}, storage?: Storage): Promise<Tidemark> {
  const tidemark = await openOver(simulator, storage ?? (await engineNamed('sqljs memory').open()), { testio: impatient(simulator), ...options })
  opened.push(tidemark)
  return tidemark
}

function first<T>(items: readonly T[], wanted: (item: T) => boolean = () => true): T {
  const found = items.find(wanted)
  if (found === undefined) throw new Error('the account has none')
  return found
}

const isFinal = (status: string): boolean => status === 'archived' || status === 'cancelled'
const at = (clock: { now(): number }): string => new Date(clock.now()).toISOString()

describe.each(engines.filter(({ name }) => ['sqljs memory', 'postgres'].includes(name)))('what is removed upstream, on $name', (engine) => {
  it('is noticed by a forced sync wherever it stood, and leaves lists and counts', async () => {
    const simulator = simulatedAccount()
    const clock = testClock()
    const tidemark = await open(simulator, { now: clock.now }, await engine.open())
    await tidemark.sync()
    const goneTests = simulator.truth.tests.filter((_, index) => index % 7 === 0)
    for (const test of goneTests) simulator.change.removeTest(test.id)
    const goneBugs = simulator.truth.bugs.filter((_, index) => index % 23 === 0)
    for (const bug of goneBugs) simulator.change.removeBug(bug.id)
    const goneFeature = first(simulator.truth.features)
    simulator.change.removeFeature(goneFeature.id)
    clock.advance(60_000)

    const result = await tidemark.sync({ mode: 'force' })

    expect(result).toMatchObject({ outcome: 'success', new: 0, deleted: goneTests.length + goneBugs.length + 1 })
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
    const { items } = await tidemark.tests.list({ includeDeleted: true, limit: 100 })
    expect(items.filter((item) => item.deletedAt !== null).map((item) => [item.id, item.deletedAt]).toSorted()).toEqual(goneTests.map((test) => [test.id, at(clock)]).toSorted())
    // And that was that.
    expect(await tidemark.sync({ mode: 'force' })).toMatchObject({ outcome: 'success', new: 0, changed: 0, deleted: 0 })
  })
})

describe('a plain sync', () => {
  it('notices removed tests and bugs that could still change', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    await tidemark.sync()
    const running = simulator.truth.tests.filter((test) => !isFinal(test.status))
    simulator.change.removeTest(first(running).id)
    const bug = first(simulator.truth.bugs, (candidate) => running.slice(1).some((test) => test.id === candidate.testId))
    simulator.change.removeBug(bug.id)

    expect(await tidemark.sync()).toMatchObject({ outcome: 'success', deleted: 2 })
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it('brings back what reappears, with its bugs', async () => {
    const simulator = simulatedAccount()
    const hidden = nothingHidden()
    const tidemark = await open(simulator, { testio: impatient(simulator, { fetch: hiding(simulator, hidden) }) })
    await tidemark.sync()
    const test = first(simulator.truth.tests, (candidate) => !isFinal(candidate.status) && simulator.truth.bugs.some((bug) => bug.testId === candidate.id))
    const feature = first(simulator.truth.features)
    hidden.tests.add(test.id)
    hidden.features.add(feature.id)
    for (const bug of simulator.truth.bugs) if (bug.testId === test.id) hidden.bugs.add(bug.id)
    await tidemark.sync()
    await expect(tidemark.tests.summary(test.id)).rejects.toMatchObject({ code: 'not_found', why: expect.stringContaining('gone upstream') })

    for (const ids of Object.values(hidden)) ids.clear()
    expect(await tidemark.sync({ mode: 'force' })).toMatchObject({ outcome: 'success', deleted: 0 })
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it('buries a product that is gone with all below it, and reads it from the beginning when it comes back', async () => {
    const simulator = simulatedAccount()
    const hidden = nothingHidden()
    const tidemark = await open(simulator, { testio: impatient(simulator, { fetch: hiding(simulator, hidden) }) })
    await tidemark.sync()
    const product = first(simulator.truth.products)
    hidden.products.add(product.id)

    expect(await tidemark.sync()).toMatchObject({ outcome: 'success' })
    const left = <T extends { readonly productId: number }>(items: readonly T[]): readonly T[] => items.filter((item) => item.productId !== product.id)
    expect((await tidemark.products.list()).total).toBe(simulator.truth.products.length - 1)
    expect((await tidemark.tests.list()).total).toBe(left(simulator.truth.tests).length)
    expect((await tidemark.bugs.list()).total).toBe(left(simulator.truth.bugs).length)
    expect((await tidemark.bugs.list()).freshness.incomplete).toBe(false)
    expect((await tidemark.syncStatus()).streams.filter((stream) => stream.productId === product.id)).toEqual([])

    hidden.products.clear()
    const controller = new AbortController()
    await tidemark.sync({ signal: controller.signal, onProgress: ({ productId, stream }) => (productId === product.id && stream === 'tests' ? controller.abort() : undefined) })
    expect((await tidemark.tests.list({ productIds: [product.id] })).freshness).toMatchObject({ asOf: null, incomplete: true })
    expect((await tidemark.sync()).outcome).toBe('success')
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })
})

describe('nothing is called gone', () => {
  it('when the list could not be read to its end', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    await tidemark.sync()
    const product = first(simulator.truth.products)
    simulator.setFaults({ rules: [{ fault: 'drop', on: `/products/${product.id}/exploratory_tests`, nth: [2, 3, 4, 5, 6, 7, 8, 9, 10] }] })
    const result = await tidemark.sync({ mode: 'force' })
    expect(result).toMatchObject({ outcome: 'partial', deleted: 0 })
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it.each([403, 404] as const)('and nothing complete, of a new product that is refused with %d when its tests are read and its bugs are not', async (status) => {
    const simulator = simulatedAccount()
    archiveOldTests(simulator)
    const product = first(simulator.truth.products)
    const tidemark = await open(simulator, {
      testio: impatient(simulator, {
        fetch(request) {
          if (request.url.includes('/bugs?')) simulator.setFaults({ deadProducts: [{ id: product.id, status }] })
          return simulator.fetch(request)
        },
      }),
    })
    expect(await tidemark.sync()).toMatchObject({ outcome: 'partial' })
    expect((await tidemark.bugs.list({ productIds: [product.id] })).freshness).toMatchObject({ asOf: null, incomplete: true })
    simulator.setFaults({})
    const well = await openOver(simulator, tidemark.storage)
    expect(await well.sync()).toMatchObject({ outcome: 'success' })
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it.each([403, 404, 500] as const)('when its product is refused with %d, from whatever moment on', async (status) => {
    const simulator = simulatedAccount()
    const product = first(simulator.truth.products)
    // One far down, which is asked for singly.
    addArchivedTests(simulator, product.id, 80)
    archiveOldTests(simulator)
    simulator.change.setTestStatus(first(simulator.truth.tests, (test) => test.title === 'Added 70').id, 'locked')
    let requests = 0
    let limit = Number.POSITIVE_INFINITY
    const tidemark = await open(simulator, {
      testio: impatient(simulator, {
        retries: 0,
        fetch(request) {
          requests += 1
          if (requests === limit) simulator.setFaults({ deadProducts: [{ id: product.id, status }] })
          return simulator.fetch(request)
        },
      }),
    })
    for (const bug of simulator.truth.bugs.filter((_, index) => index % 4 > 0)) simulator.change.removeBug(bug.id)
    await tidemark.sync()
    // Refused from the n-th request on: for every n, so also in between a list and the questions that follow it.
    for (const [mode, step] of [['hybrid', 1], ['force', 4]] as const) {
      const before = requests
      await tidemark.sync({ mode })
      const most = requests - before
      for (let from = 1; from <= most; from += step) {
        limit = requests + from
        expect((await tidemark.sync({ mode, products: [product.id] })).deleted).toBe(0)
        simulator.setFaults({})
      }
    }
    await tidemark.sync()
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  describe.each(['hybrid', 'incremental', 'force', 'rebuild'] as const)('by a %s sync', (mode) => {
    const refusal = {
      mode, outcome: 'failed', new: 0, deleted: 0,
      steps: [{ stream: 'products', outcome: 'failed', error: { code: 'configuration_invalid', message: expect.stringMatching(/another account[^]*a new database/) } }],
    }

    it.each(['all there', 'cut off behind a product without an id'])('when the token turns out to be that of another account, whose list is %s', async (list) => {
      const simulator = simulatedAccount({ seed: 1 })
      const other = simulatedAccount({ seed: 2 })
      let fetch = (request: Request): Promise<Response> => simulator.fetch(request)
      const tidemark = await open(simulator, { testio: impatient(simulator, { fetch: (request) => fetch(request) }) })
      await tidemark.sync()
      expect(other.truth.products.some((product) => simulator.truth.products.some(({ id }) => id === product.id))).toBe(false)
      fetch = async (request) => {
        const answer = await other.fetch(request)
        if (list === 'all there' || !new URL(request.url).pathname.endsWith('/products')) return answer
        const { products } = await answer.json() as { readonly products: readonly unknown[] }
        return Response.json({ products: [products[0], { name: 'Of whom?' }] })
      }
      expect(await tidemark.sync({ mode })).toMatchObject(refusal)
      expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
    })

    it('when the account shows no product at all', async () => {
      const simulator = simulatedAccount()
      const hidden = nothingHidden()
      const tidemark = await open(simulator, { testio: impatient(simulator, { fetch: hiding(simulator, hidden) }) })
      await tidemark.sync()
      for (const { id } of simulator.truth.products) hidden.products.add(id)
      expect(await tidemark.sync({ mode })).toMatchObject(refusal)
      expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
    })
  })

  it('by a dry run, which tells how much would be', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    await tidemark.sync()
    const before = await readCopy(tidemark.storage, 1)
    simulator.change.removeTest(first(simulator.truth.tests, (test) => !isFinal(test.status)).id)
    expect(await tidemark.sync({ dryRun: true })).toMatchObject({ runId: null, outcome: 'success', deleted: 1 })
    expect(await readCopy(tidemark.storage, 1)).toEqual(before)
    expect((await tidemark.syncStatus()).runs).toHaveLength(1)
  })
})

describe('a list that does not tell the truth', () => {
  it('is not believed: what it leaves out is asked for, and stays', async () => {
    const simulator = simulatedAccount()
    const hidden = nothingHidden()
    const fetchHiding = hiding(simulator, hidden)
    const tidemark = await open(simulator, {
      // Hidden from the list alone.
      testio: impatient(simulator, { fetch: (request) => (request.url.includes('/products/') ? fetchHiding(request) : simulator.fetch(request)) }),
    })
    await tidemark.sync()
    hidden.tests.add(first(simulator.truth.tests).id)
    expect(await tidemark.sync({ mode: 'force' })).toMatchObject({ outcome: 'success', deleted: 0 })
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })
})
