import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnalyticsQuestion } from '../../src/analytics/question.ts'
import { engines } from '../support/engines.ts'
import { testNow } from '../support/simulated-account.ts'
import { facts, openAccount, type AnalyticsAccount } from './account.ts'
import { question, rangeOfDays } from './questions.ts'
import { bugLevel, referee, timeDimensions, type ExpectedRow, type Figures, type Question } from './referee.ts'

/** How many questions each engine is asked; `TIDEMARK_QUESTIONS=3000` for a long look. */
const questions = Number(process.env['TIDEMARK_QUESTIONS'] ?? 80)
const few = { numRuns: Math.ceil(questions / 4) }

/** One dimension of each way in which tests and bugs have values, alone and beside others. */
const combinations = [
  'product', 'month', 'required_platform', 'feature', 'severity', 'known', 'kind', 'tester', 'platform',
  'product feature', 'product required_platform', 'product severity', 'product platform', 'month kind', 'month tester', 'required_platform feature',
  'required_platform severity', 'required_platform platform', 'feature severity', 'feature kind', 'feature tester', 'feature platform', 'severity known',
  'severity tester', 'severity platform', 'kind tester', 'known tester severity', 'tester platform', 'platform browser',
]

describe.each(engines.filter((engine) => ['sqljs memory', 'pglite memory', 'postgres'].includes(engine.name)))('analytics on $name', (engine) => {
  let account: AnalyticsAccount
  const query = (it: Question, options: Partial<AnalyticsQuestion> = {}) => account.analytics.query({ ...(it as AnalyticsQuestion), ...options })
  beforeAll(async () => {
    account = await openAccount(engine)
  })
  afterAll(() => account.tidemark.close())

  it('agrees with the referee, whatever is asked', async () => {
    await fc.assert(
      fc.asyncProperty(question, async (it) => {
        const expected = referee(facts, it, testNow)
        const answer = await query(it, { limit: 1000 })
        expect(answer.totals).toEqual(expected.totals)
        expect(answer.totalRows).toBe(expected.rows.length)
        expect(answer.rows.map(cells)).toEqual(expected.rows.slice(0, 1000).map(rowOf))
        expect(answer.truncated).toBe(expected.rows.length > 1000)
      }),
      { numRuns: questions },
    )
  })

  it.each(combinations)('agrees with the referee by %s, whatever is counted', async (keys) => {
    for (const metrics of [['bug_count'], ['test_count'], ['bug_count', 'test_count', 'active_testers', 'features_tested'], ['tests_with_bugs', 'active_testers', 'severity_score']]) {
      const it: Question = { metrics, dimensions: keys.split(' '), filters: {}, timeZone: 'UTC' }
      const expected = referee(facts, it, testNow)
      const answer = await query(it, { limit: 1000 })
      expect(answer.rows.map(cells)).toEqual(expected.rows.slice(0, 1000).map(rowOf))
      expect(answer.totals).toEqual(expected.totals)
    }
  })

  it.each(timeDimensions)('agrees with the referee by %s, where the clocks go forward and back', async (key) => {
    const it: Question = { metrics: ['test_count', 'bug_count'], dimensions: [key], filters: { product_id: [900_001, 900_002] }, timeZone: 'Europe/Berlin' }
    expect((await query(it)).rows.map(cells)).toEqual(referee(facts, it, testNow).rows.map(rowOf))
  })

  it.each<readonly [string, Question['filters']]>([
    ['an operating system of bugs', { platform: ['iOS', 'Windows'] }],
    ['bugs without one', { platform: null }],
    ['bugs without one, or with that', { platform: ['iOS', null] }],
    ['bugs with any other', { platform: { not: ['iOS', null] } }],
    ['an operating system of tests', { required_platform: ['Windows', 'iOS'] }],
    ['tests without one', { required_platform: null }],
    ['tests without one, or with that', { required_platform: ['iOS', null] }],
    ['tests with any other', { required_platform: { not: ['Windows', null] } }],
    ['a feature', { feature: 'Same title' }],
    ['tests and bugs without a feature', { feature: null }],
    ['any other feature', { feature: { not: ['Same title', null] } }],
    ['an id of a feature', { feature_id: [900_021, 900_023] }],
    ['no id of a feature', { feature_id: { not: [900_021, null] } }],
    ['a tester', { tester: ['twin', null] }],
    ['any other tester', { tester: { not: 'twin' } }],
    ['any tester with a name', { tester: { not: ['twin', null] } }],
    ['a name that two products share', { product: 'Zwilling' }],
    ['no section', { section: null }],
    ['a truth', { known: true }],
    ['a day and a severity', { day: ['2025-03-30', null], severity: ['critical', null] }],
  ])('agrees with the referee on what a filter leaves: %s', async (_, filters) => {
    const it: Question = { metrics: ['test_count', 'bug_count', 'features_tested', 'active_testers'], dimensions: ['product'], filters, timeZone: 'UTC' }
    const { rows, totals } = referee(facts, it, testNow)
    const answer = await query(it, { limit: 1000 })
    expect(answer.totals).toEqual(totals)
    expect(answer.rows.map(cells)).toEqual(rows.map(rowOf))
    expect(totals['test_count']).toBeGreaterThan(0)
    expect(totals['test_count']).toBeLessThan(facts.tests.length)
  })

  it('gives every group once, in order, when it is walked by cursor', async () => {
    await fc.assert(
      fc.asyncProperty(question, fc.integer({ min: 1, max: 40 }), async (it, limit) => {
        const expected = referee(facts, it, testNow)
        const walked: unknown[] = []
        let cursor: string | undefined
        do {
          const answer = await query(it, { limit, cursor })
          walked.push(...answer.rows.map(cells))
          expect(answer).toMatchObject({ totalRows: expected.rows.length, totals: expected.totals, truncated: walked.length < expected.rows.length })
          cursor = answer.nextCursor ?? undefined
          expect(cursor !== undefined).toBe(answer.truncated)
        } while (cursor !== undefined && walked.length < 6 * limit)
        expect(walked).toEqual(expected.rows.slice(0, walked.length).map(rowOf))
        expect(walked.length).toBeGreaterThanOrEqual(Math.min(expected.rows.length, 6 * limit))
      }),
      few,
    )
  })

  it('folds what lies behind the limit into one row that counts everything once', async () => {
    await fc.assert(
      fc.asyncProperty(question, fc.integer({ min: 1, max: 5 }), async (it, limit) => {
        const expected = referee(facts, it, testNow)
        const { rows, truncated, nextCursor, totalRows } = await query(it, { limit, other: true })
        expect({ truncated, nextCursor, totalRows }).toEqual({ truncated: false, nextCursor: null, totalRows: expected.rows.length })
        expect(rows.slice(0, limit).map(cells)).toEqual(expected.rows.slice(0, limit).map(rowOf))
        expect(rows).toHaveLength(Math.min(expected.rows.length, limit + 1))
        if (expected.rows.length <= limit) return
        expect(rows[limit]).toMatchObject({ ...expected.other(limit), other: true, groups: expected.rows.length - limit })
        for (const key of it.dimensions) expect(rows[limit]).toMatchObject({ [key]: null })
      }),
      few,
    )
  })

  it.each(['product', 'feature', 'required_platform', 'feature severity'])('folds all but one group by %s into one row, tests and bugs each once', async (keys) => {
    const it: Question = { metrics: ['test_count', 'bug_count', 'features_tested'], dimensions: keys.split(' '), filters: {}, timeZone: 'UTC' }
    const expected = referee(facts, it, testNow)
    const { rows } = await query(it, { limit: 1, other: true })
    expect(rows[1]).toMatchObject({ ...expected.other(1), groups: expected.rows.length - 1 })
  })

  it('compares rows and totals with the range of the same length before', async () => {
    await fc.assert(
      fc.asyncProperty(question, rangeOfDays, async (it, { from, to, previous }) => {
        const now = referee(facts, { ...it, from, to }, testNow)
        const before = referee(facts, { ...it, ...previous }, testNow)
        const answer = await query({ ...it, from, to }, { compare: 'previous', limit: 50 })
        expect(answer.totals).toMatchObject({ ...now.totals, previous: before.totals, difference: difference(now.totals, before.totals) })
        const comparable = !it.dimensions.some((key) => timeDimensions.includes(key))
        for (const [index, row] of answer.rows.entries()) {
          const figures = now.rows[index]?.figures ?? {}
          const earlier = before.figuresOf(now.rows[index]?.dimensions ?? {})
          expect(row).toMatchObject(comparable ? { ...figures, previous: earlier, difference: difference(figures, earlier) } : { ...figures, previous: null, difference: null })
        }
        expect(answer.warnings.some((warning) => warning.includes('time dimension'))).toBe(!comparable)
      }),
      few,
    )
  })

  it('compares the row of all other groups as well', async () => {
    const it: Question = { metrics: ['bug_count', 'test_count', 'rejection_rate'], dimensions: ['product', 'severity'], filters: {}, timeZone: 'UTC', from: '2026-07-01', to: '2026-09-30' }
    const { rows } = await query(it, { compare: 'previous', other: true, limit: 2 })
    const all = await query({ ...it, from: '2026-03-31', to: '2026-06-30' }, { limit: 1000 })
    const shown = rows.slice(0, 2).map((row) => `${row.product_id} ${row.severity}`)
    const left = all.rows.filter((row) => !shown.includes(`${row.product_id} ${row.severity}`))
    expect(rows[2]).toMatchObject({ other: true, previous: { bug_count: left.reduce((sum, row) => sum + (row.bug_count ?? 0), 0) } })
  })

  it('gives the ids behind a row', async () => {
    await fc.assert(
      fc.asyncProperty(question, async (it) => {
        const expected = referee(facts, it, testNow)
        const answer = await query(it, { drill: true, limit: 20 })
        expect(answer.rows.map((row) => row.drill)).toEqual(expected.rows.slice(0, 20).map(({ testIds, bugIds }) => ({ testIds, bugIds })))
      }),
      few,
    )
  })

  it('gives the ids behind one row alone, when its values are named', async () => {
    await fc.assert(
      fc.asyncProperty(question, fc.nat(), async (it, at) => {
        const expected = referee(facts, it, testNow)
        const row = expected.rows[at % Math.max(1, expected.rows.length)]
        if (row === undefined) return
        const answer = await query(it, { drill: row.dimensions as AnalyticsQuestion['drill'] })
        expect(answer.rows.map((found) => ({ ...cells(found), drill: found.drill }))).toEqual([{ ...rowOf(row), drill: { testIds: row.testIds, bugIds: row.bugIds } }])
        expect(answer).toMatchObject({ totalRows: 1, totals: expected.totals })
      }),
      few,
    )
  })

  it('has rows that add up to the totals where nothing can be in two of them', async () => {
    const single = fc.uniqueArray(fc.constantFrom('product', 'section', 'test_status', 'month', 'test_environment', 'severity', 'kind', 'outcome', 'tester'), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(question, single, async (it, dimensions) => {
        const metrics = ['bug_count', 'severity_score', 'open_count', 'accepted_count', 'auto_accepted_count', 'rejected_count', ...(dimensions.some((key) => bugLevel.includes(key)) ? [] : ['test_count'])]
        const answer = await query({ ...it, dimensions, metrics, sortBy: undefined }, { limit: 1000 })
        const sums = Object.fromEntries(metrics.map((metric) => [metric, answer.rows.reduce((sum, row) => sum + Number(cells(row)[metric]), 0)]))
        expect(answer.truncated).toBe(false)
        expect(sums).toEqual({ ...answer.totals })
      }),
      few,
    )
  })

  it('has totals that no dimension changes', async () => {
    await fc.assert(
      fc.asyncProperty(question, async (it) => {
        const [grouped, plain] = [await query(it), await query({ ...it, dimensions: [], sortBy: undefined })]
        expect(grouped.totals).toEqual(plain.totals)
        expect(plain.rows.map(cells)).toEqual([plain.totals])
      }),
      few,
    )
  })

  it('counts as many tests and bugs as the lists have for the same scope', async () => {
    const { tidemark } = account
    const product = facts.products[1]?.id ?? 0
    const statuses = ['running', 'locked', 'archived', 'customer_finalized']
    const range = { from: '2026-01-01', to: '2026-10-31' }
    const tests = await tidemark.tests.list({ statuses, productIds: [product], ...range, limit: 100 })
    const bugs = await tidemark.bugs.list({ testIds: tests.items.map((test) => test.id), severities: ['high', 'critical'], limit: 1 })
    const { totals } = await query({ metrics: ['test_count', 'bug_count'], dimensions: [], filters: { product_id: product, severity: ['high', 'critical'] }, timeZone: 'UTC', ...range })
    expect(tests.total).toBe(tests.items.length)
    expect(totals).toEqual({ test_count: tests.total, bug_count: bugs.total })
    expect(bugs.total).toBeGreaterThan(0)
  })
})

/** A row as it is shown, without the ids of people, which are of the copy alone. */
function cells(row: object): Readonly<Record<string, unknown>> {
  const { tester_id: _tester, created_by_id: _creator, drill: _drill, ...rest }: Readonly<Record<string, unknown>> = { ...row }
  return rest
}

function rowOf(row: ExpectedRow): Readonly<Record<string, unknown>> {
  return { ...row.dimensions, ...row.figures }
}

function difference(now: Figures, before: Figures): Figures {
  return Object.fromEntries(Object.entries(now).map(([key, value]) => {
    const earlier = before[key] ?? null
    return [key, value === null || earlier === null ? null : value - earlier]
  }))
}
