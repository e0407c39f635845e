import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyticsCapabilities } from '../../src/analytics/capabilities.ts'
import { dimensionKeys } from '../../src/analytics/dimensions.ts'
import { metricKeys } from '../../src/analytics/metrics.ts'
import type { AnalyticsQuestion } from '../../src/analytics/question.ts'
import { engines } from '../support/engines.ts'
import { facts, openAccount, type AnalyticsAccount } from './account.ts'
import { bugLevel, metricNames, testLevel } from './referee.ts'

const product = facts.products[0]?.id ?? 0
/** The tests that were made for borders of days. */
const edgeProducts = { product_id: [900_001, 900_002] }

describe.each(engines.filter((engine) => ['sqljs memory', 'postgres'].includes(engine.name)))('a question to analytics on $name', (engine) => {
  let account: AnalyticsAccount
  const query = (question: AnalyticsQuestion) => account.analytics.query(question)
  beforeAll(async () => {
    account = await openAccount(engine)
  })
  afterAll(() => account.tidemark.close())

  it.each([
    ['Europe/Berlin', '2025-03-29', ['2025-03-29', 0]],
    // From midnight in Berlin, which is 23:00 of the day before in UTC, to the last millisecond of a day of 23 hours.
    ['Europe/Berlin', '2025-03-30', ['2025-03-30', 3]],
    ['Europe/Berlin', '2025-03-31', ['2025-03-31', 2]],
    ['UTC', '2025-03-29', ['2025-03-29', 1]],
    ['UTC', '2025-03-30', ['2025-03-30', 3]],
    // A day of 25 hours: both its half past two, and its last millisecond.
    ['Europe/Berlin', '2025-10-26', ['2025-10-26', 3]],
    ['Europe/Berlin', '2025-10-27', ['2025-10-27', 1]],
    ['UTC', '2025-10-26', ['2025-10-26', 4]],
    // In Samoa there was no 30 December 2011.
    ['Pacific/Apia', '2011-12-31', ['2011-12-31', 2]],
    ['Pacific/Apia', '2011-12-29', ['2011-12-29', 0]],
  ] as const)('in %s counts for %s the tests that ended on that day, and shows them on it', async (timeZone, day, [shown, count]) => {
    const { rows, totals } = await query({ metrics: ['test_count'], dimensions: ['day'], filters: edgeProducts, from: day, to: day, timeZone })
    expect(totals.test_count).toBe(count)
    expect(rows).toEqual(count === 0 ? [] : [{ day: shown, test_count: count }])
  })

  it('takes a bare day as the end whole, and leaves out what ended at its exclusive end', async () => {
    const question = { metrics: ['test_count'], filters: edgeProducts, timeZone: 'Europe/Berlin' } as const
    expect((await query({ ...question, from: '2025-03-30T00:00', to: '2025-03-31T00:00' })).totals.test_count).toBe(3)
    expect((await query({ ...question, from: '2025-03-30', to: '2025-03-30' })).range).toEqual({
      from: '2025-03-29T23:00:00.000Z', to: '2025-03-30T22:00:00.000Z', field: 'end_at', timeZone: 'Europe/Berlin',
    })
  })

  it('counts a bug with several platforms once behind the limit', async () => {
    const question = { metrics: ['bug_count', 'severity_score'], dimensions: ['platform'], filters: { test_id: 900_101 }, sortBy: 'platform', limit: 1, other: true } as const
    // A high bug on iOS, a critical one on iOS and Windows, and one of another kind on neither.
    const { rows, totals } = await query(question)
    expect(totals).toEqual({ bug_count: 3, severity_score: 9 })
    expect(rows).toEqual([
      { platform: 'Windows', bug_count: 1, severity_score: 5 },
      { platform: null, bug_count: 3, severity_score: 9, other: true, groups: 2 },
    ])
    expect((await query({ ...question, sortOrder: 'desc' })).rows).toEqual([
      { platform: 'iOS', bug_count: 2, severity_score: 8 },
      { platform: null, bug_count: 2, severity_score: 6, other: true, groups: 2 },
    ])
  })

  it('gives null, and never 0, where there is nothing to divide by', async () => {
    const { rows } = await query({ metrics: ['bug_count', 'rejection_rate', 'auto_acceptance_rate'], dimensions: ['test'], filters: { test_id: [900_108] } })
    expect(rows).toEqual([{ test: 'Z', test_id: 900_108, bug_count: 0, rejection_rate: null, auto_acceptance_rate: null }])
  })

  it('sorts severities by rank and text by code point, with nulls last in both directions', async () => {
    const severities = await query({ metrics: ['bug_count'], dimensions: ['severity'], sortBy: 'severity' })
    expect(severities.rows.map((row) => row.severity)).toEqual(['low', 'high', 'critical', null])
    const turned = await query({ metrics: ['bug_count'], dimensions: ['severity'], sortBy: 'severity', sortOrder: 'desc' })
    expect(turned.rows.map((row) => row.severity)).toEqual(['critical', 'high', 'low', null])
    const titles = await query({ metrics: ['test_count'], dimensions: ['test'], filters: { test_id: [900_101, 900_102, 900_103, 900_105, 900_106] }, sortBy: 'test' })
    expect(titles.rows.map((row) => row.test)).toEqual(['', 'Z', 'a', '\uFF21 wide', '\u{1F41E} beetle'])
  })

  it('names lost features by their newest snapshot', async () => {
    const { rows } = await query({ metrics: ['test_count'], dimensions: ['feature'], filters: { feature_id: [900_023, 900_024], test_id: [900_104, 900_106] }, sortBy: 'feature' })
    expect(rows.filter((row) => row.feature_id !== null && row.feature_id !== undefined && row.feature_id > 900_022)).toEqual([
      { feature: 'Never there, renamed', feature_id: 900_024, test_count: 1 },
      { feature: 'The newer name', feature_id: 900_023, test_count: 1 },
    ])
  })

  it('names ids that the copy does not have, and answers all the same', async () => {
    const { warnings, totals } = await query({
      metrics: ['test_count'], filters: { product_id: [product, 123], test_id: { not: [900_190, 456] }, feature_id: { not: [900_023, 900_024, 789] }, test_status: { not: 'x' } },
    })
    expect(warnings).toEqual([
      'Product 123 is not in the local copy.', 'Test 900190 is gone upstream and left out.', 'Test 456 is not in the local copy.', 'Feature 789 is not in the local copy.',
    ])
    expect(totals.test_count).toBeGreaterThan(0)
  })

  it('takes two statements, and a bounded number with everything that can be added', async () => {
    const count = async (question: AnalyticsQuestion): Promise<number> => {
      account.takeCount()
      await query(question)
      return account.takeCount()
    }
    expect(await count({ metrics: ['bug_count'], dimensions: ['severity'] })).toBe(2)
    expect(await count({ metrics: metricKeys, dimensions: ['feature', 'platform', 'required_platform', 'browser'], timeZone: 'Europe/Berlin', limit: 1000 })).toBe(2)
    const full: AnalyticsQuestion = { metrics: metricKeys, dimensions: ['product', 'platform'], filters: { ...edgeProducts, week: ['2025-W13'] }, from: '2025', timeZone: 'Europe/Berlin', compare: 'previous', other: true, drill: true, limit: 1 }
    expect(await count(full)).toBe(10)
    expect(await count({ ...full, limit: 2 })).toBeLessThanOrEqual(10)
  })

  it('says what it understood', async () => {
    const answer = await query({
      metrics: ['bug_count', 'rejection_rate'], dimensions: ['month', 'platform'], filters: { severity: ['high', 'critical'], tester: { not: null } }, from: 'Q3 2026',
    })
    expect(answer.filters).toEqual({ test_status: ['running', 'locked', 'archived', 'customer_finalized'], severity: ['high', 'critical'], tester: { not: null } })
    expect(answer.explanation).toBe(
      'bug_count and rejection_rate per month and platform. '
      + 'Scope: tests that ended from 2026-07-01T00:00:00.000Z until before 2026-10-01T00:00:00.000Z (time zone UTC), and their bugs, '
      + 'where test_status is "running", "locked", "archived" or "customer_finalized", severity is "high" or "critical" and tester is not null. '
      + 'Sorted by month, earliest first. '
      + 'One test or bug can have several values of platform and counts in each of their rows, but once in the totals. '
      + 'A ratio is null where there is nothing to divide by.',
    )
    expect(answer.chart).toMatchObject({ x: 'month', y: 'bug_count', series: 'platform' })
    expect(answer.warnings).toEqual([])
  })

  it.each([
    ['Europe/Berlin', { '2025-03-29': undefined, '2025-03-30': 3, '2025-03-31': 2, '2025-10-26': 3, '2025-10-27': 1 }],
    // That of UTC in summer, and an hour behind it until the last millisecond of 29 March there.
    ['Atlantic/Azores', { '2025-03-29': 2, '2025-03-30': 2, '2025-03-31': 1, '2025-10-26': 4, '2025-10-27': undefined }],
  ] as const)('knows the days of %s from the first date to the last, where no range is asked for', async (timeZone, days) => {
    const { rows } = await query({ metrics: ['test_count'], dimensions: ['day'], filters: { ...edgeProducts, year: '2025' }, timeZone })
    const counts = new Map(rows.map((row) => [row.day, row.test_count]))
    for (const [day, count] of Object.entries(days)) expect([day, counts.get(day)]).toEqual([day, count])
  })

  it.each<readonly [string, AnalyticsQuestion['dimensions'] & object]>([
    ['product and severity', ['product', 'severity']],
    ['platform, of which a bug has several', ['platform']],
    ['feature', ['feature']],
  ])('shows beside each row what the same group had in the range before: by %s', async (_, dimensions) => {
    const asked = { metrics: ['bug_count', 'test_count', 'rejection_rate'], dimensions, limit: 1000 } as const
    const [now, before] = [{ from: '2026-07-01', to: '2026-09-30' }, { from: '2026-03-31', to: '2026-06-30' }]
    const { rows, range, totals } = await query({ ...asked, ...now, compare: 'previous' })
    const earlier = await query({ ...asked, ...before })
    const figuresOf = (row: (typeof rows)[number] | undefined) => row && { bug_count: row.bug_count, test_count: row.test_count, rejection_rate: row.rejection_rate }
    const isSame = (one: (typeof rows)[number], other: (typeof rows)[number]): boolean => dimensions.every((key) => one[key] === other[key]) && one.product_id === other.product_id && one.feature_id === other.feature_id
    const common = rows.filter((row) => earlier.rows.some((one) => isSame(one, row)))
    expect(common.length).toBeGreaterThan(3)
    for (const row of common) expect(row.previous).toEqual(figuresOf(earlier.rows.find((one) => isSame(one, row))))
    expect(totals.previous).toEqual({ ...earlier.totals })
    expect(range.previous).toEqual({ from: earlier.range.from, to: earlier.range.to })
  })

  it('is not truncated, and folds nothing, where there are as many groups as rows', async () => {
    // The severities, and none.
    const question = { metrics: ['bug_count'], dimensions: ['severity'], limit: 4 } as const
    const answer = await query(question)
    expect(answer).toMatchObject({ totalRows: 4, truncated: false, nextCursor: null })
    expect((await query({ ...question, other: true })).rows).toEqual(answer.rows)
    expect(await query({ ...question, limit: 3 })).toMatchObject({ totalRows: 4, truncated: true })
  })

  it('shows beside the name of a person the id that lists have', async () => {
    const { tidemark } = account
    const [testers, customers] = [await tidemark.users.list({ role: 'tester', limit: 100 }), await tidemark.users.list({ role: 'customer', limit: 100 })]
    const byTester = await query({ metrics: ['bug_count'], dimensions: ['tester'], filters: { tester: testers.items.map(({ name }) => name) }, limit: 1000 })
    const byCreator = await query({ metrics: ['test_count'], dimensions: ['created_by'], filters: { created_by: customers.items.map(({ name }) => name) }, limit: 1000 })
    const idOf = (users: typeof testers, name: unknown) => users.items.find((user) => user.name === name)?.id
    expect(Math.min(byTester.rows.length, byCreator.rows.length)).toBeGreaterThan(1)
    for (const row of byTester.rows) expect([row.tester, row.tester_id]).toEqual([row.tester, idOf(testers, row.tester)])
    for (const row of byCreator.rows) expect([row.created_by, row.created_by_id]).toEqual([row.created_by, idOf(customers, row.created_by)])
  })

  it('goes on from a row whose value is null, whatever the order', async () => {
    for (const sortOrder of ['asc', 'desc'] as const) {
      const question = { metrics: ['bug_count'], dimensions: ['severity', 'kind', 'known'], sortBy: 'severity', sortOrder } as const
      const { rows, totalRows } = await query({ ...question, limit: 1000 })
      expect(rows.filter((row) => row.severity === null).length).toBeGreaterThan(2)
      const walked: unknown[] = []
      let cursor: string | undefined
      do {
        const page = await query({ ...question, limit: 2, cursor })
        walked.push(...page.rows)
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined && walked.length <= totalRows)
      expect(walked).toEqual(rows)
    }
  })

  it('goes on from a row whose title is too long for a cursor', async () => {
    const { tidemark } = account
    const question = { metrics: ['bug_count'], dimensions: ['test'], sortBy: 'test' } as const
    await tidemark.storage.query({ sql: `update tests set title = title || '\u0001${'é'.repeat(8_000)}'` })
    try {
      const { rows } = await query({ ...question, limit: 1000 })
      const walked: unknown[] = []
      let cursor: string | undefined
      do {
        const page = await query({ ...question, limit: 9, cursor })
        walked.push(...page.rows)
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      expect(walked).toEqual(rows)
    } finally {
      await tidemark.storage.query({ sql: `update tests set title = substr(title, 1, length(title) - 8001)` })
    }
  })

  it.each<readonly [string, 'bugs' | 'features', Pick<AnalyticsQuestion, 'metrics' | 'dimensions' | 'filters'>, boolean]>([
    ['tests alone', 'bugs', { metrics: ['test_count'] }, false],
    ['tests by what tests have', 'bugs', { metrics: ['test_count'], dimensions: ['product', 'month'] }, false],
    ['bugs', 'bugs', { metrics: ['test_count', 'bug_count'] }, true],
    ['a ratio of bugs and tests', 'bugs', { metrics: ['bugs_per_test'] }, true],
    ['tests by what bugs have', 'bugs', { metrics: ['test_count'], dimensions: ['severity'] }, true],
    ['tests, filtered by what bugs have', 'bugs', { metrics: ['test_count'], filters: { kind: 'visual' } }, true],
    ['tests by feature, which bugs decide too', 'bugs', { metrics: ['test_count'], dimensions: ['feature'] }, true],
    ['bugs, without features', 'features', { metrics: ['bug_count'], dimensions: ['severity'] }, false],
    ['tests by feature', 'features', { metrics: ['test_count'], dimensions: ['product', 'feature'] }, true],
  ])('of %s is as fresh as the streams that it looks at: %s', async (_, stream, asked, isIncomplete) => {
    const { storage } = account.tidemark
    const fail = (code: string | null) => storage.query({ sql: `update sync_streams set last_error_code = ${code === null ? 'null' : `'${code}'`} where product_id = ${product} and stream = '${stream}'` })
    await fail('api_timeout')
    try {
      expect((await query({ ...asked, filters: { product_id: product, ...asked.filters } })).freshness.incomplete).toBe(isIncomplete)
    } finally {
      await fail(null)
    }
  })

  it('is as fresh as the stalest product that it looks at', async () => {
    const { freshness } = await query({ metrics: ['bug_count'], filters: { product_id: product } })
    expect(freshness).toEqual({ asOf: expect.any(String), ageSeconds: 0, stale: false, incomplete: false })
    // The edge rows were never synced.
    expect((await query({ metrics: ['bug_count'] })).freshness).toMatchObject({ asOf: null, stale: true, incomplete: true })
  })

  it('replaces the default statuses by what is asked about them', async () => {
    const count = async (filters: AnalyticsQuestion['filters']) => (await query({ metrics: ['test_count'], filters })).totals.test_count
    const tests = (wanted: (status: string) => boolean): number => facts.tests.filter((test) => wanted(test.status)).length
    expect(await count({})).toBe(tests((status) => ['running', 'locked', 'archived', 'customer_finalized'].includes(status)))
    expect(await count({ test_status: { not: 'archived' } })).toBe(tests((status) => status !== 'archived'))
    expect(await count({ testStatus: ['in_orbit', 'initialized'] })).toBe(tests((status) => status === 'in_orbit' || status === 'initialized'))
  })

  it('can be read in camelCase, without showing anything twice', async () => {
    const { rows, totals } = await query({ metrics: ['bug_count'], dimensions: ['test_status'], filters: { productId: product }, limit: 1 })
    expect(rows[0]?.bugCount).toBe(rows[0]?.bug_count)
    expect(rows[0]?.testStatus).toBe(rows[0]?.test_status)
    expect(totals.bugCount).toBe(totals.bug_count)
    expect(Object.keys(rows[0] ?? {})).toEqual(['test_status', 'bug_count'])
  })

  it.each<readonly [string, AnalyticsQuestion, object]>([
    ['tests alone', { metrics: ['test_count'], dimensions: ['test'], filters: { test_id: 900_101 } }, { testIds: [900_101], bugIds: [900_301, 900_302, 900_303] }],
    ['bugs alone', { metrics: ['bug_count'], dimensions: ['kind'], filters: { test_id: 900_101, severity: 'critical' } }, { testIds: [900_101], bugIds: [900_302] }],
    ['both', { metrics: ['bugs_per_test'], dimensions: ['test', 'severity'], filters: { test_id: 900_101, severity: 'high' } }, { testIds: [900_101], bugIds: [900_301] }],
  ])('gives the ids behind a row, whatever is counted: %s', async (_, question, ids) => {
    expect((await query({ ...question, drill: true })).rows.map((row) => row.drill)).toEqual([ids])
  })

  it.each<readonly [string, AnalyticsQuestion['dimensions'], AnalyticsQuestion['drill'], number]>([
    ['no value', ['tester'], { tester: null }, 2],
    ['a truth', ['known'], { known: true }, 2],
    ['an id', ['product', 'known'], { product_id: 900_002, known: true }, 1],
    ['no value of a set', ['platform'], { platform: null }, 5],
  ])('gives the one row with %s alone, when it is named', async (_, dimensions, drill, count) => {
    const { rows } = await query({ metrics: ['bug_count'], dimensions, filters: edgeProducts, drill })
    expect(rows).toMatchObject([{ ...(typeof drill === 'object' ? drill : {}), bug_count: count }])
    expect(rows[0]?.drill?.bugIds).toHaveLength(count)
  })

  it('refuses a cursor of another question', async () => {
    const { nextCursor } = await query({ metrics: ['bug_count'], dimensions: ['tester'], limit: 3 })
    const cursor = nextCursor ?? ''
    await expect(query({ metrics: ['bug_count'], dimensions: ['tester'], limit: 7, cursor })).resolves.toMatchObject({ truncated: true })
    await expect(query({ metrics: ['bug_count'], dimensions: ['tester'], filters: { known: true }, cursor })).rejects.toMatchObject({ code: 'cursor_invalid' })
    await expect(query({ metrics: ['bug_count'], dimensions: ['tester'], cursor: 'AAAA' })).rejects.toMatchObject({ code: 'cursor_invalid' })
  })
})

describe('the capabilities of analytics', () => {
  it('name what the referee knows, and nothing else', async () => {
    expect(dimensionKeys.toSorted()).toEqual([...testLevel, ...bugLevel, 'feature'].toSorted())
    expect(metricKeys.toSorted()).toEqual(metricNames.toSorted())
  })

  it('say of each dimension where its values are from, as the contract has it', () => {
    const { dimensions, filters, metrics, limits } = analyticsCapabilities()
    const keysOf = (wanted: (dimension: (typeof dimensions)[number]) => boolean) => dimensions.filter(wanted).map(({ key }) => key)
    expect(keysOf(({ level }) => level === 'test').toSorted()).toEqual([...testLevel].toSorted())
    expect(keysOf(({ level }) => level === 'bug').toSorted()).toEqual([...bugLevel].toSorted())
    expect(keysOf(({ level }) => level === 'test and bug')).toEqual(['feature'])
    expect(keysOf(({ many }) => many)).toEqual(['required_platform', 'feature', 'platform', 'browser', 'device_category'])
    expect(keysOf(({ type }) => type === 'boolean')).toEqual(['known'])
    expect(keysOf(({ type }) => type === 'text')).toEqual(dimensionKeys.filter((key) => key !== 'known'))
    expect(dimensions.find(({ key }) => key === 'severity')?.values).toEqual(['low', 'high', 'critical'])
    expect(dimensions.find(({ key }) => key === 'tester')?.values).toBeNull()
    expect(keysOf(({ key, idKey }) => idKey === `${key}_id`)).toEqual(expect.arrayContaining(['product', 'test', 'section', 'feature']))
    expect(filters).toEqual([...dimensionKeys, 'product_id', 'feature_id', 'test_id'])
    expect(metrics.filter(({ type }) => type === 'ratio').map(({ key }) => key).toSorted()).toEqual([
      'active_acceptance_rate', 'auto_acceptance_rate', 'bugs_per_test', 'overall_acceptance_rate', 'rejection_rate', 'review_rate',
    ])
    expect(limits).toMatchObject({ dimensions: 4, rows: 1000, defaultRows: 100 })
  })
})
