import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocate, randomFor } from '../../src/simulator/random.ts'
import { SCALES } from '../../src/simulator/scale.ts'
import { account, allBugs, allTests, ask, BASE, NOW, read, tally } from './api.ts'

const DAY = 86_400_000
const demo = account()
const seed = account({ scale: 'seed' })

describe('the size of an account', () => {
  it.each(['demo', 'seed'] as const)('is exact at scale %s, whatever the seed', (scale) => {
    const counts = { demo: [3, 60, 400], seed: [50, 5_000, 50_000] }[scale]
    for (const { truth } of scale === 'demo' ? [demo, account({ seed: 2 }), account({ seed: 99 })] : [seed]) {
      expect([truth.products.length, truth.tests.length, truth.bugs.length]).toEqual(counts)
    }
  })

  // Making the largest account takes many seconds; its parts are split by the same exact rule as those of the others.
  it('is ten times the seed scale at scale large', () => {
    const { seed, large } = SCALES
    expect([large.products, large.tests, large.bugs]).toEqual([seed.products * 10, seed.tests * 10, seed.bugs * 10])
  })

  it('is split without losing or adding one', () => {
    fc.assert(fc.property(fc.nat(100_000), fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 }), (total, weights) => {
      fc.pre(weights.some((weight) => weight > 0))
      const parts = allocate(total, weights)
      expect(parts.reduce((a, b) => a + b, 0)).toBe(total)
      expect(parts.every((part, index) => part >= 0 && Math.abs(part - (total * weights[index]!) / weights.reduce((a, b) => a + b, 0)) < 1)).toBe(true)
    }))
  })

  it('is skewed: a few big products and tests, many small ones, some tests without a bug', () => {
    const { truth } = seed
    const perProduct = truth.products.map((product) => truth.tests.filter((test) => test.productId === product.id).length).sort((a, b) => b - a)
    expect(perProduct[0]).toBeGreaterThan(150)
    expect(perProduct.slice(0, 10).reduce((a, b) => a + b, 0)).toBeGreaterThan(2_500)
    expect(perProduct.at(-1)).toBe(0)
    const bugsOf = tally(truth.bugs, (bug) => bug.testId)
    expect(Math.max(...bugsOf.values())).toBeGreaterThan(60)
    expect(truth.tests.filter((test) => !bugsOf.has(test.id)).length).toBeGreaterThan(500)
    const reports = [...tally(truth.bugs, (bug) => bug.tester).values()].sort((a, b) => b - a)
    expect(reports.slice(0, 10).reduce((a, b) => a + b, 0)).toBeGreaterThan(12_000)
    expect(reports.length).toBeGreaterThan(250)
  })
})

describe('the same seed', () => {
  it('gives the same account and the same bytes', async () => {
    const again = account()
    expect(JSON.stringify(again.truth.tests)).toBe(JSON.stringify(demo.truth.tests))
    expect(JSON.stringify(again.truth.users)).toBe(JSON.stringify(demo.truth.users))
    const ids = demo.truth.products.map((product) => product.id)
    const paths = ['products', 'bugs', 'bugs/reject_reasons', 'user_story_version_executions?per_page=300',
      ...ids.flatMap((id) => [`products/${id}/exploratory_tests`, `products/${id}/test_environments`]),
      ...demo.truth.tests.map((test) => `exploratory_tests/${test.id}?includes[]=user_stories`)]
    for (const path of paths) expect((await ask(again, path)).body).toEqual((await ask(demo, path)).body)
  })

  it('does not depend on what was asked before', async () => {
    const [first, second] = [account(), account()]
    const bug = first.truth.bugs[7]!.id
    await allBugs(first)
    await allTests(first)
    expect(await read(first, `bugs/${bug}`)).toEqual(await read(second, `bugs/${bug}`))
  })

  it('is not another seed', async () => {
    const other = account({ seed: 2 })
    expect(await allBugs(other)).not.toEqual(await allBugs(demo))
    expect(other.truth.products).not.toEqual(demo.truth.products)
  })

  it('gives streams that differ by subject', () => {
    const draws = (subject: number) => { const random = randomFor(1, 'x', subject); return Array.from({ length: 8 }, () => random.int(0, 999)).join() }
    expect(new Set(Array.from({ length: 1_000 }, (_, index) => draws(index))).size).toBe(1_000)
  })
})

