/**
 * Twelve things that people ask, each by the shortest path of calls that answers it, with the answer checked against the
 * account. Who changes a tool so that a path gets longer finds out here.
 */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectedBugs, expectedTests } from '../support/list-referee.ts'
import { freshFolder } from '../support/engines.ts'
import { testNow } from '../support/simulated-account.ts'
import { askedAccount, type AskedAccount, type Json } from './account.ts'

const executed = ['running', 'locked', 'archived', 'customer_finalized']

let account: AskedAccount
beforeAll(async () => {
  account = await askedAccount({ reportsFolder: await freshFolder() })
})
afterAll(() => account.tidemark.close())

/** Calls one tool after the other; each says what it takes from the answer before. */
async function follow(...steps: readonly (readonly [tool: string, args: (before: Json) => Json])[]): Promise<Json> {
  let answer: Json = {}
  for (const [tool, args] of steps) answer = await account.ask(tool, args(answer))
  return answer
}
const itemsOf = (answer: Json): readonly Json[] => answer['items'] as readonly Json[]
const idsOf = (answer: Json): readonly unknown[] => itemsOf(answer).map(({ id }) => id)
const first = (answer: Json): Json => itemsOf(answer)[0] ?? {}

const isCounted = (testId: number): boolean => executed.includes(account.truth.tests.find(({ id }) => id === testId)?.status ?? '')
const largestProduct = () => account.truth.products.toSorted((a, b) => testsOf(b.id).length - testsOf(a.id).length)[0]!
const testsOf = (productId: number) => account.truth.tests.filter((test) => test.productId === productId)

