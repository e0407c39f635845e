import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BugTruth, TestTruth } from '../../src/simulator/truth.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engines } from '../support/engines.ts'
import { sorted } from '../support/list-referee.ts'
import { type RecordingStorage, recordingStorage } from '../support/recording-storage.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'

const simulator = simulatedAccount()
const { truth } = simulator

const divided = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

const counts = (bugs: readonly BugTruth[]) => {
  const outcome = (word: string): number => bugs.filter((bug) => bug.outcome === word).length
  return { total: bugs.length, open: outcome('open'), accepted: outcome('accepted'), autoAccepted: outcome('auto_accepted'), rejected: outcome('rejected'), other: outcome('other') }
}
const severities = (bugs: readonly BugTruth[]) => {
  const severity = (word: string): number => bugs.filter((bug) => bug.severity === word).length
  return { critical: severity('critical'), high: severity('high'), low: severity('low') }
}

/** Each value of the bugs with how many have it, the most frequent first, ties by name and none last. */
const tally = (bugs: readonly BugTruth[], valuesOf: (bug: BugTruth) => readonly (string | null)[]) => {
  const found = new Map<string | null, number>()
  for (const value of bugs.flatMap((bug) => [...new Set(valuesOf(bug))])) found.set(value, (found.get(value) ?? 0) + 1)
  return [...found].toSorted(([a, m], [b, n]) => n - m || (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1))
}

/** What a page about these bugs has to say. */
const figures = (bugs: readonly BugTruth[]) => {
  const { total, accepted, autoAccepted, rejected } = counts(bugs)
  return {
    bugs: counts(bugs),
    rates: {
      overallAcceptanceRate: divided(accepted + autoAccepted, total),
      activeAcceptanceRate: divided(accepted, total),
      autoAcceptanceRate: divided(autoAccepted, accepted + autoAccepted),
      rejectionRate: divided(rejected, total),
      reviewRate: divided(accepted + rejected, total),
    },
    knownBugCount: bugs.filter(({ known }) => known).length,
    bugsBySeverity: severities(bugs),
    bugsByKind: tally(bugs, ({ kind }) => [kind]).map(([kind, count]) => ({ kind, count })),
    bugsByPlatform: tally(bugs, ({ devices }) => (devices.length === 0 ? [null] : devices.map(({ operatingSystem }) => operatingSystem))).map(([platform, count]) => ({ platform, count })),
    newestBugs: newest(bugs, ({ reportedAt }) => reportedAt),
  }
}
const newest = <T extends { readonly id: number }>(entities: readonly T[], at: (entity: T) => string | null) =>
  sorted(entities, at, 'desc').slice(0, 3).map(({ id }) => expect.objectContaining({ id }))
const newestTests = (tests: readonly TestTruth[]) => newest(tests, ({ endAt }) => endAt)