describe('the time of an account', () => {
  it('ends at now, and only schedules lie in the future', () => {
    const { truth } = seed
    expect(truth.now).toBe('2026-11-20T12:00:00.000Z')
    expect(truth.bugs.every((bug) => Date.parse(bug.reportedAt) < NOW && (bug.exportedAt === null || Date.parse(bug.exportedAt) <= NOW))).toBe(true)
    expect(truth.bugs.slice(0, 500).every((bug) => bug.comments.every((comment) => comment.createdAt === null || Date.parse(comment.createdAt) <= NOW))).toBe(true)
    for (const test of truth.tests.filter((test) => test.status === 'waiting')) expect(Date.parse(test.startAt!)).toBeGreaterThan(NOW)
  })

  it('spans about three years and is densest in the last 90 days', () => {
    const { truth } = seed
    const ages = truth.tests.flatMap((test) => (test.endAt === null ? [] : [(NOW - Date.parse(test.endAt)) / DAY])).filter((age) => age >= 0)
    expect(Math.max(...ages)).toBeGreaterThan(900)
    expect(Math.max(...ages)).toBeLessThan(1_100)
    const recent = ages.filter((age) => age < 90).length
    expect(recent / 90).toBeGreaterThan(4 * (ages.length - recent) / 1_000)
  })

  it('moves with now, and is the clock of the system by default', () => {
    const later = account({ now: NOW + 100 * DAY })
    expect(later.truth.bugs.some((bug) => Date.parse(bug.reportedAt) > NOW + 90 * DAY)).toBe(true)
    expect(Math.abs(Date.now() - Date.parse(account({ now: undefined }).truth.now))).toBeLessThan(60_000)
    expect(() => account({ now: Number.NaN })).toThrow(RangeError)
  })

  it('leaves drafts without dates, lets some tests run over, and closes some early', () => {
    const { truth } = seed
    const of = (status: string) => truth.tests.filter((test) => test.status === status)
    expect(of('initialized').some((test) => test.startAt === null && test.endAt === null)).toBe(true)
    expect(of('running').some((test) => Date.parse(test.endAt!) < NOW)).toBe(true)
    expect(of('running').some((test) => Date.parse(test.endAt!) > NOW)).toBe(true)
    expect(of('locked').some((test) => Date.parse(test.endAt!) > NOW)).toBe(true)
  })
})

describe('a big account', () => {
  it('holds no texts of bugs: they are made when they are read, the same every time', () => {
    const texts = ['title', 'location', 'expectedResult', 'actualResult', 'steps', 'report', 'comments']
    const [bug, other] = [seed.truth.bugs[40_000]!, seed.truth.bugs[7]!]
    for (const one of seed.truth.bugs) if (texts.some((key) => Object.hasOwn(one, key))) throw new Error(`Bug ${one.id} holds a text`)
    const first = [bug.title, bug.steps, bug.comments]
    expect(other.title).not.toBe(bug.title)
    expect([bug.title, bug.steps, bug.comments]).toEqual(first)
    expect(new Set(seed.truth.bugs.flatMap((one) => one.devices)).size).toBeLessThan(100)
  })

  it('is written piece by piece, as far as somebody reads', async () => {
    const response = await seed.fetch(`${BASE}bugs`, { headers: { authorization: `Token ${seed.token}` } })
    const reader = response.body!.getReader()
    let read = 0
    for (let i = 0; i < 3; i++) read += (await reader.read()).value?.length ?? 0
    await reader.cancel()
    expect(read).toBeGreaterThan(400_000)
    // Two pieces of 200 bugs, of 250 pieces in all.
    expect(read).toBeLessThan(400 * 5_000)
  })
})
