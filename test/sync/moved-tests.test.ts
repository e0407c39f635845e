import { describe, expect, it } from 'vitest'
import { isObject } from '../../src/is-object.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engines } from '../support/engines.ts'
import { impatient, openOver, simulatedAccount } from '../support/simulated-account.ts'

interface Move {
  readonly test: number
  readonly from: number
  readonly to: number
}

/** The API of an account in which a test is of another product from now on: the first of its list. */
function movedBy(simulator: Simulator, { test, from, to }: Move): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const { pathname, searchParams } = new URL(request.url)
    const response = await simulator.fetch(request)
    const body: unknown = await response.json()
    const there = async (): Promise<unknown> => {
      const alone: unknown = await (await simulator.fetch(`http://simulator.invalid/customer/v2/exploratory_tests/${test}`, { headers: request.headers })).json()
      return isObject(alone) && isObject(alone['exploratory_test']) ? { ...alone['exploratory_test'], product: { id: to, name: 'Another' } } : undefined
    }
    if (!isObject(body)) return Response.json(body, response)
    if (pathname.endsWith(`/exploratory_tests/${test}`)) return Response.json({ exploratory_test: await there() })
    const list = body['exploratory_tests']
    if (!Array.isArray(list)) return Response.json(body, response)
    if (pathname.includes(`/products/${from}/`)) return Response.json({ ...body, exploratory_tests: list.filter((row) => !isObject(row) || row['id'] !== test) })
    const isStart = pathname.includes(`/products/${to}/`) && Number(searchParams.get('page') ?? 1) === 1
    return Response.json(isStart ? { ...body, exploratory_tests: [await there(), ...list] } : body)
  }
}

/** The tests and bugs of a product, as each part of the library counts them. */
async function countsOf(tidemark: Tidemark, productId: number): Promise<readonly (readonly [number, number])[]> {
  const all = { productIds: [productId] }
  const { totals } = await tidemark.analytics.query({ metrics: ['test_count', 'bug_count'], filters: { product_id: productId, test_status: { not: 'none' } } })
  const summary = await tidemark.products.summary(productId)
  const bugsAlone = await tidemark.bugs.list({ ...all, outcomes: ['open', 'accepted', 'auto_accepted', 'rejected', 'other'] })
  return [
    [totals.test_count ?? 0, totals.bug_count ?? 0],
    [summary.testCount, summary.bugCount],
    [(await tidemark.tests.list(all)).total, (await tidemark.bugs.list(all)).total],
    [summary.testsByStatus.reduce((sum, { count }) => sum + count, 0), bugsAlone.total],
  ]
}

describe.each(engines.filter(({ name }) => ['sqljs memory', 'postgres'].includes(name)))('a test that is of another product now, on $name', (engine) => {
  it.each(['archived', 'running'])('takes its bugs along, and is counted there by all, when it is %s', async (status) => {
    const simulator = simulatedAccount()
    const { truth } = simulator
    const test = truth.tests.find((one) => one.status === status && truth.bugs.filter(({ testId }) => testId === one.id).length > 3)
    const to = truth.products.find(({ id }) => id !== test?.productId)?.id
    if (test === undefined || to === undefined) throw new Error('the account has none')
    const bugs = truth.bugs.filter(({ testId }) => testId === test.id)
    const ofProduct = (id: number): readonly [number, number] => [truth.tests.filter(({ productId }) => productId === id).length, truth.bugs.filter(({ productId }) => productId === id).length]
    let api: typeof fetch = simulator.fetch
    const tidemark = await openOver(simulator, await engine.open(), { testio: impatient(simulator, { fetch: (request) => api(request) }) })
    await tidemark.sync()
    api = movedBy(simulator, { test: test.id, from: test.productId, to })

    // Of the bugs of a final test a plain sync reads none again.
    for (const mode of ['hybrid', 'force'] as const) {
      expect((await tidemark.sync({ mode })).outcome).toBe('success')
      const [left, come] = [ofProduct(test.productId), ofProduct(to)]
      expect(await countsOf(tidemark, test.productId)).toEqual(Array.from({ length: 4 }, () => [left[0] - 1, left[1] - bugs.length]))
      expect(await countsOf(tidemark, to)).toEqual(Array.from({ length: 4 }, () => [come[0] + 1, come[1] + bugs.length]))
      const { items } = await tidemark.search(bugs[0]?.title ?? '', { entities: ['bug'], productIds: [to], limit: 100 })
      expect(items.map(({ id }) => id)).toContain(bugs[0]?.id)
    }
    await tidemark.close()
  })
})
