import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BugListOptions, TestListOptions } from '../../src/repositories/items.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engines } from '../support/engines.ts'
import { expectedBugs, expectedFeatures, expectedProducts, expectedTests } from '../support/list-referee.ts'
import { type RecordingStorage, recordingStorage } from '../support/recording-storage.ts'
import { openOver, simulatedAccount, testNow } from '../support/simulated-account.ts'

const simulator = simulatedAccount()
const { truth } = simulator
const ids = (rows: readonly { readonly id: number }[]): readonly number[] => rows.map((row) => row.id)

const some = <T>(values: readonly T[]): fc.Arbitrary<T[] | undefined> => fc.option(fc.uniqueArray(fc.constantFrom(...new Set(values)), { minLength: 1, maxLength: 3 }), { nil: undefined })
const day = fc.date({ min: new Date('2023-11-01'), max: new Date('2026-11-20'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))
const days = fc.option(fc.tuple(day, day).map((pair) => pair.toSorted()), { nil: undefined })
const order = fc.constantFrom(undefined, 'asc' as const, 'desc' as const)

const testQuestion: fc.Arbitrary<TestListOptions> = fc
  .record({
    productIds: some(truth.products.map((product) => product.id)),
    statuses: some(truth.tests.map((test) => test.status)),
    testingTypes: some(truth.tests.map((test) => test.testingType)),
    dateField: fc.constantFrom(undefined, 'end_at' as const, 'start_at' as const),
    search: fc.constantFrom(undefined, 'E', 'the', 'ü', '%', '_', String.raw`\\`),
    sortBy: fc.constantFrom(undefined, 'end_at' as const, 'start_at' as const, 'title' as const, 'status' as const, 'id' as const),
    sortOrder: order,
    days,
  })
  .map(({ days: range, ...rest }) => ({ ...rest, from: range?.[0], to: range?.[1] }))

const bugQuestion: fc.Arbitrary<BugListOptions> = fc
  .record({
    testIds: some(truth.tests.map((test) => test.id)),
    productIds: some(truth.products.map((product) => product.id)),
    featureIds: some(truth.features.map((feature) => feature.id)),
    outcomes: some(truth.bugs.map((bug) => bug.outcome)),
    severities: some(truth.bugs.flatMap((bug) => (bug.severity === null ? [] : [bug.severity]))),
    kinds: some(truth.bugs.map((bug) => bug.kind)),
    rejectionReasons: some(truth.bugs.flatMap((bug) => (bug.rejectionReason === null ? [] : [bug.rejectionReason]))),
    testers: some(truth.bugs.map((bug) => bug.tester)),
    known: fc.constantFrom(undefined, undefined, true, false),
    platforms: some(truth.bugs.flatMap((bug) => bug.devices.map((device) => device.operatingSystem))),
    sortBy: fc.constantFrom(undefined, 'reported_at' as const, 'severity' as const, 'title' as const, 'id' as const),
    sortOrder: order,
    days,
  })
  // All filters at once find nothing: keep two or three of them.
  .chain((question) => fc.shuffledSubarray(Object.keys(question), { maxLength: 4 }).map((kept) => ({ ...question, ...Object.fromEntries(Object.keys(question).filter((key) => !kept.includes(key)).map((key) => [key, undefined])) })))
  .map(({ days: range, ...rest }) => ({ ...rest, from: range?.[0], to: range?.[1] }))

describe.each(engines.filter((engine) => engine.name !== 'sqljs file' && engine.name !== 'pglite folder'))('lists on $name', (engine) => {
  let tidemark: Tidemark
  let storage: RecordingStorage

  beforeAll(async () => {
    storage = recordingStorage(await engine.open())
    tidemark = await openOver(simulator, storage)
    await tidemark.sync()
  })
  afterAll(() => tidemark.close())

  it('of tests agree with the referee, whatever is asked', async () => {
    await fc.assert(
      fc.asyncProperty(testQuestion, async (question) => {
        const expected = expectedTests(truth, question)
        const answer = await tidemark.tests.list({ ...question, limit: 100 })
        expect(answer.total).toBe(expected.length)
        expect(ids(answer.items)).toEqual(ids(expected))
      }),
      { numRuns: 60 },
    )
  })

  it('of bugs agree with the referee, whatever is asked', async () => {
    await fc.assert(
      fc.asyncProperty(bugQuestion, async (question) => {
        const expected = expectedBugs(truth, question)
        const answer = await tidemark.bugs.list({ ...question, limit: 100 })
        expect(answer.total).toBe(expected.length)
        expect(ids(answer.items)).toEqual(ids(expected.slice(0, 100)))
      }),
      { numRuns: 120 },
    )
  })

  it('of products carry the counts of the truth, in every order', async () => {
    for (const sortBy of ['name', 'id', 'test_count', 'bug_count', 'feature_count', 'last_test_end_at'] as const) {
      for (const sortOrder of ['asc', 'desc'] as const) {
        const expected = expectedProducts(truth, { sortBy, sortOrder }, testNow)
        expect((await tidemark.products.list({ sortBy, sortOrder })).items).toEqual(
          expected.map(({ id, name, type, description, testCount, bugCount, featureCount, testsLast30Days, testsLast90Days, lastTestEndAt }) => ({
            id, name, type, description, testCount, bugCount, featureCount, testsLast30Days, testsLast90Days, lastTestEndAt,
          })),
        )
      }
    }
  })

  it('of features carry tests, bugs and stories of the truth, in every order', async () => {
    for (const sortBy of ['title', 'id', 'test_count', 'bug_count', 'user_story_count'] as const) {
      const expected = expectedFeatures(truth, { sortBy })
      expect((await tidemark.features.list({ sortBy, limit: 100 })).items).toEqual(
        expected.slice(0, 100).map(({ id, productId, title, userStories, testCount, bugCount }) => ({ id, productId, title, userStoryCount: userStories.length, testCount, bugCount })),
      )
    }
  })

  it('of users know what testers reported and customers set up', async () => {
    const { items, total } = await tidemark.users.list({ limit: 100, role: 'customer' })
    const testers = await tidemark.users.list({ limit: 1, role: 'tester', sortBy: 'bug_count' })
    const customers = truth.users.filter((user) => user.role === 'customer')
    const reports = truth.users.filter((user) => user.role === 'tester').map((user) => truth.bugs.filter((bug) => bug.tester === user.name).length)

    expect(total).toBe(customers.length)
    for (const item of items) {
      const set = truth.tests.filter((test) => test.createdBy === item.name || test.submittedBy === item.name)
      expect(item).toMatchObject({ role: 'customer', bugCount: 0, testCount: set.length })
    }
    expect(testers.total).toBe(reports.length)
    expect(testers.items[0]?.bugCount).toBe(Math.max(...reports))
  })

  it('count the bugs of a test by outcome on request', async () => {
    const { items } = await tidemark.tests.list({ includeBugCounts: true, limit: 100 })
    for (const item of items) {
      const bugs = truth.bugs.filter((bug) => bug.testId === item.id)
      const outcome = (word: string): number => bugs.filter((bug) => bug.outcome === word).length
      expect(item.bugs).toEqual({
        total: bugs.length, open: outcome('open'), accepted: outcome('accepted'), autoAccepted: outcome('auto_accepted'), rejected: outcome('rejected'), other: outcome('other'),
      })
    }
  })

  it('take two statements whatever the page size', async () => {
    for (const limit of [1, 50, 100]) {
      for (const list of [() => tidemark.products.list({ limit }), () => tidemark.tests.list({ limit, includeBugCounts: true }), () => tidemark.bugs.list({ limit }), () => tidemark.features.list({ limit }), () => tidemark.users.list({ limit })]) {
        storage.takeStatements()
        await list()
        expect(storage.takeStatements()).toHaveLength(2)
      }
    }
  })

  it('walked by cursor give every bug once, in order', async () => {
    for (const options of [{ sortBy: 'severity' }, { sortBy: 'title', sortOrder: 'desc' }, {}] as const) {
      const walked: number[] = []
      let cursor: string | undefined
      do {
        const page = await tidemark.bugs.list({ ...options, limit: 77, cursor })
        expect(page.offset).toBe(walked.length)
        walked.push(...ids(page.items))
        cursor = page.nextCursor ?? undefined
        expect(page.hasMore).toBe(cursor !== undefined)
      } while (cursor !== undefined)
      expect(walked).toEqual(ids(expectedBugs(truth, options)))
    }
  })

  it.each(['asc', 'desc'] as const)('walked by cursor through titles that are too long for one give every bug once, %s', async (sortOrder) => {
    const walk = async (): Promise<readonly number[]> => {
      const walked: number[] = []
      let cursor: string | undefined
      do {
        const page = await tidemark.bugs.list({ sortBy: 'title', sortOrder, limit: 60, cursor })
        walked.push(...ids(page.items))
        cursor = page.nextCursor ?? undefined
        expect(cursor?.length ?? 0).toBeLessThanOrEqual(4_000)
      } while (cursor !== undefined)
      return walked
    }
    const before = await walk()
    // What begins with the least character there is keeps the order also of titles that begin another one.
    await storage.query({ sql: `update bugs set title = title || '\u0001${'é'.repeat(3_000)}'` })
    try {
      expect(await walk()).toEqual(before)
    } finally {
      await storage.query({ sql: `update bugs set title = substr(title, 1, length(title) - 3001)` })
    }
  })

  it('walked by cursor pass through tests without a date at the end', async () => {
    const walked: number[] = []
    let cursor: string | undefined
    do {
      const page = await tidemark.tests.list({ limit: 7, cursor })
      walked.push(...ids(page.items))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(truth.tests.some((test) => test.endAt === null)).toBe(true)
    expect(walked).toEqual(ids(expectedTests(truth, {})))
  })

  it('by offset give the same rows as one long page', async () => {
    const all = await tidemark.tests.list({ limit: 60 })
    const part = await tidemark.tests.list({ limit: 9, offset: 50 })
    expect(ids(part.items)).toEqual(ids(all.items).slice(50, 59))
    expect(part).toMatchObject({ offset: 50, returned: 9, total: 60, hasMore: true })
    expect(await tidemark.tests.list({ offset: 9999 })).toMatchObject({ items: [], total: 60, hasMore: false, nextCursor: null })
  })

  it('find names in any case, also beyond ASCII', async () => {
    for (const product of truth.products) {
      const part = product.name.slice(0, 6)
      for (const search of [part.toUpperCase(), part.toLowerCase()]) {
        expect(ids((await tidemark.products.list({ search })).items)).toEqual(ids(expectedProducts(truth, { search }, testNow)))
      }
    }
  })

  it('name the ids that are not there, and do not fail', async () => {
    const product = truth.products[0]?.id ?? 0
    const answer = await tidemark.bugs.list({ testIds: [999_999_999], productIds: [product, 888_888_888], featureIds: [777_777_777] })
    expect(answer).toMatchObject({ total: 0, items: [] })
    expect(answer.warnings).toEqual([
      'Product 888888888 is not in the local copy.', 'Test 999999999 is not in the local copy.', 'Feature 777777777 is not in the local copy.',
    ])
    expect((await tidemark.tests.list({ productIds: [product, product] })).warnings).toEqual([])
  })

  it('echo the filters with both ends of a range as instants', async () => {
    const { filters } = await tidemark.tests.list({ from: '2026-03-01', to: '2026-03-31' })
    expect(filters).toMatchObject({ from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z', dateField: 'end_at', sortBy: 'end_at', sortOrder: 'desc' })
  })
})

describe('list options', () => {
  let storage: RecordingStorage
  let tidemark: Tidemark
  beforeAll(async () => {
    const engine = engines.find((candidate) => candidate.name === 'sqljs memory')
    if (engine === undefined) throw new Error('no sqljs')
    storage = recordingStorage(await engine.open())
    tidemark = await openOver(simulator, storage)
    await tidemark.sync()
  })
  afterAll(() => tidemark.close())

  it('that are wrong are refused together, each by name', async () => {
    const wrong = tidemark.tests.list({ limit: 0, offset: -1, sortBy: 'colour' as 'id', productIds: [] })
    await expect(wrong).rejects.toMatchObject({ code: 'argument_invalid', details: { arguments: ['limit', 'offset', 'sortBy', 'productIds'] } })
  })

  it.each([['NUL', 'a\0b'], ['half a character', '\ud83d']])('with %s, which no stored text has, are refused by name', async (_, text) => {
    await expect(tidemark.bugs.list({ testers: ['Quiet Heron', text], kinds: [text] })).rejects.toMatchObject({ code: 'argument_invalid', details: { arguments: ['kinds.0', 'testers.1'] } })
    for (const list of [tidemark.products, tidemark.tests, tidemark.features, tidemark.users]) {
      await expect(list.list({ search: text })).rejects.toMatchObject({ code: 'argument_invalid', details: { arguments: ['search'] } })
    }
    expect((await tidemark.tests.list({ search: '😀' })).total).toBe(0)
  })

  it('that nobody knows are refused by name', async () => {
    const unknown: object = { prodctIds: [1] }
    await expect(tidemark.tests.list(unknown)).rejects.toThrow('Unknown option "prodctIds"')
  })

  it('do not tell which ids another customer has', async () => {
    await storage.query({ sql: `insert into products (customer_id, id, name, search_text) values (2, 888888888, 'Other', 'other')` })
    expect((await tidemark.tests.list({ productIds: [888_888_888] })).warnings).toEqual(['Product 888888888 is not in the local copy.'])
  })

  it('refuse a cursor of another question, and one that is none', async () => {
    const { nextCursor } = await tidemark.tests.list({ limit: 5 })
    await expect(tidemark.tests.list({ limit: 5, cursor: nextCursor ?? '', statuses: ['locked'] })).rejects.toMatchObject({ code: 'cursor_invalid' })
    for (const cursor of ['', 'x', 'AAAA', 'eyJhIjoxfQ', '🌊']) {
      await expect(tidemark.tests.list({ cursor })).rejects.toMatchObject({ code: 'cursor_invalid' })
    }
    await expect(tidemark.tests.list({ offset: 5, cursor: nextCursor ?? '' })).rejects.toMatchObject({ code: 'argument_invalid' })
    const ofAnother = await openOver(simulator, storage, { customerId: 2 })
    await expect(ofAnother.tests.list({ limit: 5, cursor: nextCursor ?? '' })).rejects.toMatchObject({ code: 'cursor_invalid' })
  })

  it.each(['reported_at', 'severity', 'title'] as const)('of the bugs of a test or a feature read these, and not all in the order of %s', async (sortBy) => {
    for (const narrow of [{ testIds: [truth.tests[0]?.id ?? 0] }, { featureIds: [truth.features[0]?.id ?? 0] }]) {
      storage.takeStatements()
      await tidemark.bugs.list({ ...narrow, sortBy })
      const reading = storage.takeStatements().filter(({ sql }) => sql.includes('order by'))
      expect(reading).toHaveLength(1)
      for (const { sql, parameters } of reading) {
        const { rows } = await tidemark.storage.query<{ detail: string }>({ sql: `explain query plan ${sql}`, parameters })
        expect(rows.map(({ detail }) => detail).filter((detail) => /^\w+ b /.test(detail))).toEqual([expect.stringMatching(/^SEARCH b USING (COVERING )?INDEX \S+ \(customer_id=\? AND test_(feature_)?id=\?/)])
      }
    }
  })

  it('find a name by the text that they give, also with white space around it', async () => {
    const [bug] = (await tidemark.bugs.list({ limit: 1 })).items
    const { rows: [before] } = await storage.query<{ readonly tester: string | null; readonly operating_systems: readonly string[] }>({ sql: `select tester, operating_systems from bugs where id = ${bug?.id}` })
    await storage.query({ sql: `update bugs set tester = ' Quiet Heron ', operating_systems = '[" Windows "]' where id = ${bug?.id}` })
    const { items } = await tidemark.bugs.list({ testers: [' Quiet Heron '], platforms: [' Windows '] })
    expect(items.map(({ id, tester }) => [id, tester])).toEqual([[bug?.id, ' Quiet Heron ']])
    await storage.query({ sql: `update bugs set tester = ?, operating_systems = ? where id = ${bug?.id}`, parameters: [before?.tester ?? null, [...before?.operating_systems ?? []]] })
  })

  it('keep a cursor valid while rows come in between, repeating and skipping nothing', async () => {
    const first = await tidemark.tests.list({ limit: 10, sortBy: 'title' })
    const before = ids((await tidemark.tests.list({ limit: 100, sortBy: 'title' })).items)
    await tidemark.storage.query({ sql: `update tests set title = '' where id = ${before[40]}` })
    const second = await tidemark.tests.list({ limit: 100, sortBy: 'title', cursor: first.nextCursor ?? '' })
    expect(ids(second.items)).toEqual(before.slice(10).filter((id) => id !== before[40]))
  })
})
