/** What the account is made of, held against the facts that the API reference gives (sections 3, 5 and 6). */
import { describe, expect, it } from 'vitest'
import { HOSTILE_TEXTS } from '../../src/simulator/words/hostile.ts'
import { account, allBugs, read, tally } from './api.ts'

const demo = account()
const seed = account({ scale: 'seed' })

function share(counts: ReadonlyMap<unknown, number>, key: unknown): number {
  return (counts.get(key) ?? 0) / [...counts.values()].reduce((a, b) => a + b, 0)
}

describe('tests', () => {
  it('have the statuses in the shares that were seen, and each of them at every scale', () => {
    const counts = tally(seed.truth.tests, (test) => test.status)
    for (const [status, expected] of Object.entries({ initialized: 0.07, running: 0.05, locked: 0.3, customer_finalized: 0.09, archived: 0.48, cancelled: 0.01 })) {
      expect(Math.abs(share(counts, status) - expected), status).toBeLessThan(0.015)
    }
    expect(counts.get('waiting')).toBeGreaterThan(0)
    expect(new Set(demo.truth.tests.map((test) => test.status))).toEqual(new Set(counts.keys()))
  })

  it('are mostly coverage tests, and only old ones are of the type that ended', () => {
    const counts = tally(seed.truth.tests, (test) => test.testingType)
    expect(new Set(counts.keys())).toEqual(new Set(['coverage', 'custom', 'focused', 'rapid', 'usability']))
    expect(share(counts, 'coverage')).toBeGreaterThan(0.5)
    expect(seed.truth.tests.filter((test) => test.testingType === 'custom').every((test) => test.status === 'archived')).toBe(true)
  })

  it('name features that exist, that are gone, and a few without an id', () => {
    for (const { truth } of [demo, seed]) {
      const catalogue = new Set(truth.features.map((feature) => feature.id))
      const snapshots = truth.tests.flatMap((test) => test.features)
      expect(new Set(snapshots.map((snapshot) => snapshot.id)).size).toBe(snapshots.length)
      expect(snapshots.some((snapshot) => snapshot.featureId === null)).toBe(true)
      expect(snapshots.some((snapshot) => snapshot.featureId !== null && !catalogue.has(snapshot.featureId))).toBe(true)
      expect(snapshots.filter((snapshot) => catalogue.has(snapshot.featureId ?? 0)).length).toBeGreaterThan(snapshots.length * 0.8)
      expect(truth.tests.some((test) => test.features.length === 0)).toBe(true)
    }
  })
})

describe('products', () => {
  it('have 10 to 40 features each, some in several sections', () => {
    for (const product of seed.truth.products) {
      const features = seed.truth.features.filter((feature) => feature.productId === product.id)
      expect(features.length).toBeGreaterThanOrEqual(10)
      expect(features.length).toBeLessThanOrEqual(40)
    }
    for (const { truth } of [demo, seed]) expect(truth.features.some((feature) => feature.sectionIds.length > 1)).toBe(true)
  })

  it('are of every type, have names of their own, and come with and without sections', () => {
    expect(new Set(seed.truth.products.map((product) => product.type))).toEqual(new Set(['website', 'mobile_app_ios', 'mobile_app_android', 'mobile_app_windows', 'streaming_app', 'gaming', null]))
    expect(new Set(seed.truth.products.map((product) => product.name)).size).toBe(50)
    expect(demo.truth.products.map((product) => product.sectionStyle)).toEqual(['none', 'listed', 'with_default_only'])
  })
})