describe('a person asks', () => {
  it('1. how many mobile products there are', async () => {
    const answer = await follow(['list_products', () => ({ type: ['mobile_app_ios', 'mobile_app_android'], limit: 1 })])
    expect(answer['total']).toBe(account.truth.products.filter(({ type }) => type?.startsWith('mobile_app_') === true).length)
  })

  it('2. for the first twenty archived tests of a product', async () => {
    const { id, name } = largestProduct()
    const answer = await follow(
      ['list_products', () => ({ search: name, limit: 1 })],
      ['list_tests', (products) => ({ product_ids: [first(products)['id']], statuses: ['archived'], limit: 20 })],
    )
    expect(idsOf(answer)).toEqual(expectedTests(account.truth, { productIds: [id], statuses: ['archived'] }).slice(0, 20).map((test) => test.id))
  })

  it('3. for the tests from the 21st to the 30th of a product', async () => {
    const { id } = largestProduct()
    const answer = await follow(['list_tests', () => ({ product_ids: [id], offset: 20, limit: 10 })])
    expect(idsOf(answer)).toEqual(expectedTests(account.truth, { productIds: [id] }).slice(20, 30).map((test) => test.id))
    expect(answer).toMatchObject({ offset: 20, total: testsOf(id).length, has_more: testsOf(id).length > 30 })
  })

  it('4. for a test that does not exist, and learns where to look instead', async () => {
    const lines = await account.refusal('get_test_summary', { test_id: 999_999 })
    expect(lines).toEqual(['Cannot summarize test 999999', 'The local copy has no test with this id.', expect.stringMatching(/list_tests/)])
    expect((await account.ask('list_tests', { limit: 1 }))['total']).toBe(account.truth.tests.length)
  })

  it('5. for the archived tests from the third to the sixth of a mobile product', async () => {
    const answer = await follow(
      ['list_products', () => ({ type: ['mobile_app_ios', 'mobile_app_android'] })],
      ['list_tests', (products) => ({ product_ids: [first(products)['id']], statuses: ['archived'], offset: 2, limit: 4 })],
    )
    const mobile = account.truth.products.filter(({ type }) => type?.startsWith('mobile_app_') === true).toSorted((a, b) => (a.name < b.name ? -1 : 1))[0]!
    const expected = expectedTests(account.truth, { productIds: [mobile.id], statuses: ['archived'] }).slice(2, 6)
    expect(expected).toHaveLength(4)
    expect(idsOf(answer)).toEqual(expected.map(({ id }) => id))
  })

  it('6. how fresh the data is', async () => {
    const { sync, checks } = await follow(['get_server_diagnostics', () => ({})])
    expect(sync).toMatchObject({ last_success_at: new Date(testNow).toISOString(), success_rate_24h: 1, last_run: { outcome: 'success' } })
    expect((checks as readonly Json[]).filter(({ ok }) => ok === false)).toEqual([])
    expect((await account.ask('list_products', { limit: 1 }))['freshness']).toEqual({ as_of: new Date(testNow).toISOString(), age_seconds: 0, stale: false, incomplete: false })
  })

  it('7. for a report on four months as a file, and is told where it is', async () => {
    const { id } = largestProduct()
    const answer = await follow(['generate_quality_report', () => ({ product_ids: [id], from: '2026-07', to: '2026-10-31', save_as: 'july-to-october.csv' })])
    const expected = testsOf(id).filter(({ status, endAt }) => executed.includes(status) && endAt !== null && endAt >= '2026-07-01' && endAt < '2026-11-01')
    expect(answer).toMatchObject({ rows: expected.length, uri: 'testio://report/july-to-october.csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const [, ...lines] = (await readFile(String(answer['path']), 'utf8')).trimEnd().split('\r\n')
    expect(new Set(lines.map((line) => Number(line.split(',')[0])))).toEqual(new Set(expected.map((test) => test.id)))
  })

  it('8. for the user stories of a feature that has some, and who found most of its bugs', async () => {
    const features = await account.ask('list_features', { has_user_stories: true, sort_by: 'bug_count', limit: 1 })
    const feature = account.truth.features.find(({ id }) => id === first(features)['id'])!
    expect(await account.ask('get_feature_summary', { feature_id: feature.id })).toMatchObject({ user_stories: feature.userStories.map(({ title }) => title) })
    const answer = await account.ask('query_metrics', { metrics: ['bug_count'], dimensions: ['tester'], filters: { feature_id: feature.id }, limit: 5 })
    const bugs = account.truth.bugs.filter(({ featureId, testId }) => featureId === feature.id && isCounted(testId))
    const counts = [...new Set(bugs.map(({ tester }) => tester))].map((tester) => ({ tester, bug_count: bugs.filter((bug) => bug.tester === tester).length }))
    const shown = answer['rows'] as readonly Json[]
    expect(shown.map(({ bug_count }) => bug_count)).toEqual(counts.map(({ bug_count }) => bug_count).toSorted((a, b) => b - a).slice(0, 5))
    for (const { tester, bug_count } of shown) expect(counts).toContainEqual({ tester, bug_count })
  })

  it('9. which five features have the most bugs, and how many that is per test', async () => {
    const answer = await follow(['query_metrics', () => ({ metrics: ['bug_count', 'bugs_per_test'], dimensions: ['feature'], filters: { feature: { not: null } }, limit: 5 })])
    const { truth } = account
    const counted = truth.tests.filter(({ id }) => isCounted(id))
    const expected = truth.features.map(({ id }) => ({
      id, tests: counted.filter(({ features }) => features.some(({ featureId }) => featureId === id)).length, bugs: truth.bugs.filter(({ featureId, testId }) => featureId === id && isCounted(testId)).length,
    }))
    const rows = answer['rows'] as readonly Json[]
    expect(rows.map(({ bug_count }) => bug_count)).toEqual(expected.map(({ bugs }) => bugs).toSorted((a, b) => b - a).slice(0, 5))
    for (const row of rows) {
      const { tests, bugs } = expected.find(({ id }) => id === row['feature_id'])!
      expect(row).toMatchObject({ bug_count: bugs, bugs_per_test: bugs / tests })
    }
  })

  it('10. for whatever is about some words, the best match first', async () => {
    const { title } = account.truth.features[0]!
    const answer = await follow(['search', () => ({ query: title, entities: ['feature'], limit: 100 })])
    const scores = itemsOf(answer).map(({ score }) => Number(score))
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    const same = account.truth.features.filter((feature) => feature.title === title).map(({ id }) => id)
    expect(idsOf(answer)).toEqual(expect.arrayContaining(same))
    expect(same).toContain(first(answer)['id'])
  })

  it('11. which bugs of a test were rejected, and why the worst of them', async () => {
    const rejected = account.truth.bugs.filter(({ outcome, severity }) => outcome === 'rejected' && severity === 'critical')
    const { testId } = rejected.toSorted((a, b) => a.id - b.id)[0]!
    const expected = expectedBugs(account.truth, { testIds: [testId], outcomes: ['rejected'], sortBy: 'severity' })
    const bugs = await account.ask('list_bugs', { test_ids: [testId], outcomes: ['rejected'], sort_by: 'severity' })
    expect(idsOf(bugs)).toEqual(expected.slice(0, 20).map(({ id }) => id))
    const worst = expected[0]!
    expect(await account.ask('get_bug_summary', { bug_id: first(bugs)['id'] })).toMatchObject({
      id: worst.id, severity: 'critical', outcome: 'rejected', rejection_reason: worst.rejectionReason, steps: worst.steps,
      comments: worst.comments.toSorted((a, b) => a.id - b.id).map(({ id, body }) => ({ id, body })),
    })
  })

  it('12. for a quick look at one product', async () => {
    const { id, name } = largestProduct()
    const answer = await follow(
      ['list_products', () => ({ search: name, limit: 1 })],
      ['get_product_summary', (products) => ({ product_id: first(products)['id'] })],
    )
    expect(answer).toMatchObject({
      id, name, test_count: testsOf(id).length, bug_count: account.truth.bugs.filter(({ productId }) => productId === id).length,
      newest_tests: expectedTests(account.truth, { productIds: [id] }).slice(0, 3).map((test) => ({ id: test.id, title: test.title })),
    })
  })
})
