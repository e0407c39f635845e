import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QualityInput, QualityReport } from '../../src/reports/quality-report.ts'
import { facts, openAccount, type AnalyticsAccount } from '../analytics/account.ts'
import { engines } from '../support/engines.ts'
import { expectedReport, type Asked } from './referee.ts'

const productIds = facts.products.map(({ id }) => id)
const [firstProduct = 0] = productIds
const rates = ['overallAcceptanceRate', 'activeAcceptanceRate', 'autoAcceptanceRate', 'rejectionRate', 'reviewRate'] as const

const days = fc.constantFrom('2024-06-01', '2025-03-30', '2025-10-26', '2026-01-01', '2026-06-30', '2026-08-31', '2026-11-19')
const range = fc.oneof(fc.constant({}), fc.tuple(days, days).map((pair) => pair.toSorted()).map(([from, to]) => ({ from, to })), days.map((to) => ({ to })))
const statuses = fc.oneof(fc.constant({}), fc.uniqueArray(fc.constantFrom('running', 'locked', 'archived', 'cancelled', 'in_orbit', 'initialized'), { minLength: 1, maxLength: 3 }).map((some) => ({ statuses: some })))
const testIds = fc.uniqueArray(fc.constantFrom(...facts.tests.map(({ id }) => id)), { minLength: 1, maxLength: 12 }).map((some) => ({ testIds: some }))
const asked: fc.Arbitrary<Asked> = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...productIds), { minLength: 1 }), fc.oneof({ weight: 3, arbitrary: fc.tuple(range, statuses).map(([some, more]) => ({ ...some, ...more })) }, { weight: 1, arbitrary: testIds }))
  .map(([products, rest]) => ({ productIds: products, ...rest }))

