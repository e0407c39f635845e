import { describe, expect, it } from 'vitest'
import type { Faults } from '../../src/simulator/faults.ts'
import { account, ask, BASE, read, type Json } from './api.ts'

const demo = account()
const [first, second] = demo.truth.products.map((product) => product.id)
const withFaults = (faults: Faults, seed = 1) => account({ seed, faults })
const statuses = async (simulator: ReturnType<typeof account>, count: number, path = 'products') => {
  const found: number[] = []
  for (let i = 0; i < count; i++) found.push((await ask(simulator, path)).status)
  return found
}

describe('what is unlisted', () => {
  it('is in no list, and given to whoever asks for it alone', async () => {
    const [test] = demo.truth.tests.filter((one) => one.productId === second)
    const simulator = withFaults({ unlisted: [first!, test!.id] })
    expect((await read(simulator, 'products')).products.map((one: Json) => one.id)).not.toContain(first)
    expect((await read(simulator, `products/${first}`)).product.id).toBe(first)
    const listed = (await read(simulator, `products/${second}/exploratory_tests?page=1&per_page=100`)).exploratory_tests.map((one: Json) => one.id)
    expect(listed).not.toContain(test!.id)
    expect(listed).toHaveLength(demo.truth.tests.filter((one) => one.productId === second).length - 1)
    expect((await read(simulator, `exploratory_tests/${test!.id}`)).exploratory_test.id).toBe(test!.id)
  })
})

