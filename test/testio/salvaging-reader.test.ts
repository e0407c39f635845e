import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WalkedWindow } from '../../src/testio/walk-tests.ts'
import { movingList, walked, type MovingList } from './moving-list.ts'
import { json, scriptedApi } from './scripted-api.ts'

const poison = (list: MovingList, ...places: readonly number[]): void =>
  list.simulator.setFaults({ poisonedTests: list.ids().filter((_, index) => places.includes(index)) })

/** The indices of the rows that were named as unreadable. */
function placesOf(list: MovingList, windows: readonly WalkedWindow[]): readonly number[] {
  return windows.flatMap(({ unreadable }) => unreadable.map(({ after, nth }) => (after === null ? -1 : list.ids().indexOf(after)) + nth))
}

const span = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, index) => from + index)

describe('rows that the API cannot give', () => {
  it.each([
    ['one', [40]], ['the first', [0]], ['the last', [99]], ['the first and the last', [0, 99]], ['the last of a window', [29]], ['the first of a window', [30]],
    ['several of one window', [35, 41, 50]], ['neighbours', [40, 41, 42]], ['the last three', [97, 98, 99]], ['the first three', [0, 1, 2]],
  ])('cost nothing but themselves: %s', async (_which, places) => {
    const list = movingList(100)
    poison(list, ...places)
    const { ids, windows, ending } = await walked(list.client.walkTests(list.productId))
    expect(ids).toEqual(list.ids().filter((_, index) => !places.includes(index)))
    expect(placesOf(list, windows)).toEqual(places)
    expect(ending.end).toBe('proven')
  })

  it('are named by the row before them, with the error', async () => {
    const list = movingList(60)
    poison(list, 0, 40, 41)
    const { windows } = await walked(list.client.walkTests(list.productId))
    const after = list.ids()[39]
    const error = expect.objectContaining({ code: 'api_server_error', details: expect.objectContaining({ status: 500 }) })
    expect(windows.flatMap(({ unreadable }) => unreadable)).toEqual([{ after: null, nth: 1, error }, { after, nth: 1, error }, { after, nth: 2, error }])
  })

  it('may be all there is', async () => {
    const list = movingList(2)
    poison(list, 0, 1)
    const { windows, ending } = await walked(list.client.walkTests(list.productId))
    expect(windows).toMatchObject([{ records: [], unreadable: [{ after: null, nth: 1 }, { after: null, nth: 2 }] }])
    expect(ending.end).toBe('proven')
  })

  it('cost at most 12 requests without retries each, wherever they stand', async () => {
    const list = movingList(60)
    const still = (await walked(list.client.walkTests(list.productId))).ending.requests
    for (const place of span(0, 60)) {
      poison(list, place)
      const { ending } = await walked(list.client.walkTests(list.productId))
      // The four attempts at the window that fails first are the ordinary retries.
      expect(ending.requests - still - 4).toBeLessThanOrEqual(12)
    }
  })

  it('are found, however many there are', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 90 }), fc.uniqueArray(fc.nat(89), { maxLength: 4 }), async (length, any) => {
      const list = movingList(length)
      const places = any.filter((at) => at < length).toSorted((a, b) => a - b)
      poison(list, ...places)
      const { ids, windows, ending } = await walked(list.client.walkTests(list.productId))
      expect(ids).toEqual(list.ids().filter((_, index) => !places.includes(index)))
      expect(placesOf(list, windows)).toEqual(places)
      expect(ending.end).toBe('proven')
    }), { numRuns: 40 })
  })

  it('come in one window with the rows around them', async () => {
    const list = movingList(60)
    poison(list, 10)
    const { windows } = await walked(list.client.walkTests(list.productId))
    expect(windows[0]?.start).toBe(0)
    expect(windows[0]?.records.length).toBeGreaterThanOrEqual(29)
    expect(windows[0]?.unreadable).toHaveLength(1)
  })

  it('are not what a test is that moves away while it is looked for', async () => {
    const list = movingList(60)
    poison(list, 20)
    const stayed = list.ids().filter((_, index) => index !== 20)
    list.before = (request) => { if (request === 9) list.removeAt(20) }
    const { ids, windows, ending } = await walked(list.client.walkTests(list.productId))
    expect(stayed.filter((id) => !ids.includes(id))).toEqual([])
    expect(placesOf(list, windows)).toEqual([])
    expect(ending.end).toBe('proven')
  })

  it('are looked for also where the body of a page is broken', async () => {
    const list = movingList(60)
    list.simulator.setFaults({ rules: [{ fault: 'truncated', nth: 2 }] })
    const { ids, windows, ending } = await walked(list.client.walkTests(list.productId))
    expect(ids).toEqual(list.ids())
    expect(placesOf(list, windows)).toEqual([])
    expect(ending.end).toBe('proven')
  })
})

describe('an API that fails on every row', () => {
  it.each([0, 30, 60])('is an outage, not broken records: from row %i on', async (from) => {
    const list = movingList(100)
    poison(list, ...span(from, 100))
    const { ids, windows, ending } = await walked(list.client.walkTests(list.productId))
    expect(ids).toEqual(list.ids().slice(0, from))
    expect(placesOf(list, windows)).toEqual([])
    expect(ending).toMatchObject({ end: 'unproven', reason: { code: 'api_server_error' } })
    expect(ending.requests).toBeLessThanOrEqual(20)
  })

  it.each([500, 403, 404] as const)('for one product, with %i, ends its walk and opens no breaker', async (status) => {
    const list = movingList(10)
    list.simulator.setFaults({ deadProducts: [{ id: list.productId, status }] })
    for (let count = 0; count < 8; count++) {
      const { ending } = await walked(list.client.walkTests(list.productId))
      expect(ending.end).toBe('unproven')
      expect(ending.requests).toBeLessThanOrEqual(20)
    }
    expect(list.client.breaker.state).toBe('closed')
  })

  it('is not narrowed down when it says that it is unavailable', async () => {
    const { client } = await scriptedApi(() => json({}, { status: 503 }))
    expect((await walked(client.walkTests(7))).ending).toMatchObject({ end: 'unproven', requests: 4 })
  })
})

describe('the requests for broken rows', () => {
  it('are bounded over a walk', async () => {
    const list = movingList(300)
    poison(list, ...span(0, 300).filter((index) => index % 3 === 1))
    const { ids, ending } = await walked(list.client.walkTests(list.productId))
    expect(ending).toMatchObject({ end: 'unproven', reason: { code: 'api_server_error' } })
    expect(ending.requests).toBeLessThanOrEqual(100)
    expect(ids.length).toBeGreaterThan(0)
  })

  it('are bounded as the caller says', async () => {
    const list = movingList(100)
    poison(list, 10, 40)
    const walk = (maxSalvageRequests: number) => walked(list.client.walkTests(list.productId, { maxSalvageRequests }))
    expect((await walk(5)).ending).toMatchObject({ end: 'unproven', requests: 9 })
    expect((await walk(12)).ending.end).toBe('unproven')
    expect((await walk(24)).ending.end).toBe('proven')
  })
})
