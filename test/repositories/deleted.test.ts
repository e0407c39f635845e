import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountTruth } from '../../src/simulator/truth.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engines } from '../support/engines.ts'
import { expectedBugs, expectedFeatures, expectedProducts, expectedTests, type Gone } from '../support/list-referee.ts'
import { openOver, simulatedAccount, testNow } from '../support/simulated-account.ts'

const simulator = simulatedAccount()
const { truth } = simulator
const deletedAt = '2026-11-19T08:00:00.000Z'
const ids = (rows: readonly { readonly id: number }[]): readonly number[] => rows.map((row) => row.id)

/** One product with all below it, a test with its bugs, single bugs and a feature elsewhere. */
const [goneProduct, otherProduct] = truth.products
const goneTest = truth.tests.find((test) => test.productId === otherProduct?.id && truth.bugs.some((bug) => bug.testId === test.id))
const goneFeature = truth.features.find((feature) => feature.productId === otherProduct?.id)
const ofGoneProduct = (entity: { readonly productId: number }): boolean => entity.productId === goneProduct?.id
const gone = {
  products: truth.products.filter((product) => product === goneProduct),
  features: truth.features.filter((feature) => ofGoneProduct(feature) || feature === goneFeature),
  tests: truth.tests.filter((test) => ofGoneProduct(test) || test === goneTest),
  bugs: truth.bugs.filter((bug) => ofGoneProduct(bug) || bug.testId === goneTest?.id || bug.id % 11 === 0),
} satisfies Gone
const left: AccountTruth = {
  ...truth,
  products: truth.products.filter((product) => !gone.products.includes(product)),
  features: truth.features.filter((feature) => !gone.features.includes(feature)),
  tests: truth.tests.filter((test) => !gone.tests.includes(test)),
  bugs: truth.bugs.filter((bug) => !gone.bugs.includes(bug)),
}

describe.each(engines.filter((engine) => ['sqljs memory', 'postgres'].includes(engine.name)))('what is gone upstream, on $name', (engine) => {
  let tidemark: Tidemark

  beforeAll(async () => {
    tidemark = await openOver(simulator, await engine.open())
    await tidemark.sync()
    for (const [table, entities] of Object.entries(gone)) {
      await tidemark.storage.query({ sql: `update ${table} set deleted_at = '${deletedAt}' where id in (${ids(entities).join(', ')})` })
    }
    for (const product of left.products) {
      const [tests, bugs, features] = [left.tests, left.bugs, left.features].map((entities) => entities.filter((entity) => entity.productId === product.id).length)
      await tidemark.storage.query({ sql: `update products set test_count = ${tests}, bug_count = ${bugs}, feature_count = ${features} where id = ${product.id}` })
    }
    await tidemark.storage.query({ sql: `update products set test_count = 0, bug_count = 0, feature_count = 0 where deleted_at is not null` })
  })
  afterAll(() => tidemark.close())

  it('leaves every list, unless it is asked for', async () => {
    for (const includeDeleted of [undefined, true]) {
      const options = { includeDeleted, limit: 100 }
      expect(ids((await tidemark.products.list(options)).items)).toEqual(ids(expectedProducts(left, options, testNow, gone)))
      expect(ids((await tidemark.tests.list(options)).items)).toEqual(ids(expectedTests(left, options, gone)))
      expect(await tidemark.bugs.list(options)).toMatchObject({ total: expectedBugs(left, options, gone).length })
      expect(ids((await tidemark.bugs.list(options)).items)).toEqual(ids(expectedBugs(left, options, gone)).slice(0, 100))
      expect(ids((await tidemark.features.list(options)).items)).toEqual(ids(expectedFeatures(left, options, gone)).slice(0, 100))
    }
  })

  it('has its date beside it where it is asked for', async () => {
    const { items, filters } = await tidemark.tests.list({ includeDeleted: true, limit: 100 })
    expect(filters).toMatchObject({ includeDeleted: true })
    for (const item of items) expect(item.deletedAt).toBe(gone.tests.some((test) => test.id === item.id) ? deletedAt : null)
    expect((await tidemark.tests.list()).items[0]).not.toHaveProperty('deletedAt')
  })

  it('is in no count beside an item and in no summary', async () => {
    for (const includeDeleted of [false, true]) {
      const features = (await tidemark.features.list({ includeDeleted, sortBy: 'bug_count', limit: 100 })).items
      expect(features.map(({ id, testCount, bugCount }) => ({ id, testCount, bugCount }))).toEqual(
        expectedFeatures(left, { includeDeleted, sortBy: 'bug_count' }, gone).slice(0, 100).map(({ id, testCount, bugCount }) => ({ id, testCount, bugCount })),
      )
      const tests = (await tidemark.tests.list({ includeDeleted, includeBugCounts: true, limit: 100 })).items
      for (const test of tests) expect(test.bugs?.total).toBe(left.bugs.filter((bug) => bug.testId === test.id).length)
    }
    for (const product of left.products) {
      const summary = await tidemark.products.summary(product.id)
      expect(summary.bugs.total).toBe(left.bugs.filter((bug) => bug.productId === product.id).length)
      expect(summary.testsByStatus.reduce((sum, { count }) => sum + count, 0)).toBe(left.tests.filter((test) => test.productId === product.id).length)
      expect(summary).toMatchObject((await tidemark.products.list()).items.find((item) => item.id === product.id) ?? {})
    }
  })

  it('takes the people along who have nothing else', async () => {
    const names = async (options: object): Promise<readonly string[]> => (await tidemark.users.list({ limit: 100, ...options })).items.map((user) => `${user.role} ${user.name}`).toSorted()
    const living = [
      ...new Set(left.bugs.map((bug) => `tester ${bug.tester}`)),
      ...new Set(left.tests.flatMap((test) => [test.createdBy, test.submittedBy].flatMap((name) => (name === null ? [] : [`customer ${name}`])))),
    ]
    expect(await names({})).toEqual(living.toSorted())
    expect(await names({ includeDeleted: true })).toEqual(truth.users.map((user) => `${user.role} ${user.name}`).toSorted())
    expect((await tidemark.diagnostics({ probeApi: false })).database.counts).toEqual({
      products: left.products.length, tests: left.tests.length, bugs: left.bugs.length, features: left.features.length, users: living.length,
    })
  })

  it('is said to be gone where its id is asked for', async () => {
    const [test] = gone.tests
    const [bug] = gone.bugs
    for (const [entity, id] of [['tests', test?.id], ['bugs', bug?.id], ['products', goneProduct?.id], ['features', goneFeature?.id]] as const) {
      await expect(tidemark[entity].summary(id ?? 0)).rejects.toMatchObject({ code: 'not_found', why: expect.stringContaining(deletedAt) })
    }
    expect((await tidemark.bugs.list({ testIds: [test?.id ?? 0] })).warnings).toEqual([`Test ${test?.id} is gone upstream and left out.`])
    expect((await tidemark.bugs.list({ testIds: [test?.id ?? 0], includeDeleted: true })).warnings).toEqual([])
  })
})