describe.each(engines.filter((engine) => engine.name !== 'sqljs file' && engine.name !== 'pglite folder'))('summaries on $name', (engine) => {
  let storage: RecordingStorage
  let tidemark: Tidemark
  beforeAll(async () => {
    storage = recordingStorage(await engine.open())
    tidemark = await openOver(simulator, storage)
    await tidemark.sync()
  })
  afterAll(() => tidemark.close())

  it('of every test count its bugs as the truth does, and say what the test was', async () => {
    for (const test of truth.tests) {
      const bugs = truth.bugs.filter((bug) => bug.testId === test.id)
      const summary = await tidemark.tests.summary(test.id)
      expect(summary).toMatchObject({
        id: test.id, title: test.title, status: test.status, goal: test.goalText ?? test.goal, product: { id: test.productId },
        reportable: { low: test.enableLow, high: test.enableHigh, critical: test.enableCritical },
        ...figures(bugs),
      })
      expect(summary.requirements).toHaveLength(test.platforms.length)
      expect(summary.features).toEqual(test.features.toSorted((a, b) => a.id - b.id).map(({ id, featureId, title }) => ({
        id: featureId, title, bugCount: bugs.filter(({ testFeatureId }) => testFeatureId === id).length,
      })))
    }
  })

  it('of a bug hold its steps, devices, comments and the reason', async () => {
    for (const bug of truth.bugs.filter((candidate) => candidate.kind !== 'custom').slice(0, 80)) {
      expect(await tidemark.bugs.summary(bug.id)).toMatchObject({
        id: bug.id, title: bug.title, outcome: bug.outcome, rejectionReason: bug.rejectionReason, steps: bug.steps, expectedResult: bug.expectedResult,
        devices: bug.devices.map(({ vendor, model, operatingSystem, osVersion, browsers }) => ({ vendor, model, operatingSystem, osVersion, browsers })),
        comments: bug.comments.toSorted((a, b) => a.id - b.id).map(({ id, author, body }) => ({ id, author, body })),
        featureId: bug.featureId,
      })
    }
  })

  it('of a bug name the reason of a rejection in words', async () => {
    for (const bug of truth.bugs.filter(({ outcome }) => outcome === 'rejected').slice(0, 40)) {
      const name = truth.rejectReasons.find(({ key }) => key === bug.rejectionReason)?.name ?? null
      expect((await tidemark.bugs.summary(bug.id)).rejectionReasonName).toBe(name)
    }
  })

  it('of products agree with the list and count their bugs and tests as the truth does', async () => {
    for (const item of (await tidemark.products.list()).items) {
      const tests = truth.tests.filter((test) => test.productId === item.id)
      const summary = await tidemark.products.summary(item.id)
      expect(summary).toMatchObject({ ...item, ...figures(truth.bugs.filter((bug) => bug.productId === item.id)), newestTests: newestTests(tests) })
      expect(new Map(summary.testsByStatus.map(({ status, count }) => [status, count]))).toEqual(new Map(tests.map(({ status }) => [status, tests.filter((test) => test.status === status).length])))
    }
  })

  it('of features agree with the list, with their user stories', async () => {
    for (const item of (await tidemark.features.list()).items) {
      const feature = truth.features.find(({ id }) => id === item.id)
      expect(await tidemark.features.summary(item.id)).toMatchObject({
        ...item,
        ...figures(truth.bugs.filter(({ featureId }) => featureId === item.id)),
        description: feature?.description, howToFind: feature?.howToFind, userStories: feature?.userStories.map((story) => story.title),
        newestTests: newestTests(truth.tests.filter(({ features }) => features.some(({ featureId }) => featureId === item.id))),
      })
    }
  })

  it('of people agree with the list: testers by what they reported, customers by what they set up', async () => {
    for (const item of (await tidemark.users.list({ limit: 100 })).items) {
      const isTester = item.role === 'tester'
      const bugs = isTester ? truth.bugs.filter(({ tester }) => tester === item.name) : []
      const reportedIn = new Set(bugs.map(({ testId }) => testId))
      const created = truth.tests.filter(({ createdBy }) => !isTester && createdBy === item.name)
      const submitted = truth.tests.filter(({ submittedBy }) => !isTester && submittedBy === item.name)
      expect(await tidemark.users.summary(item.id)).toMatchObject({
        ...item, ...figures(bugs), testsCreated: created.length, testsSubmitted: submitted.length,
        newestTests: newestTests(truth.tests.filter((test) => reportedIn.has(test.id) || created.includes(test) || submitted.includes(test))),
      })
    }
  })

  it('give the rates that analytics gives for the same tests', async () => {
    const metrics = ['bug_count', 'overall_acceptance_rate', 'active_acceptance_rate', 'auto_acceptance_rate', 'rejection_rate', 'review_rate'] as const
    for (const { id } of truth.products) {
      // A status that there is not: all of them.
      const { totals } = await tidemark.analytics.query({ metrics, filters: { productId: id, testStatus: { not: 'no such status' } } })
      const { bugs, rates } = await tidemark.products.summary(id)
      expect({ bugCount: bugs.total, ...rates }).toEqual({
        bugCount: totals.bug_count, overallAcceptanceRate: totals.overall_acceptance_rate, activeAcceptanceRate: totals.active_acceptance_rate,
        autoAcceptanceRate: totals.auto_acceptance_rate, rejectionRate: totals.rejection_rate, reviewRate: totals.review_rate,
      })
    }
  })

  it('take as many statements for much as for little', async () => {
    const bySize = <T extends { readonly id: number }>(entities: readonly T[], size: (entity: T) => number): readonly number[] => {
      const sorted = entities.toSorted((a, b) => size(a) - size(b))
      return [sorted.at(0), sorted.at(-1)].map((entity) => entity?.id ?? 0)
    }
    const users = (await tidemark.users.list({ role: 'tester', limit: 100 })).items
    const extremes = {
      products: bySize(truth.products, ({ id }) => truth.bugs.filter(({ productId }) => productId === id).length),
      tests: bySize(truth.tests, ({ id }) => truth.bugs.filter(({ testId }) => testId === id).length),
      bugs: bySize(truth.bugs, ({ devices, comments }) => devices.length + comments.length),
      features: bySize(truth.features, ({ id }) => truth.bugs.filter(({ featureId }) => featureId === id).length),
      users: bySize(users, ({ bugCount }) => bugCount),
    }
    for (const [entity, ids] of Object.entries(extremes) as [keyof typeof extremes, readonly number[]][]) {
      const taken: number[] = []
      for (const id of ids) {
        storage.takeStatements()
        await tidemark[entity].summary(id)
        taken.push(storage.takeStatements().length)
      }
      expect(taken[0], entity).toBe(taken[1])
      expect(taken[0], entity).toBeLessThanOrEqual(8)
    }
  })

  it('of an id that is not there are an error that names the list to look in', async () => {
    for (const entity of ['products', 'tests', 'bugs', 'features', 'users'] as const) {
      await expect(tidemark[entity].summary(999_999_999)).rejects.toMatchObject({ code: 'not_found', next: expect.stringContaining(`list_${entity}`) })
      await expect(tidemark[entity].summary(-1)).rejects.toMatchObject({ code: 'argument_invalid' })
    }
  })
})