describe('bugs', () => {
  it('have the outcomes in about the shares that were seen', () => {
    const counts = tally(seed.truth.bugs, (bug) => bug.outcome)
    expect(share(counts, 'accepted')).toBeGreaterThan(0.45)
    expect(share(counts, 'auto_accepted')).toBeGreaterThan(0.14)
    expect(share(counts, 'rejected')).toBeGreaterThan(0.2)
    expect(share(counts, 'rejected')).toBeLessThan(0.32)
    expect(share(counts, 'open')).toBeGreaterThan(0.02)
    expect(share(counts, 'other')).toBeLessThan(0.02)
  })

  it('are all accepted by the platform when nobody looked for ten days', () => {
    const young = Date.parse(seed.truth.now) - 10 * 86_400_000
    expect(seed.truth.bugs.filter((bug) => bug.outcome === 'auto_accepted').every((bug) => Date.parse(bug.reportedAt) <= young)).toBe(true)
  })

  it.each([['demo', demo], ['seed', seed]] as const)('at scale %s include every outcome, kind, severity and reason', (_, { truth }) => {
    expect(new Set(truth.bugs.map((bug) => bug.outcome)).size).toBe(5)
    expect(new Set(truth.bugs.map((bug) => bug.kind))).toEqual(new Set(['content', 'custom', 'functional', 'spelling', 'suggestion', 'test_case', 'visual']))
    expect(new Set(truth.bugs.map((bug) => bug.severity))).toEqual(new Set(['critical', 'high', 'low', null]))
    expect(new Set(truth.bugs.map((bug) => bug.rejectionReason))).toEqual(new Set([null, 'other', ...truth.rejectReasons.map((reason) => reason.key)]))
    expect(new Set(truth.bugs.map((bug) => bug.language))).toEqual(new Set(['en', 'de']))
    expect(truth.bugs.some((bug) => bug.known) && truth.bugs.some((bug) => bug.testFeatureId === null)).toBe(true)
  })

  it('have a severity exactly when they are functional, and a reason exactly when they are rejected', () => {
    for (const bug of seed.truth.bugs) {
      if ((bug.severity !== null) !== (bug.kind === 'functional') || (bug.rejectionReason !== null) !== (bug.outcome === 'rejected')) throw new Error(`Bug ${bug.id} contradicts itself`)
    }
  })

  it('stay inside their test: its product, its section, its features, its time', () => {
    const tests = new Map(seed.truth.tests.map((test) => [test.id, test]))
    for (const bug of seed.truth.bugs) {
      const test = tests.get(bug.testId)!
      const snapshot = test.features.find((one) => one.id === bug.testFeatureId)
      const good = bug.productId === test.productId && bug.sectionId === test.sectionId && (bug.testFeatureId === null || snapshot !== undefined)
        && bug.featureId === (snapshot?.featureId ?? null) && bug.reportedAt >= test.startAt!
      if (!good) throw new Error(`Bug ${bug.id} does not fit test ${test.id}`)
    }
  })

  it('weigh two to four kilobytes on the wire', async () => {
    for (const simulator of [demo, seed]) {
      const tests = simulator.truth.tests.filter((_, index) => index % Math.ceil(simulator.truth.tests.length / 120) === 0)
      const { bugs } = await read(simulator, `bugs?filter_test_cycle_ids=${tests.map((test) => test.id).join()}`)
      const bytes = bugs.map((bug: unknown) => new TextEncoder().encode(JSON.stringify(bug)).length)
      const mean = bytes.reduce((a: number, b: number) => a + b, 0) / bytes.length
      expect(mean).toBeGreaterThan(2_000)
      expect(mean).toBeLessThan(4_000)
    }
  })

  it('say different things', () => {
    const titles = tally(seed.truth.bugs, (bug) => bug.title)
    expect(titles.size).toBeGreaterThan(15_000)
    expect(new Set(demo.truth.bugs.map((bug) => bug.title)).size).toBeGreaterThan(350)
  })
})

describe('texts of strangers', () => {
  it('hold every hostile text, one that is very long, and reach the wire unchanged', async () => {
    const said = JSON.stringify([demo.truth.tests.map((test) => test.title), demo.truth.bugs.map((bug) => [bug.title, bug.actualResult, bug.comments])])
    for (const text of HOSTILE_TEXTS) expect(said.includes(JSON.stringify(text).slice(1, -1)), text).toBe(true)
    expect(Math.max(...demo.truth.bugs.map((bug) => bug.actualResult?.length ?? 0))).toBeGreaterThan(10_000)
    const titles = new Set((await allBugs(demo)).map((bug) => bug.title))
    expect(HOSTILE_TEXTS.filter((text) => titles.has(text)).length).toBeGreaterThanOrEqual(8)
  })

  it('are well-formed Unicode that any database can hold', async () => {
    // A half of a surrogate pair, or U+0000, which no text column of PostgreSQL takes: the real account cannot hold them either.
    expect(/\\u(?:d[89a-f]|0000)/i.test(JSON.stringify(await allBugs(demo)))).toBe(false)
  })
})

describe('people', () => {
  it('are known by names alone, and two names belong to a tester and to a customer', () => {
    const names = (role: string) => seed.truth.users.filter((user) => user.role === role).map((user) => user.name)
    expect(names('tester').filter((name) => names('customer').includes(name))).toEqual(['Mara Lindqvist', 'N Okoye'])
    expect(names('customer')).toContain('TB')
    expect(new Set(names('tester'))).toEqual(new Set(seed.truth.bugs.map((bug) => bug.tester)))
  })
})
