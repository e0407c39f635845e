import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BugTruth } from '../../src/simulator/truth.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engines } from '../support/engines.ts'
import { expectedBugs } from '../support/list-referee.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'

const simulator = simulatedAccount()
const { truth } = simulator

const counts = (bugs: readonly BugTruth[]) => {
  const outcome = (word: string): number => bugs.filter((bug) => bug.outcome === word).length
  return { total: bugs.length, open: outcome('open'), accepted: outcome('accepted'), autoAccepted: outcome('auto_accepted'), rejected: outcome('rejected'), other: outcome('other') }
}
const severities = (bugs: readonly BugTruth[]) => {
  const severity = (word: string): number => bugs.filter((bug) => bug.severity === word).length
  return { critical: severity('critical'), high: severity('high'), low: severity('low') }
}

describe.each(engines.filter((engine) => engine.name !== 'sqljs file' && engine.name !== 'pglite folder'))('summaries on $name', (engine) => {
  let tidemark: Tidemark
  beforeAll(async () => {
    tidemark = await openOver(simulator, await engine.open())
    await tidemark.sync()
  })
  afterAll(() => tidemark.close())

  it('of every test count its bugs as the truth does', async () => {
    for (const test of truth.tests) {
      const bugs = truth.bugs.filter((bug) => bug.testId === test.id)
      const summary = await tidemark.tests.summary(test.id)
      expect(summary).toMatchObject({
        id: test.id, title: test.title, status: test.status, bugs: counts(bugs), bugsBySeverity: severities(bugs),
        goal: test.goalText ?? test.goal, product: { id: test.productId },
      })
      expect(summary.newestBugs.map((bug) => bug.id)).toEqual(expectedBugs(truth, { testIds: [test.id] }).slice(0, 3).map((bug) => bug.id))
      const platforms = new Map<string | null, number>()
      for (const bug of bugs) {
        const names = new Set<string | null>(bug.devices.map((device) => device.operatingSystem))
        for (const name of names.size === 0 ? [null] : names) platforms.set(name, (platforms.get(name) ?? 0) + 1)
      }
      expect(new Map(summary.bugsByPlatform.map((entry) => [entry.platform, entry.count]))).toEqual(platforms)
      expect(summary.bugsByKind.reduce((sum, entry) => sum + entry.count, 0)).toBe(bugs.length)
      expect(summary.features.map((feature) => feature.title)).toEqual(test.features.toSorted((a, b) => a.id - b.id).map((feature) => feature.title))
    }
  })

  it('of a test give rates as fractions, and null where there is nothing to divide by', async () => {
    for (const test of truth.tests) {
      const { total, accepted, autoAccepted, rejected } = counts(truth.bugs.filter((bug) => bug.testId === test.id))
      expect((await tidemark.tests.summary(test.id)).rates).toEqual({
        overallAcceptanceRate: total === 0 ? null : (accepted + autoAccepted) / total,
        activeAcceptanceRate: total === 0 ? null : accepted / total,
        autoAcceptanceRate: accepted + autoAccepted === 0 ? null : autoAccepted / (accepted + autoAccepted),
        rejectionRate: total === 0 ? null : rejected / total,
        reviewRate: total === 0 ? null : (accepted + rejected) / total,
      })
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

  it('of products, features and users agree with the lists', async () => {
    for (const item of (await tidemark.products.list()).items) {
      const summary = await tidemark.products.summary(item.id)
      const bugs = truth.bugs.filter((bug) => bug.productId === item.id)
      expect(summary).toMatchObject({ ...item, bugs: counts(bugs), bugsBySeverity: severities(bugs) })
      expect(summary.testsByStatus.reduce((sum, entry) => sum + entry.count, 0)).toBe(item.testCount)
    }
    for (const item of (await tidemark.features.list()).items) {
      const feature = truth.features.find((candidate) => candidate.id === item.id)
      const bugs = truth.bugs.filter((bug) => bug.featureId === item.id)
      expect(await tidemark.features.summary(item.id)).toMatchObject({ ...item, bugs: counts(bugs), userStories: feature?.userStories.map((story) => story.title) })
    }
    for (const item of (await tidemark.users.list()).items) {
      const bugs = item.role === 'tester' ? truth.bugs.filter((bug) => bug.tester === item.name) : []
      expect(await tidemark.users.summary(item.id)).toMatchObject({ ...item, bugs: counts(bugs) })
    }
  })

  it('of an id that is not there are an error that names the list to look in', async () => {
    for (const entity of ['products', 'tests', 'bugs', 'features', 'users'] as const) {
      await expect(tidemark[entity].summary(999_999_999)).rejects.toMatchObject({ code: 'not_found', next: expect.stringContaining(`list_${entity}`) })
      await expect(tidemark[entity].summary(-1)).rejects.toMatchObject({ code: 'argument_invalid' })
    }
  })
})
