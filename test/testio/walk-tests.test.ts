import { describe, expect, it } from 'vitest'
import { movingList, walked } from './moving-list.ts'
import { failureOf, json, scriptedApi } from './scripted-api.ts'

const rows = (...ids: readonly unknown[]): Response => json({ exploratory_tests: ids.map((id) => ({ id })) })
/** The rows that a server which pages as the real one would send. */
const pageOf = <T>(all: readonly T[], request: Request): readonly T[] => {
  const query = new URL(request.url).searchParams
  const [page, size] = [Number(query.get('page')), Number(query.get('per_page'))]
  return all.slice((page - 1) * size, page * size)
}
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => count - index)

describe('a walk over tests that stay where they are', () => {
  it.each([0, 1, 2, 5, 29, 30, 31, 60, 97, 150, 600])('gives all of %i in their order, in about one request for 23', async (count) => {
    const list = movingList(count)
    const { ids, windows, ending } = await walked(list.client.walkTests(list.productId))
    expect(ids).toEqual(list.ids())
    expect(ending).toEqual({ end: 'proven', requests: list.simulator.requestCount })
    expect(ending.requests).toBeLessThanOrEqual(Math.ceil(count / 23) + 1)
    expect(windows.every((window) => window.unreadable.length === 0 && window.records.length > 0)).toBe(true)
  })

  it('asks for windows of 30 at most, each beginning with rows that it knows', async () => {
    const { client, requests } = await scriptedApi((request) => rows(...pageOf(upTo(200), request)))
    await walked(client.walkTests(7))
    const windows = requests.map((request) => {
      const query = new URL(request, 'http://any.invalid').searchParams
      const size = Number(query.get('per_page'))
      return { start: (Number(query.get('page')) - 1) * size, size }
    })
    expect(windows[0]).toEqual({ start: 0, size: 30 })
    for (const [at, { start, size }] of windows.entries()) {
      const before = windows[at - 1]
      expect(size).toBeLessThanOrEqual(30)
      if (before !== undefined) expect(start).toBeLessThan(Math.min(200, before.start + before.size))
    }
  })

  it('tells where each window begins and the ids of all its rows, repeated ones too', async () => {
    const { client } = await scriptedApi((request) => rows(...pageOf(upTo(40), request)))
    const { windows } = await walked(client.walkTests(7))
    expect(windows.map(({ start, ids }) => [start, ids])).toEqual([[0, upTo(40).slice(0, 30)], [29, upTo(40).slice(29)]])
    expect(windows.map(({ records }) => records.length)).toEqual([30, 10])
  })

  it('says how it ended also as the value that it returns', async () => {
    const list = movingList(3)
    const walk = list.client.walkTests(list.productId)
    expect(await walk.next()).toMatchObject({ done: false })
    expect(walk.ending).toBeUndefined()
    expect(await walk.next()).toEqual({ done: true, value: { end: 'proven', requests: 2 } })
    expect(walk.ending).toEqual({ end: 'proven', requests: 2 })
  })

  it('reads no further than the caller wants', async () => {
    const list = movingList(150)
    const walk = list.client.walkTests(list.productId)
    for await (const window of walk) if (window.start > 0) break
    expect(list.simulator.requestCount).toBe(2)
    expect(walk.ending).toBeUndefined()
  })
})

describe('a walk over tests that move', () => {
  it('gives a test that came in before the reader, for one request more', async () => {
    const list = movingList(100)
    const still = (await walked(list.client.walkTests(list.productId))).ending.requests
    list.before = (request) => { if (request === still + 3) list.insertAt(0) }
    const { ids, ending } = await walked(list.client.walkTests(list.productId))
    expect(ids.toSorted()).toEqual(list.ids().toSorted())
    expect(ending).toEqual({ end: 'proven', requests: still + 1 })
  })

  it('goes back when so many tests were removed that some have slipped past the reader', async () => {
    const list = movingList(140)
    list.before = (request) => { if (request === 4) for (let count = 0; count < 60; count++) list.removeAt(0) }
    const { ids, ending } = await walked(list.client.walkTests(list.productId))
    expect(list.ids().filter((id) => !ids.includes(id))).toEqual([])
    expect(ending.end).toBe('proven')
  })

  it('does not take the empty window behind a list that shrank for its end', async () => {
    const list = movingList(60)
    list.before = (request) => { if (request === 2) for (let count = 0; count < 35; count++) list.removeAt(0) }
    const { ids, ending } = await walked(list.client.walkTests(list.productId))
    expect(list.ids().filter((id) => !ids.includes(id))).toEqual([])
    expect(ending.end).toBe('proven')
  })

  it('finds a test that moves up past the reader', async () => {
    const list = movingList(100)
    const [last] = list.ids().slice(-1)
    list.before = (request) => { if (request === 3) list.move(99, 0) }
    const { ids, ending } = await walked(list.client.walkTests(list.productId))
    expect(ids).toContain(last)
    expect(ids).toHaveLength(100)
    expect(ending.end).toBe('proven')
  })

  it('ends, also where rows are removed faster than they can be read', async () => {
    const list = movingList(400)
    list.before = (request) => { if (request > 3) for (let count = 0; count < 35; count++) list.removeAt(0) }
    const { ids, ending } = await walked(list.client.walkTests(list.productId))
    expect(list.ids().filter((id) => !ids.includes(id))).toEqual([])
    expect(ending.requests).toBeLessThan(60)
  })

  it.each([['as long as was asked for', 0], ['longer than was asked for', 1]])('gives up, unproven, where every answer is another list, %s', async (_how, more) => {
    const { client } = await scriptedApi((request, count) => {
      const size = Number(new URL(request.url).searchParams.get('per_page'))
      return rows(...Array.from({ length: size + more }, (_, index) => count * 1_000 + index))
    })
    const { ending } = await walked(client.walkTests(7))
    expect(ending).toMatchObject({ end: 'unproven', reason: { code: 'api_malformed', retryable: true, details: { path: '/products/7/exploratory_tests' } } })
    expect(ending.requests).toBeLessThan(40)
  })
})

