import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dimensions } from '../../src/analytics/dimensions.ts'
import { metrics } from '../../src/analytics/metrics.ts'
import type { BugTruth } from '../../src/simulator/truth.ts'
import { expectedFeatures } from '../support/list-referee.ts'
import { askedAccount, type AskedAccount, type Json } from './account.ts'

const executed = ['running', 'locked', 'archived', 'customer_finalized']

let account: AskedAccount
beforeAll(async () => {
  account = await askedAccount()
})
afterAll(() => account.tidemark.close())

const outcomes = (bugs: readonly BugTruth[]) => {
  const count = (outcome: string): number => bugs.filter((bug) => bug.outcome === outcome).length
  return { total: bugs.length, open: count('open'), accepted: count('accepted'), auto_accepted: count('auto_accepted'), rejected: count('rejected'), other: count('other') }
}
/** What counts when nobody asks for other tests. */
const countedBugs = (): readonly BugTruth[] => {
  const tests = new Set(account.truth.tests.filter(({ status }) => executed.includes(status)).map(({ id }) => id))
  return account.truth.bugs.filter(({ testId }) => tests.has(testId))
}
const most = <T>(entities: readonly T[], size: (entity: T) => number): T => entities.toSorted((a, b) => size(b) - size(a))[0]!

describe('list_features', () => {
  it('gives the catalogue with its counts, by title', async () => {
    const expected = expectedFeatures(account.truth, {})
    const answer = await account.ask('list_features', { limit: 100 })
    expect(answer).toMatchObject({ total: expected.length, returned: Math.min(100, expected.length) })
    expect(answer['items']).toEqual(expected.slice(0, 100).map(({ id, productId, title, userStories, testCount, bugCount }) => ({
      id, product_id: productId, title, user_story_count: userStories.length, test_count: testCount, bug_count: bugCount,
    })))
  })

  it('filters by product, user stories and words, and sorts by counts', async () => {
    const [product] = account.truth.products
    const options = { productIds: [product!.id], hasUserStories: true, sortBy: 'bug_count' as const }
    const items = await account.items('list_features', { product_ids: [product!.id], has_user_stories: true, sort_by: 'bug_count', limit: 100 })
    expect(items.map(({ id }) => id)).toEqual(expectedFeatures(account.truth, options).map(({ id }) => id))
    const [{ title }] = account.truth.features as [AskedAccount['truth']['features'][number]]
    expect((await account.items('list_features', { search: title.toUpperCase() })).map((item) => item['title'])).toContain(title)
  })
})

describe('list_users', () => {
  it('gives everybody, testers with their bugs and customers with their tests', async () => {
    const { truth } = account
    const items = await account.items('list_users', { limit: 100, sort_by: 'bug_count' })
    expect(items).toHaveLength(truth.users.length)
    for (const { name, role, bug_count, test_count } of items) {
      const bugs = truth.bugs.filter(({ tester }) => tester === name)
      const setUp = truth.tests.filter(({ createdBy, submittedBy }) => createdBy === name || submittedBy === name)
      expect({ name, bug_count, test_count }).toEqual(
        role === 'tester' ? { name, bug_count: bugs.length, test_count: new Set(bugs.map(({ testId }) => testId)).size } : { name, bug_count: 0, test_count: setUp.length },
      )
    }
    expect((await account.items('list_users', { role: 'customer', limit: 100 })).every(({ role }) => role === 'customer')).toBe(true)
    expect((await account.ask('list_users', { active_since: 'last month', limit: 1 }))['filters']).toMatchObject({ active_since: '2026-10-01T00:00:00.000Z' })
  })
})