describe('rules', () => {
  it('answer 429, without a header, with seconds, or with a date', async () => {
    const plain = await ask(withFaults({ rules: [{ fault: 'rate_limited' }] }), 'products')
    expect([plain.status, plain.headers.has('retry-after'), Object.keys(plain.body)]).toEqual([429, false, ['error']])
    expect((await ask(withFaults({ rules: [{ fault: 'rate_limited', retryAfter: { seconds: 7 } }] }), 'products')).headers.get('retry-after')).toBe('7')
    const date = (await ask(withFaults({ rules: [{ fault: 'rate_limited', retryAfter: { seconds: 60, as: 'date' } }] }), 'products')).headers.get('retry-after')!
    expect(date).toMatch(/ GMT$/)
    expect(Math.abs(Date.parse(date) - Date.now() - 60_000)).toBeLessThan(5_000)
  })

  it.each([['server_error', 500], ['unavailable', 503], ['bad_gateway', 502]] as const)('answer %s with %i', async (fault, status) => {
    expect((await ask(withFaults({ rules: [{ fault }] }), 'products')).status).toBe(status)
  })

  it('answer with what is no JSON, no object, or not whole', async () => {
    const bodyOf = async (fault: 'not_json' | 'not_object' | 'truncated' | 'bad_gateway') => {
      const simulator = withFaults({ rules: [{ fault }] })
      return (await simulator.fetch(`${BASE}products`, { headers: { authorization: `Token ${simulator.token}` } })).text()
    }
    expect(await bodyOf('not_json')).toMatch(/^<!doctype html>/)
    expect(await bodyOf('bad_gateway')).toMatch(/^<html>/)
    expect(JSON.parse(await bodyOf('not_object'))).toEqual([await read(demo, 'products')])
    const half = await bodyOf('truncated')
    expect(() => JSON.parse(half)).toThrow(SyntaxError)
    expect(JSON.stringify(await read(demo, 'products')).startsWith(half)).toBe(true)
  })

  it('truncate also a list that is written in pieces', async () => {
    const simulator = withFaults({ rules: [{ fault: 'truncated' }] })
    const text = await (await simulator.fetch(`${BASE}bugs`, { headers: { authorization: `Token ${simulator.token}` } })).text()
    expect(text.length).toBeGreaterThan(100_000)
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
  })

  it('break the connection with a TypeError, as fetch does', async () => {
    await expect(ask(withFaults({ rules: [{ fault: 'drop' }] }), 'products')).rejects.toThrow(TypeError)
  })

  it('never answer a time-out, until the caller gives up', async () => {
    const simulator = withFaults({ rules: [{ fault: 'timeout' }] })
    const controller = new AbortController()
    let settled = false
    const pending = ask(simulator, 'products', { signal: controller.signal }).finally(() => (settled = true))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(settled).toBe(false)
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(pending).rejects.toBe(reason)
    await expect(ask(simulator, 'products', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('can hold for the nth request only, or for several', async () => {
    expect(await statuses(withFaults({ rules: [{ fault: 'server_error', nth: 3 }] }), 5)).toEqual([200, 200, 500, 200, 200])
    expect(await statuses(withFaults({ rules: [{ fault: 'server_error', nth: [1, 4] }] }), 5)).toEqual([500, 200, 200, 500, 200])
  })

  it('can hold for some requests only, and count just those', async () => {
    const simulator = withFaults({ rules: [{ fault: 'server_error', on: `GET /products/${first}/features`, nth: 2 }] })
    expect(await statuses(simulator, 3)).toEqual([200, 200, 200])
    expect(await statuses(simulator, 3, `products/${first}/features`)).toEqual([200, 500, 200])
    const page = withFaults({ rules: [{ fault: 'server_error', on: 'exploratory_tests?page=2' }] })
    expect(await statuses(page, 1, `products/${first}/exploratory_tests?page=1`)).toEqual([200])
    expect(await statuses(page, 1, `products/${first}/exploratory_tests?page=2`)).toEqual([500])
  })

  it('can hold for a share of the requests, the same ones for the same seed', async () => {
    const faults: Faults = { rules: [{ fault: 'rate_limited', rate: 0.3 }] }
    const once = await statuses(withFaults(faults), 300)
    expect(await statuses(withFaults(faults), 300)).toEqual(once)
    expect(await statuses(withFaults(faults, 2), 300)).not.toEqual(once)
    const hits = once.filter((status) => status === 429).length
    expect(hits).toBeGreaterThan(60)
    expect(hits).toBeLessThan(120)
    expect(await statuses(withFaults({ rules: [{ fault: 'drop', rate: 0 }] }), 20)).toEqual(Array.from({ length: 20 }, () => 200))
  })

  it('are tried in order, and the first that applies decides', async () => {
    const simulator = withFaults({ rules: [{ fault: 'unavailable', nth: 2 }, { fault: 'server_error', nth: [1, 2] }] })
    expect(await statuses(simulator, 3)).toEqual([500, 503, 200])
  })
})

describe('broken data', () => {
  it('fails every page that holds a poisoned test, and its single read, but not its bugs', async () => {
    const simulator = account()
    const tests = (await read(simulator, `products/${first}/exploratory_tests?page=1&per_page=100`)).exploratory_tests.map((test: Json) => test.id)
    simulator.setFaults({ poisonedTests: [tests[7]] })
    const page = async (number: number, size: number) => (await ask(simulator, `products/${first}/exploratory_tests?page=${number}&per_page=${size}`)).status
    expect([await page(1, 25), await page(1, 8), await page(1, 7), await page(2, 8), await page(8, 1), await page(9, 1)]).toEqual([500, 500, 200, 200, 500, 200])
    expect((await ask(simulator, `products/${first}/exploratory_tests`)).status).toBe(500)
    expect((await ask(simulator, `exploratory_tests/${tests[7]}`)).status).toBe(500)
    expect((await ask(simulator, `exploratory_tests/${tests[6]}`)).status).toBe(200)
    expect((await ask(simulator, `bugs?filter_test_cycle_ids=${tests[7]}`)).status).toBe(200)
  })

  it.each([403, 404, 500] as const)('refuses everything below a dead product with %i, and still lists it', async (status) => {
    const simulator = withFaults({ deadProducts: [{ id: first!, status }] })
    expect((await read(simulator, 'products')).products).toHaveLength(3)
    const test = simulator.truth.tests.find((one) => one.productId === first)!
    const below = [`products/${first}`, `products/${first}/features`, `products/${first}/exploratory_tests?page=1`, `exploratory_tests/${test.id}`]
    for (const path of below) expect((await ask(simulator, path)).status).toBe(status)
    expect((await ask(simulator, `products/${second}`)).status).toBe(200)
    const { bugs } = await read(simulator, 'bugs')
    expect(bugs.length).toBe(simulator.truth.bugs.filter((bug) => bug.productId !== first).length)
  })
})

describe('paging that does not work', () => {
  const rows = async (simulator: ReturnType<typeof account>, page: number, perPage = 10): Promise<number[]> =>
    (await read(simulator, `products/${first}/exploratory_tests?page=${page}&per_page=${perPage}`)).exploratory_tests.map((test: Json) => test.id)
  const all = demo.truth.tests.filter((test) => test.productId === first).length

  it('is ignored: every page holds everything, for ever', async () => {
    const simulator = withFaults({ paging: 'ignored' })
    expect(await rows(simulator, 1)).toHaveLength(all)
    expect(await rows(simulator, 99)).toEqual(await rows(simulator, 1))
  })

  it('repeats the last page instead of an empty one', async () => {
    const simulator = withFaults({ paging: 'repeated' })
    const last = Math.ceil(all / 10)
    expect(await rows(simulator, last + 5)).toEqual(await rows(simulator, last))
    expect(await rows(simulator, 1)).toEqual(await rows(demo, 1))
  })

  it('is stuck: every page is the first one', async () => {
    const simulator = withFaults({ paging: 'stuck' })
    expect(await rows(simulator, 1)).toEqual(await rows(demo, 1))
    expect(await rows(simulator, 2)).toEqual(await rows(demo, 1))
    expect(await rows(simulator, 3, 4)).toEqual((await rows(demo, 1)).slice(0, 4))
  })
})

describe('the connection', () => {
  it('is down in an outage, and up again afterwards', async () => {
    const simulator = withFaults({ outage: true })
    await expect(ask(simulator, 'products')).rejects.toThrow(TypeError)
    simulator.setFaults({})
    expect((await ask(simulator, 'products')).status).toBe(200)
  })

  it('has the latency that is asked for, and a waiting request can be given up', async () => {
    const simulator = withFaults({ latencyMs: 40 })
    const start = performance.now()
    await ask(simulator, 'products')
    expect(performance.now() - start).toBeGreaterThanOrEqual(38)
    simulator.setFaults({ latencyMs: { min: 60_000, max: 90_000 } })
    await expect(ask(simulator, 'products', { signal: AbortSignal.timeout(20) })).rejects.toThrow('timeout')
  })
})

describe('faults', () => {
  it('can be replaced while it runs, and counting starts again', async () => {
    const simulator = withFaults({ rules: [{ fault: 'server_error', nth: 1 }] })
    expect(await statuses(simulator, 2)).toEqual([500, 200])
    simulator.setFaults({ rules: [{ fault: 'server_error', nth: 2 }] })
    expect(simulator.faults).toEqual({ rules: [{ fault: 'server_error', nth: 2 }] })
    expect(await statuses(simulator, 3)).toEqual([200, 500, 200])
  })

  it('leave the truth and the other answers alone', async () => {
    const simulator = withFaults({ rules: [{ fault: 'truncated', nth: 1 }], paging: 'stuck' })
    await ask(simulator, 'bugs')
    expect(await read(simulator, 'bugs')).toEqual(await read(demo, 'bugs'))
  })

  it.each([
    { rules: [{ fault: 'explosion' }] }, { rules: [{ fault: 'drop', rate: 2 }] }, { rules: [{ fault: 'drop', nth: 0 }] }, { latency: 5 },
    { latencyMs: -1 }, { paging: 'odd' }, { deadProducts: [{ id: 1, status: 418 }] }, { latencyMs: { min: 5, max: 1 } },
  ])('that make no sense are refused: %j', (faults) => {
    expect(() => account({ faults: faults as Faults })).toThrow(TypeError)
    expect(() => demo.setFaults(faults as Faults)).toThrow(TypeError)
  })
})

describe('the list of requests', () => {
  it('tells method, path with query, and status; 0 for a connection that broke', async () => {
    const simulator = withFaults({ rules: [{ fault: 'drop', nth: 3 }] })
    await ask(simulator, 'products')
    await ask(simulator, `products/${first}/exploratory_tests?page=1&per_page=2`)
    await expect(ask(simulator, 'bugs')).rejects.toThrow(TypeError)
    await ask(simulator, 'bugs/1')
    expect(simulator.requests).toEqual([
      { method: 'GET', path: '/products', status: 200 },
      { method: 'GET', path: `/products/${first}/exploratory_tests?page=1&per_page=2`, status: 200 },
      { method: 'GET', path: '/bugs', status: 0 },
      { method: 'GET', path: '/bugs/1', status: 404 },
    ])
    expect(simulator.requestCount).toBe(4)
    simulator.clearRequests()
    expect([simulator.requests, simulator.requestCount]).toEqual([[], 4])
  })

  it('does not grow without end', async () => {
    const simulator = account()
    for (let i = 0; i < 5_100; i++) await simulator.fetch(`${BASE}nothing/${i}`)
    expect(simulator.requests).toHaveLength(5_000)
    expect(simulator.requests.at(-1)?.path).toBe('/nothing/5099')
    expect(simulator.requestCount).toBe(5_100)
  })
})