describe.each(engines.filter(({ name }) => ['sqljs memory', 'pglite memory', 'postgres'].includes(name)))('the quality report on $name', (engine) => {
  let account: AnalyticsAccount
  const report = (input: QualityInput): Promise<QualityReport> => account.tidemark.reports.quality(input)
  beforeAll(async () => {
    account = await openAccount(engine)
  })
  afterAll(() => account.tidemark.close())

  it('agrees with the referee in every block, whatever its scope', async () => {
    await fc.assert(fc.asyncProperty(asked, async (it) => {
      const expected = expectedReport(facts, it)
      const { summary, byProduct, trend, byTest, platforms, rejectionReasons, topTesters, truncated, nextCursor } = await report(it)
      expect(summary).toMatchObject(expected.summary)
      expect(byProduct).toMatchObject(expected.byProduct)
      expect(byProduct).toHaveLength(expected.byProduct.length)
      expect(trend).toMatchObject(expected.trend)
      expect(trend).toHaveLength(expected.trend.length)
      expect(byTest.map(({ startAt: _start, ...test }) => test)).toEqual(expected.byTest)
      expect({ truncated, nextCursor }).toEqual({ truncated: false, nextCursor: null })
      expect(Object.fromEntries(platforms.map(({ platform, bugs }) => [`${platform}`, bugs]))).toEqual(expected.platforms)
      expect(platforms.every(({ critical, high, low, otherKinds, bugs }) => critical + high + low + otherKinds === bugs)).toBe(true)
      expect(Object.fromEntries(rejectionReasons.map(({ reason, bugCount }) => [reason, bugCount]))).toEqual(expected.rejectionReasons)
      for (const { tester, bugCount } of topTesters) expect(bugCount).toBe(expected.testers[tester])
      expect(topTesters.map(({ bugCount }) => bugCount)).toEqual(Object.values(expected.testers).toSorted((a, b) => b - a).slice(0, 10))
    }), { numRuns: 30 })
  })

  it('has the totals of analytics and of the lists for the same scope', async () => {
    await fc.assert(fc.asyncProperty(asked.filter((it) => it.testIds === undefined), async (it) => {
      const { tidemark } = account
      const { summary, byTest, byProduct, trend, topFeatures } = await report(it)
      const filters = { product_id: it.productIds, ...(it.statuses === undefined ? {} : { test_status: it.statuses }) }
      const metrics = ['test_count', 'bug_count', 'bugs_per_test', 'open_count', 'accepted_count', 'auto_accepted_count', 'rejected_count', 'overall_acceptance_rate', 'active_acceptance_rate', 'auto_acceptance_rate', 'rejection_rate', 'review_rate'] as const
      const { totals } = await tidemark.analytics.query({ metrics, filters, from: it.from, to: it.to })
      const { bugsByOutcome } = summary
      expect([summary.tests, summary.bugs, summary.bugsPerTest, bugsByOutcome.open, bugsByOutcome.accepted, bugsByOutcome.autoAccepted, bugsByOutcome.rejected, ...rates.map((rate) => summary[rate])])
        .toEqual(metrics.map((metric) => totals[metric]))

      const lists = { productIds: it.productIds, statuses: it.statuses ?? ['running', 'locked', 'archived', 'customer_finalized'], from: it.from, to: it.to }
      expect((await tidemark.tests.list({ ...lists, limit: 1 })).total).toBe(summary.tests)
      const ids = byTest.map(({ testId }) => testId)
      if (ids.length > 0) expect((await tidemark.bugs.list({ testIds: ids, limit: 1 })).total).toBe(summary.bugs)

      for (const parts of [byTest, byProduct, trend]) {
        expect(parts.reduce((sum, part) => sum + part.tests, 0)).toBe(summary.tests)
        expect(parts.reduce((sum, part) => sum + part.bugs, 0)).toBe(summary.bugs)
      }
      const features = await tidemark.analytics.query({ metrics: ['bug_count', 'test_count'], dimensions: ['feature'], filters, from: it.from, to: it.to, limit: 11 })
      expect(topFeatures.map(({ feature, featureId, bugCount, testCount }) => ({ feature, feature_id: featureId, bug_count: bugCount, test_count: testCount })))
        .toEqual(features.rows.filter((row) => row.feature_id !== null).slice(0, 10).map((row) => ({ ...row })))
    }), { numRuns: 15 })
  })

  it('gives every test once, in order, when it is walked by cursor', async () => {
    const whole = await report({ productIds })
    const walked: unknown[] = []
    let cursor: string | undefined
    do {
      const page = await report({ productIds, limit: 7, cursor })
      expect(page.summary).toEqual(whole.summary)
      walked.push(...page.byTest)
      expect(page.truncated).toBe(page.nextCursor !== null)
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(walked).toEqual(whole.byTest)
    const { nextCursor } = await report({ productIds, limit: 1 })
    await expect(report({ productIds: [firstProduct], cursor: nextCursor ?? '' })).rejects.toMatchObject({ code: 'cursor_invalid' })
    await expect(report({ productIds, cursor: 'AAAA' })).rejects.toMatchObject({ code: 'cursor_invalid' })
  })

  it('takes as many statements for one product as for all', async () => {
    const count = async (input: QualityInput): Promise<number> => {
      account.takeCount()
      await report(input)
      return account.takeCount()
    }
    // Freshness, names, ids; two for all counts, one each for features, platforms, reasons, testers; two for a page of tests.
    expect(await count({ productIds })).toBe(11)
    expect(await count({ productIds: [firstProduct] })).toBe(11)
    expect(await count({ productIds, testIds: facts.tests.map(({ id }) => id) })).toBe(12)
  })

  it('takes tests that are named one by one whatever their status, and says what it left out', async () => {
    const tests = facts.tests.filter(({ productId }) => productId === 900_001)
    const foreign = facts.tests.find(({ productId }) => productId === firstProduct)?.id ?? 0
    const { summary, scope, warnings } = await report({ productIds: [900_001, 123], testIds: [900_115, 900_116, 900_190, 456, foreign] })
    expect(summary.testsByStatus).toEqual({ initialized: 1, in_orbit: 1 })
    expect(scope).toEqual({
      statuses: null, range: { from: null, to: null, field: 'end_at', timeZone: 'UTC' }, productIds: [900_001, 123], testIds: [900_115, 900_116, 900_190, 456, foreign],
    })
    expect(tests.length).toBeGreaterThan(2)
    expect(warnings).toEqual([
      'Product 123 is not in the local copy.', 'Test 900190 is gone upstream and left out.', 'Test 456 is not in the local copy.',
      `Test ${foreign} belongs to product ${firstProduct}, which was not asked for, and is left out.`,
    ])
  })

  it('has null rates, unknown health and a product without tests where there is nothing', async () => {
    const { summary, byProduct, warnings, trend, byTest } = await report({ productIds: [900_002], from: '2001-01-01', to: '2001-12-31' })
    expect(summary).toMatchObject({ tests: 0, bugs: 0, bugsPerTest: null, ...Object.fromEntries(rates.map((rate) => [rate, null])), health: { rejectionRate: 'unknown', autoAcceptanceRate: 'unknown', reviewRate: 'unknown' } })
    expect(byProduct).toMatchObject([{ productId: 900_002, product: 'Zwilling', tests: 0 }])
    expect([trend, byTest]).toEqual([[], []])
    expect(warnings).toEqual(['No test is in scope: look at the products, the range and the statuses.'])
  })

  it('echoes its scope with both ends as instants, its thresholds and its age', async () => {
    const answer = await report({ productIds: [firstProduct, firstProduct], from: 'Q3 2026', thresholds: { rejectionRate: { warning: 0.1 } } })
    expect(answer.scope).toEqual({
      statuses: ['running', 'locked', 'archived', 'customer_finalized'], range: { from: '2026-07-01T00:00:00.000Z', to: '2026-10-01T00:00:00.000Z', field: 'end_at', timeZone: 'UTC' },
      productIds: [firstProduct], testIds: null,
    })
    expect(answer.thresholds).toEqual({ rejectionRate: { warning: 0.1, critical: 0.35 }, autoAcceptanceRate: { warning: 0.2, critical: 0.4 }, reviewRate: { warning: 0.8, critical: 0.6 } })
    expect(answer.freshness).toEqual({ asOf: expect.any(String), ageSeconds: 0, stale: false, incomplete: false })
    // The edge rows were never synced.
    expect((await report({ productIds })).freshness).toMatchObject({ asOf: null, stale: true, incomplete: true })
  })

  it.each<[string, object, RegExp, readonly string[]]>([
    ['no product', { productIds: [] }, /productIds/, ['productIds']],
    ['tests with a range', { productIds: [1], testIds: [2], from: '2025', statuses: ['locked'] }, /do not go together with a range or statuses \(from, statuses\)/, ['testIds', 'from', 'statuses']],
    ['no test among the named ones', { productIds: [1], testIds: [] }, /testIds/, ['testIds']],
    ['an option that does not exist', { productIds: [1], product: 2 }, /Unknown option "product"/, ['product']],
    ['a threshold above 1', { productIds: [1], thresholds: { rejectionRate: { warning: 20 } } }, /thresholds\.rejectionRate\.warning/, ['thresholds.rejectionRate.warning']],
    ['a warning behind its critical threshold', { productIds: [1], thresholds: { reviewRate: { warning: 0.5 } } }, /The warning of review rate must not be below/, ['thresholds.reviewRate']],
  ])('refuses %s', async (_what, input, why, names) => {
    await expect(report(input as QualityInput)).rejects.toMatchObject({ code: 'argument_invalid', why: expect.stringMatching(why), details: { arguments: names } })
  })

  it('is the same when it is written piece by piece', async () => {
    const pieces: string[] = []
    const { rows } = await account.tidemark.reports.writeQuality({ productIds }, 'json', { begin: () => void pieces.splice(0), write: (text) => void pieces.push(text) })
    const whole = await report({ productIds })
    const written: unknown = JSON.parse(pieces.join(''))
    expect(rows).toBe(whole.summary.tests)
    expect(written).toMatchObject({ summary: { tests: whole.summary.tests, bugs_by_outcome: { auto_accepted: whole.summary.bugsByOutcome.autoAccepted } }, truncated: false, next_cursor: null })
    expect(written).toHaveProperty('by_test.length', whole.byTest.length)
  })
})
