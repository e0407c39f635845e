import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Queryable, Statement } from '../../src/storage/storage.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engineNamed } from '../support/engines.ts'
import { fillForManyCustomers } from '../support/many-customers.ts'
import { postgresFaults, postgresPlan, sqlitePlan, sqliteReads, tablesOf, withoutSequentialScans, type SqliteRead } from '../support/query-plans.ts'
import { recordingStorage, type RecordingStorage } from '../support/recording-storage.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'

interface Question {
  ask(tidemark: Tidemark): Promise<unknown>
  /** Tables of which all rows of the customer may be read: those that the answer is about as a whole. */
  readonly walks?: readonly string[]
  /** Whether everything that was found is put in order before the page is cut: no index has that order. Left out: not looked at. */
  readonly sorted?: boolean
}

const cursorOf = async (list: Promise<{ readonly nextCursor: string | null }>): Promise<string> => (await list).nextCursor ?? ''

const lists: Readonly<Record<string, Question>> = {
  // There are few products, and none of their orders has an index.
  'products': { ask: ({ products }) => products.list(), walks: [], sorted: true },
  'products by id': { ask: ({ products }) => products.list({ sortBy: 'id' }), walks: [], sorted: false },
  'products by their last test': { ask: ({ products }) => products.list({ sortBy: 'last_test_end_at' }), walks: [], sorted: true },
  'products with a word': { ask: ({ products }) => products.list({ search: 'pro', types: ['website'] }), walks: [], sorted: true },

  'tests': { ask: ({ tests }) => tests.list(), walks: ['tests'], sorted: false },
  'tests, oldest first': { ask: ({ tests }) => tests.list({ sortOrder: 'asc' }), walks: ['tests'], sorted: false },
  'tests behind a cursor': { ask: async ({ tests }) => tests.list({ limit: 5, cursor: await cursorOf(tests.list({ limit: 5 })) }), walks: ['tests'], sorted: false },
  'tests by start': { ask: ({ tests }) => tests.list({ sortBy: 'start_at' }), walks: ['tests'], sorted: true },
  'tests by title': { ask: ({ tests }) => tests.list({ sortBy: 'title' }), walks: ['tests'], sorted: true },
  'tests by status': { ask: ({ tests }) => tests.list({ sortBy: 'status' }), walks: ['tests'], sorted: false },
  'tests by id': { ask: ({ tests }) => tests.list({ sortBy: 'id' }), walks: ['tests'], sorted: false },
  'tests with bug counts': { ask: ({ tests }) => tests.list({ includeBugCounts: true }), walks: ['tests'], sorted: false },
  'tests of a product': { ask: ({ tests }) => tests.list({ productIds: [1] }), sorted: false },
  'tests of a product with bug counts': { ask: ({ tests }) => tests.list({ productIds: [1], includeBugCounts: true }), sorted: false },
  'tests of several products with bug counts': { ask: ({ tests }) => tests.list({ productIds: [1, 2], includeBugCounts: true }), walks: ['tests'], sorted: false },
  'tests of a status': { ask: ({ tests }) => tests.list({ statuses: ['locked'] }), sorted: false },
  'tests of several statuses': { ask: ({ tests }) => tests.list({ statuses: ['locked', 'running'] }), walks: ['tests'], sorted: false },
  'tests of a type': { ask: ({ tests }) => tests.list({ testingTypes: ['coverage'] }), walks: ['tests'], sorted: false },
  'tests in a range': { ask: ({ tests }) => tests.list({ from: '2025' }), sorted: false },
  'tests in a range of their starts': { ask: ({ tests }) => tests.list({ from: '2025', dateField: 'start_at' }), walks: ['tests'], sorted: false },
  'tests with a word': { ask: ({ tests }) => tests.list({ search: 'tes' }), walks: ['tests'], sorted: false },
  'tests of a product and a status in a range': { ask: ({ tests }) => tests.list({ productIds: [1], statuses: ['locked'], from: '2025', includeBugCounts: true }), sorted: false },
  'tests, gone ones too': { ask: ({ tests }) => tests.list({ includeDeleted: true }), walks: ['tests'], sorted: false },

  'bugs': { ask: ({ bugs }) => bugs.list(), walks: ['bugs'], sorted: false },
  'bugs, oldest first': { ask: ({ bugs }) => bugs.list({ sortOrder: 'asc' }), walks: ['bugs'], sorted: false },
  'bugs behind a cursor': { ask: async ({ bugs }) => bugs.list({ limit: 5, cursor: await cursorOf(bugs.list({ limit: 5 })) }), walks: ['bugs'], sorted: false },
  'bugs by severity': { ask: ({ bugs }) => bugs.list({ sortBy: 'severity' }), walks: ['bugs'], sorted: false },
  'bugs by title': { ask: ({ bugs }) => bugs.list({ sortBy: 'title' }), walks: ['bugs'], sorted: true },
  'bugs by id': { ask: ({ bugs }) => bugs.list({ sortBy: 'id' }), walks: ['bugs'], sorted: false },
  // Few are found: they are sorted, rather than looked for among all bugs in their order.
  'bugs of tests': { ask: ({ bugs }) => bugs.list({ testIds: [1, 2] }), sorted: true },
  'bugs of a feature': { ask: ({ bugs }) => bugs.list({ featureIds: [1] }), sorted: true },
  'bugs of a product': { ask: ({ bugs }) => bugs.list({ productIds: [1] }), sorted: false },
  'bugs of several products': { ask: ({ bugs }) => bugs.list({ productIds: [1, 2] }), walks: ['bugs'], sorted: false },
  'bugs of a tester': { ask: ({ bugs }) => bugs.list({ testers: ['tester 1'] }), sorted: false },
  'bugs of an outcome': { ask: ({ bugs }) => bugs.list({ outcomes: ['rejected'] }), walks: ['bugs'], sorted: false },
  'bugs of a severity': { ask: ({ bugs }) => bugs.list({ severities: ['low'] }), walks: ['bugs'], sorted: false },
  'bugs of a kind and a reason': { ask: ({ bugs }) => bugs.list({ kinds: ['functional'], rejectionReasons: ['other'] }), walks: ['bugs'], sorted: false },
  'bugs that are known': { ask: ({ bugs }) => bugs.list({ known: true }), walks: ['bugs'], sorted: false },
  'bugs of a platform': { ask: ({ bugs }) => bugs.list({ platforms: ['Windows'] }), walks: ['bugs'], sorted: false },
  'bugs in a range': { ask: ({ bugs }) => bugs.list({ from: '2025-08-03' }), sorted: false },

  'features': { ask: ({ features }) => features.list(), walks: ['features'], sorted: false },
  'features by id': { ask: ({ features }) => features.list({ sortBy: 'id' }), walks: ['features'], sorted: false },
  'features by their tests': { ask: ({ features }) => features.list({ sortBy: 'test_count' }), walks: ['features'], sorted: true },
  'features by their bugs': { ask: ({ features }) => features.list({ sortBy: 'bug_count' }), walks: ['features'], sorted: true },
  'features by their user stories': { ask: ({ features }) => features.list({ sortBy: 'user_story_count' }), walks: ['features'], sorted: true },
  'features of a product': { ask: ({ features }) => features.list({ productIds: [1] }), sorted: false },
  'features with a word': { ask: ({ features }) => features.list({ search: 'fea', hasUserStories: true }), walks: ['features'], sorted: false },

  // Those of a page are sorted again after it was counted what they did.
  'users': { ask: ({ users }) => users.list(), walks: ['users'], sorted: true },
  'users by activity': { ask: ({ users }) => users.list({ sortBy: 'last_active_at' }), walks: ['users'], sorted: true },
  'testers': { ask: ({ users }) => users.list({ role: 'tester', activeSince: '2024', search: 'tes' }), walks: ['users'], sorted: true },
  'customer users': { ask: ({ users }) => users.list({ role: 'customer' }), walks: ['users'], sorted: true },
}