describe('a walk over a list whose paging is broken', () => {
  it.each([3, 28, 30, 31, 60, 150])('ends proven where the API sends all of %i tests on every page', async (count) => {
    const list = movingList(count)
    list.simulator.setFaults({ paging: 'ignored' })
    const { ids, ending } = await walked(list.client.walkTests(list.productId))
    expect(ids).toEqual(list.ids())
    expect(ending).toEqual({ end: 'proven', requests: 2 })
  })

  it.each([0, 3, 30, 60, 150])('ends proven where the API repeats the last page of %i tests', async (count) => {
    const list = movingList(count)
    list.simulator.setFaults({ paging: 'repeated' })
    const { ids, ending } = await walked(list.client.walkTests(list.productId))
    expect(ids).toEqual(list.ids())
    expect(ending.end).toBe('proven')
  })

  it('ends unproven where the API sends the first page of a longer list for ever', async () => {
    const list = movingList(150)
    list.simulator.setFaults({ paging: 'stuck' })
    const { ids, ending } = await walked(list.client.walkTests(list.productId))
    expect(ids).toEqual(list.ids().slice(0, 30))
    expect(ending).toMatchObject({ end: 'unproven', reason: { code: 'api_malformed' } })
    expect(ending.requests).toBeLessThan(40)
  })
})

describe('a walk over rows that make no sense', () => {
  it('goes on behind them, and names each once', async () => {
    const all = [...upTo(28).map((id) => ({ id })), { id: 999, status: {} }, { id: 'x' }, null, { id: 1_000 }]
    const { client } = await scriptedApi((request) => json({ exploratory_tests: pageOf(all, request) }))
    const { ids, windows, ending } = await walked(client.walkTests(7))
    expect(ids).toEqual([...upTo(28), 1_000])
    expect(windows.flatMap(({ malformed }) => malformed.map(({ id }) => id))).toEqual([999, null, null])
    expect(windows[0]?.ids.slice(-2)).toEqual([999, null])
    expect(ending.end).toBe('proven')
  })

  it('does not pretend to end at a page without a single readable id', async () => {
    const { client } = await scriptedApi(() => rows('x', null))
    const { windows, ending } = await walked(client.walkTests(7))
    expect(windows).toEqual([])
    expect(ending).toMatchObject({ end: 'unproven', requests: 1, reason: { code: 'api_malformed', details: { path: '/products/7/exploratory_tests' } } })
  })

  it('gives a test once that stands twice in one window, or once readable and once not', async () => {
    const { client } = await scriptedApi((request) => json({ exploratory_tests: pageOf([{ id: 3 }, { id: 3 }, { id: 3, status: {} }, { id: 2 }], request) }))
    const { ids, windows, ending } = await walked(client.walkTests(7))
    expect([ids, windows[0]?.malformed, ending.end]).toEqual([[3, 2], [], 'proven'])
  })
})

describe('a walk that the API stops', () => {
  it.each([[401, 'api_unauthorized'], [403, 'api_forbidden'], [404, 'api_not_found'], [422, 'api_rejected'], [503, 'api_server_error'], [429, 'api_rate_limited']])(
    'with %i ends unproven, with %s as the reason, after what could be read',
    async (status, code) => {
      const { client } = await scriptedApi((request, count) => (count === 1 ? rows(...pageOf(upTo(50), request)) : json({}, { status })), { retries: 1 })
      const { ids, ending } = await walked(client.walkTests(7))
      expect(ids).toEqual(upTo(50).slice(0, 30))
      expect(ending).toMatchObject({ end: 'unproven', reason: { code } })
      expect(ending.requests).toBe(client.requestCount)
      expect(client.requestCount).toBeLessThanOrEqual(3)
    },
  )

  it('while nothing can be reached ends unproven, and goes through when that has passed', async () => {
    const list = movingList(100)
    list.before = (request) => { if (request === 3) list.simulator.setFaults({ outage: true }) }
    const { ids, ending } = await walked(list.client.walkTests(list.productId))
    expect(ids).toEqual(list.ids().slice(0, 58))
    expect(ending).toMatchObject({ end: 'unproven', reason: { code: 'api_unreachable' }, requests: 6 })
    list.before = () => undefined
    list.simulator.setFaults({})
    expect((await walked(list.client.walkTests(list.productId))).ending.end).toBe('proven')
  })

  it('does not notice an outage that is shorter than its patience', async () => {
    const list = movingList(100)
    list.before = (request) => { if (request === 3 || request === 5) list.simulator.setFaults({ outage: request === 3 }) }
    const { ids, ending } = await walked(list.client.walkTests(list.productId))
    expect(ids).toEqual(list.ids())
    expect(ending).toEqual({ end: 'proven', requests: 7 })
  })

  it('is left with an error only when the caller cancels, and sends nothing for an id that is none', async () => {
    const list = movingList(100)
    const controller = new AbortController()
    list.before = (request) => { if (request === 2) controller.abort() }
    expect(await failureOf(walked(list.client.walkTests(list.productId, { signal: controller.signal })))).toMatchObject({ code: 'aborted' })
    expect(() => list.client.walkTests(0)).toThrow(RangeError)
    expect(list.simulator.requestCount).toBeLessThanOrEqual(2)
  })
})