describe('a summary', () => {
  it('of a product counts its tests and bugs', async () => {
    const { truth } = account
    for (const { id, name } of truth.products) {
      const tests = truth.tests.filter(({ productId }) => productId === id)
      expect(await account.ask('get_product_summary', { product_id: id })).toMatchObject({
        id, name, test_count: tests.length, bugs: outcomes(truth.bugs.filter(({ productId }) => productId === id)),
        tests_by_status: expect.arrayContaining([{ status: 'archived', count: tests.filter(({ status }) => status === 'archived').length }]),
      })
    }
  })

  it('of a feature gives its user stories', async () => {
    const feature = most(account.truth.features, ({ userStories }) => userStories.length)
    expect(await account.ask('get_feature_summary', { feature_id: feature.id })).toMatchObject({
      id: feature.id, title: feature.title, how_to_find: feature.howToFind, user_stories: feature.userStories.map(({ title }) => title),
      bugs: outcomes(account.truth.bugs.filter(({ featureId }) => featureId === feature.id)),
    })
  })

  it('of a person counts what they reported', async () => {
    const [user] = await account.items('list_users', { role: 'tester', sort_by: 'bug_count', limit: 1 })
    const bugs = account.truth.bugs.filter(({ tester }) => tester === user?.['name'])
    expect(await account.ask('get_user_summary', { user_id: user?.['id'] })).toMatchObject({ name: user?.['name'], role: 'tester', bugs: outcomes(bugs), tests_created: 0, tests_submitted: 0 })
  })

  it('of a bug gives steps, results, devices and the reason of its rejection', async () => {
    const bug = account.truth.bugs.find(({ outcome, kind, rejectionReason }) => outcome === 'rejected' && kind === 'functional' && rejectionReason !== 'other')!
    expect(await account.ask('get_bug_summary', { bug_id: bug.id })).toMatchObject({
      id: bug.id, outcome: 'rejected', steps: bug.steps, expected_result: bug.expectedResult, actual_result: bug.actualResult,
      rejection_reason: bug.rejectionReason, rejection_reason_name: account.truth.rejectReasons.find(({ key }) => key === bug.rejectionReason)?.name,
      devices: bug.devices.map(({ operatingSystem, osVersion, browsers }) => ({ operating_system: operatingSystem, os_version: osVersion, browsers })),
    })
  })

  it.each([
    ['get_product_summary', 'product_id', 'list_products'], ['get_test_summary', 'test_id', 'list_tests'], ['get_feature_summary', 'feature_id', 'list_features'],
    ['get_user_summary', 'user_id', 'list_users'], ['get_bug_summary', 'bug_id', 'list_bugs'],
  ])('that is not there: %s names the tool to look in', async (tool, argument, list) => {
    const lines = await account.refusal(tool, { [argument]: 999_999_999 })
    expect(lines).toHaveLength(3)
    expect(lines[2]).toContain(list)
    expect((await account.refusal(tool, { [argument]: 'abc' }))[1]).toContain(`"${argument}" must be a number`)
  })
})

describe('get_analytics_capabilities', () => {
  it('tells of every dimension and metric what it means, by the registries', async () => {
    const answer = await account.ask('get_analytics_capabilities')
    const told = (list: string) => (answer[list] as readonly Json[]).map(({ key, meaning, example }) => ({ key, meaning, example }))
    const known = (all: readonly { readonly key: string; readonly meaning: string; readonly example: string }[]) => all.map(({ key, meaning, example }) => ({ key, meaning, example }))
    expect(told('dimensions')).toEqual(known(dimensions))
    expect(told('metrics')).toEqual(known(metrics))
    expect(answer).toMatchObject({ limits: { dimensions: 4, rows: 1000, default_rows: 100 }, filters: expect.arrayContaining(['severity', 'product_id', 'feature_id', 'test_id']) })
    expect(answer['time_phrases']).toEqual(expect.arrayContaining(['today', 'last week']))
  })
})