const others: Readonly<Record<string, Question>> = {
  'a product': { ask: ({ products }) => products.summary(1) },
  'a test': { ask: ({ tests }) => tests.summary(1) },
  'a bug': { ask: ({ bugs }) => bugs.summary(101) },
  'a feature': { ask: ({ features }) => features.summary(1) },
  'a tester': { ask: ({ users }) => users.summary(1) },
  // Of bugs none is read: the condition is `false`.
  'a customer user': { ask: ({ users }) => users.summary(101), walks: ['bugs'] },
  'a search for a word': { ask: (tidemark) => tidemark.search('w102') },
  'a search for words in a part': { ask: (tidemark) => tidemark.search('bug w102', { productIds: [3], entities: ['bug'], from: '2025' }) },
  'the diagnostics': { ask: (tidemark) => tidemark.diagnostics(), walks: ['tests', 'bugs', 'features', 'users'] },
  'the status of the sync': { ask: (tidemark) => tidemark.syncStatus() },
  'the quarantine': { ask: (tidemark) => tidemark.quarantine.list() },
}

/** A row for each product or run, or fewer: an index leads to those of the customer, and all are read. */
const small = ['products', 'sync_streams', 'sync_runs', 'quarantine', 'leases']

/** Of these PostgreSQL has so many rows here that it takes an index by itself. */
const large = ['tests', 'bugs', 'bug_devices', 'bug_comments', 'test_features', 'test_platforms', 'features', 'users', 'search_documents']

/** Which revision the database is at; has one row. */
const isAboutCustomers = ({ sql }: Statement): boolean => !sql.includes('tidemark_version')

describe('on SQLite', () => {
  let storage: RecordingStorage
  let tidemark: Tidemark
  let tables: readonly string[]
  beforeAll(async () => {
    ({ storage, tidemark } = await filled('sqljs memory'))
    tables = await tablesOf(storage)
  })
  afterAll(() => tidemark.close())

  const readsOf = async (database: Queryable, statements: readonly Statement[]): Promise<readonly SqliteRead[]> => {
    const reads: SqliteRead[] = []
    for (const statement of statements) reads.push(...sqliteReads(statement.sql, await sqlitePlan(database, statement), tables))
    return reads
  }
  const tooFar = (reads: readonly SqliteRead[], walks: readonly string[] = []): readonly string[] =>
    reads.filter(({ table, reach }) => reach === 'others' || (reach === 'walk' && ![...small, ...walks].includes(table))).map(({ table, line }) => `${table}: ${line}`)

  it.each(Object.entries({ ...lists, ...others }))('an index leads to what is read for %s', async (_, { ask, walks = [] }) => {
    const reads = await readsOf(storage, await statementsOf(storage, tidemark, ask))
    expect(reads.length).toBeGreaterThan(0)
    expect(tooFar(reads, walks)).toEqual([])
    // What is excused here is there.
    for (const table of walks) expect(reads.filter(({ reach }) => reach === 'walk' || reach === 'found').map((read) => read.table)).toContain(table)
  })

  it.each(Object.entries(lists))('a page is read in the order of an index, but where there is none: %s', async (_, { ask, sorted }) => {
    const page = (await statementsOf(storage, tidemark, ask)).at(-1)
    const plan = page === undefined ? [] : await sqlitePlan(storage, page)
    expect(plan.length).toBeGreaterThan(0)
    expect(plan.includes('USE TEMP B-TREE FOR ORDER BY')).toBe(sorted)
  })

  it('an index that is gone is noticed', async () => {
    const statements = await statementsOf(storage, tidemark, others['a bug']?.ask)
    const gone = new Error('rolled back')
    await expect(storage.transaction(async (tx) => {
      await tx.query({ sql: 'drop index ix_bug_comments_customer_id_bug_id' })
      expect(tooFar(await readsOf(tx, statements))).toEqual([expect.stringMatching(/^bug_comments: SEARCH/u)])
      throw gone
    })).rejects.toBe(gone)
  })

  it.each([
    'select title from bugs where title = ?',
    'select b.title from tests as t join bugs as b on b.title = t.title where t.customer_id = ?',
    'select words from search_index where words like ?',
  ])('rows of other customers are noticed: %s', async (sql) => {
    expect(tooFar(await readsOf(storage, [{ sql, parameters: [1] }]))).not.toEqual([])
  })
})

describe('on PostgreSQL', () => {
  let storage: RecordingStorage
  let tidemark: Tidemark
  beforeAll(async () => {
    ({ storage, tidemark } = await filled('postgres'))
  })
  afterAll(() => tidemark.close())

  const faults = async (statement: Statement): Promise<readonly string[]> => [
    ...(await postgresPlan(storage, statement)).flatMap((node) => postgresFaults(node, large)),
    ...(await withoutSequentialScans(storage, (database) => postgresPlan(database, statement))).flatMap((node) => postgresFaults(node)),
  ]

  it.each(Object.entries({ ...lists, ...others }))('an index leads to what is read for %s', async (_, { ask }) => {
    const statements = await statementsOf(storage, tidemark, ask)
    expect(statements.length).toBeGreaterThan(0)
    for (const statement of statements) expect(await faults(statement), statement.sql).toEqual([])
  })

  it('rows of other customers are noticed', async () => {
    expect(await faults({ sql: 'select title from bugs where title = $1', parameters: ['Bug'] })).toEqual(['Seq Scan on bugs', 'Seq Scan on bugs'])
  })
})

async function filled(name: string): Promise<{ readonly storage: RecordingStorage; readonly tidemark: Tidemark }> {
  const storage = recordingStorage(await engineNamed(name).open())
  const tidemark = await openOver(simulatedAccount(), storage)
  await fillForManyCustomers(storage)
  return { storage, tidemark }
}

async function statementsOf(storage: RecordingStorage, tidemark: Tidemark, ask: Question['ask'] | undefined): Promise<readonly Statement[]> {
  storage.takeStatements()
  await ask?.(tidemark)
  return storage.takeStatements().filter(isAboutCustomers)
}