describe('query_metrics', () => {
  it('counts what the account has, under the names of the contract', async () => {
    const answer = await account.ask('query_metrics', { metrics: ['bug_count', 'rejection_rate'], dimensions: ['severity'], filters: { known: false } })
    const bugs = countedBugs().filter(({ known }) => !known)
    const expected = ['critical', 'high', 'low', null].map((severity) => {
      const of = bugs.filter((bug) => bug.severity === severity)
      return { severity, bug_count: of.length, rejection_rate: of.filter(({ outcome }) => outcome === 'rejected').length / of.length }
    })
    expect(answer['rows']).toEqual(expected.toSorted((a, b) => b.bug_count - a.bug_count))
    expect(answer).toMatchObject({
      total_rows: 4, truncated: false, next_cursor: null, totals: { bug_count: bugs.length }, range: { from: null, to: null, field: 'end_at', time_zone: 'UTC' },
      filters: { known: false, test_status: executed }, explanation: expect.stringContaining('per severity'), warnings: [], chart: { type: expect.any(String) }, freshness: { stale: false },
    })
  })

  it('takes every argument of the contract', async () => {
    const answer = await account.ask('query_metrics', {
      metrics: ['bug_count'], dimensions: ['outcome'], filters: { severity: { not: ['low', null] } }, from: '2000', to: 'today', time_zone: 'Europe/Berlin', sort_by: 'outcome',
      sort_order: 'desc', limit: 1, other: true, compare: 'previous', drill: true,
    })
    const [first, rest] = answer['rows'] as readonly [Json, Json]
    expect(first).toMatchObject({ outcome: expect.any(String), previous: { bug_count: 0 }, drill: { test_ids: expect.any(Array), bug_ids: expect.any(Array) } })
    expect(rest).toMatchObject({ other: true, outcome: null, groups: (answer['total_rows'] as number) - 1 })
    const single = await account.ask('query_metrics', { metrics: ['bug_count'], dimensions: ['outcome'], drill: { outcome: 'rejected' } })
    expect((single['rows'] as readonly Json[])[0]?.['drill']).toMatchObject({ bug_ids: countedBugs().filter(({ outcome }) => outcome === 'rejected').map(({ id }) => id).toSorted((a, b) => a - b) })
  })

  it('cuts an answer that is too long at a row, and the cursor goes on to the last group', async () => {
    const args = { metrics: ['bug_count', 'test_count', 'rejection_rate', 'active_testers'], dimensions: ['product', 'test', 'tester', 'severity'], limit: 1000 }
    const rows: Json[] = []
    let pages = 0
    for (let cursor: unknown; cursor !== null; pages += 1) {
      const answer = await account.ask('query_metrics', { ...args, ...(cursor === undefined ? {} : { cursor }) })
      expect(JSON.stringify(answer).length).toBeLessThanOrEqual(40_000)
      expect(answer['truncated']).toBe(answer['next_cursor'] !== null)
      if (answer['truncated'] === true) expect(answer['hint']).toMatch(/go on with next_cursor/)
      rows.push(...(answer['rows'] as readonly Json[]))
      cursor = answer['next_cursor']
    }
    const groups = new Set(countedBugs().map(({ testId, tester, severity }) => JSON.stringify([testId, tester, severity])))
    expect(pages).toBeGreaterThan(1)
    expect(rows).toHaveLength(groups.size)
    expect(new Set(rows.map((row) => JSON.stringify([row['test_id'], row['tester'], row['severity']])))).toEqual(groups)
  })

  it.each<readonly [string, Json, RegExp]>([
    ['an unknown metric', { metrics: ['bug_cuont'] }, /bug_count/],
    ['an unknown dimension', { metrics: ['bug_count'], dimensions: ['severtiy'] }, /Did you mean "severity"/],
    ['an unknown argument', { metrics: ['bug_count'], dimension: ['severity'] }, /Did you mean "dimensions"/],
    ['an unknown filter', { metrics: ['bug_count'], filters: { status: 'locked' } }, /Did you mean "test_status"/],
    ['a filter of another form', { metrics: ['bug_count'], filters: { severity: { in: ['high'] } } }, /"filters.severity" must be a value, a list of values, or \{ "not": … \}/],
    ['a value that there is not', { metrics: ['bug_count'], filters: { severity: 'hihg' } }, /Did you mean "high"/],
    ['an order by something else', { metrics: ['bug_count'], sort_by: 'test_count' }, /"sort_by" must be one of the metrics or dimensions of the question/],
    ['a time that is none', { metrics: ['bug_count'], from: 'someday' }, /30 days ago/],
  ])('refuses %s in three lines that name what is valid', async (_, args, text) => {
    const lines = await account.refusal('query_metrics', args)
    expect(lines).toHaveLength(3)
    expect(lines.join('\n')).toMatch(text)
  })
})
