import { describe, expect, it } from 'vitest'
import { MAX_TESTS_PER_BUG_READ } from '../../src/testio/client.ts'
import { sectionIdsToWalk } from '../../src/testio/sections.ts'
import { bugs, features, products, rejectReasons, sparseTests, test } from './samples.ts'
import { failureOf, json, scriptedApi, TOKEN } from './scripted-api.ts'

const V2 = '/customer/v2'

describe('a read', () => {
  it('sends the token and asks for JSON, with GET', async () => {
    let seen: Request | undefined
    const { client } = await scriptedApi((request) => {
      seen = request
      return json(products)
    })
    await client.products()
    expect(seen?.method).toBe('GET')
    expect(seen?.headers.get('authorization')).toBe(`Token ${TOKEN}`)
    expect(seen?.headers.get('accept')).toBe('application/json')
  })

  it('goes to the path and the query that the reference names', async () => {
    const { client, requests } = await scriptedApi((request) => {
      const { pathname } = new URL(request.url)
      if (pathname.endsWith('/features')) return json(features)
      if (pathname.endsWith('/exploratory_tests')) return json(sparseTests)
      return json({ ...products, ...bugs, ...test, ...rejectReasons, product: products.products[0], bug: bugs.bugs[0] })
    })
    await client.products()
    await client.product(40112)
    await client.rejectReasons()
    await client.features(40112)
    await client.testWindow(40112, 20, 10)
    await client.test(118204)
    await client.bugsOfTests([118204, 118310])
    await client.bug(2260417)
    await client.probe()
    expect(requests).toEqual([
      `${V2}/products`,
      `${V2}/products/40112`,
      `${V2}/bugs/reject_reasons`,
      `${V2}/products/40112/features?includes[]=user_stories`,
      `${V2}/products/40112/exploratory_tests?page=3&per_page=10`,
      `${V2}/exploratory_tests/118204`,
      `${V2}/bugs?filter_test_cycle_ids=118204,118310`,
      `${V2}/bugs/2260417`,
      `${V2}/bugs/reject_reasons`,
    ])
    expect(client.requestCount).toBe(9)
  })

  it('refuses ids that are no ids before it sends anything', async () => {
    const { client, requests } = await scriptedApi(() => json({}))
    for (const id of [0, -1, 1.5, Number.NaN]) {
      await expect(client.product(id)).rejects.toThrow(RangeError)
      await expect(client.bugsOfTests([1, id])).rejects.toThrow(RangeError)
      await expect(client.features(1, { sectionIds: [id] })).rejects.toThrow(RangeError)
    }
    expect(requests).toEqual([])
  })

  it('gives a single record only when it is the one that was asked for', async () => {
    const { client } = await scriptedApi(() => json(test))
    expect((await client.test(118204)).title).toBe('Basket and gift cards, spring release')
    expect(await failureOf(client.test(118205))).toMatchObject({ code: 'api_malformed', details: { status: 200, path: '/exploratory_tests/118205', attempts: 1 } })
  })

  it('brings no credential in, whatever form it has', async () => {
    const { client } = await scriptedApi(() => json({
      exploratory_test: {
        ...test.exploratory_test,
        goal_text: 'Try https://qa:hunter2@host.example first',
        test_environment: { id: 1, title: 'Staging', url: 'https://qa:hunter2@host.example/', username: 'qa', password: 'hunter2', access: 'Pass: hunter2' },
      },
    }))
    const found = await client.test(118204)
    expect(JSON.stringify(found)).not.toContain('hunter2')
    expect(found.goal).toBe('Try https://host.example first')
    expect(found.payload['test_environment']).toEqual({ id: 1, title: 'Staging', url: 'https://host.example/' })
  })

  it('replaces what no database can store, and keeps emoji', async () => {
    const { client } = await scriptedApi(() => new Response('{"bug": {"id": 1, "title": "a\\u0000b \\ud83d c \\ude00 \\ud83d\\ude00 😀", "location": "\\\\u0000"}}'))
    const bug = await client.bug(1)
    expect(bug.title).toBe('a\ufffdb \ufffd c \ufffd \u{1f600} 😀')
    expect(bug.location).toBe('\\u0000')
    expect(bug.payload['title']).toBe(bug.title)
  })

  it('replaces it in keys, at every level, and keeps a key that objects have by themselves', async () => {
    const { client } = await scriptedApi(() => new Response('{"bug": {"id": 1, "a\\u0000b": [{"\\ud83d": 1, "\\ud83d\\ude00": 2, "__proto__": 3}]}}'))
    expect(JSON.stringify((await client.bug(1)).payload)).toBe('{"id":1,"a\ufffdb":[{"\ufffd":1,"\u{1f600}":2,"__proto__":3}]}')
  })

  it('measures how long the API takes to answer', async () => {
    let clock = 1_000
    const { client } = await scriptedApi(() => {
      clock += 250
      return json(rejectReasons)
    }, { now: () => clock })
    expect(await client.probe()).toEqual({ latencyMs: 250 })
  })
})

describe('a window of the tests of a product', () => {
  it('holds the rows as they came, with the ids of all of them', async () => {
    const { client } = await scriptedApi(() => json({ exploratory_tests: [{ id: 5 }, { id: 4, status: {} }, { id: 'x' }, { id: '3' }] }))
    const window = await client.testWindow(7, 30, 10)
    expect(window).toMatchObject({ start: 30, size: 10, ids: [5, 4, null, 3], attempts: 1 })
    expect(window.records.map(({ id }) => id)).toEqual([5, 3])
    expect(window.malformed.map(({ id }) => id)).toEqual([4, null])
  })

  it('gives tests the product that was asked for when they name none', async () => {
    const { client } = await scriptedApi(() => json({ exploratory_tests: [{ id: 1 }, { id: 2, product: { id: 8, name: 'Other' } }] }))
    expect((await client.testWindow(7, 0, 25)).records.map((found) => found.product)).toEqual([{ id: 7, title: null }, { id: 8, title: 'Other' }])
  })

  it('begins at a multiple of its size', async () => {
    const { client, requests } = await scriptedApi(() => json({ exploratory_tests: [] }))
    for (const [start, size] of [[5, 10], [-10, 10], [0, 0], [0.5, 1], [Number.NaN, 5]] as const) await expect(client.testWindow(7, start, size)).rejects.toThrow(RangeError)
    expect(requests).toEqual([])
  })
})

describe('a single test', () => {
  it.each([[403, 'api_forbidden'], [404, 'api_not_found'], [410, 'api_not_found']])('that the API refuses with %i is told apart by its code, after one request', async (status, code) => {
    const { client, requests } = await scriptedApi(() => json({ error: 'A sentence' }, { status }))
    expect(await failureOf(client.test(118204))).toMatchObject({ code, retryable: false, details: { status, path: '/exploratory_tests/118204', attempts: 1 } })
    expect(requests).toHaveLength(1)
  })
})

describe('the bugs of tests', () => {
  it('of no test are none, without a request: an empty filter would mean all of them', async () => {
    const { client, requests } = await scriptedApi(() => json(bugs))
    expect(await client.bugsOfTests([])).toEqual({ records: [], malformed: [], rawCount: 0, complete: true })
    expect(requests).toEqual([])
  })

  it('are read for fifteen tests at most', async () => {
    const { client } = await scriptedApi(() => json(bugs))
    const ids = Array.from({ length: MAX_TESTS_PER_BUG_READ + 1 }, (_, index) => index + 1)
    expect(MAX_TESTS_PER_BUG_READ).toBe(15)
    await expect(client.bugsOfTests(ids)).rejects.toThrow(RangeError)
    expect((await client.bugsOfTests(ids.slice(1))).records).toHaveLength(2)
  })

  it.each([
    ['agrees', { record_count: 2 }, true],
    ['is larger than the list', { record_count: 3 }, false],
    ['is smaller than the list', { record_count: 1 }, true],
    ['is a numeric text', { record_count: '3' }, false],
    ['is unreadable', { record_count: {} }, true],
    ['is absent', undefined, true],
  ])('know whether they are complete when the record count %s', async (_how, meta, complete) => {
    const { client } = await scriptedApi(() => json({ bugs: bugs.bugs, meta }))
    expect((await client.bugsOfTests([1])).complete).toBe(complete)
  })
})

describe('the features of a product', () => {
  const sections = { sections: [{ id: 11, name: 'A' }, { id: 12, name: 'B' }], sectionsWithDefault: [] }

  it('with sections are those of its sections, also where only sections_with_default names them', () => {
    const named = (...ids: number[]) => ids.map((id) => ({ id, name: `S${id}` }))
    expect(sectionIdsToWalk({ sections: [], sectionsWithDefault: [] })).toEqual([])
    expect(sectionIdsToWalk({ sections: [], sectionsWithDefault: named(1) })).toEqual([])
    expect(sectionIdsToWalk({ sections: named(2), sectionsWithDefault: named(1, 2) })).toEqual([2])
    expect(sectionIdsToWalk({ sections: [], sectionsWithDefault: named(1, 2) })).toEqual([1, 2])
  })

  it('come in one read where the API allows it, and then nothing is known of sections', async () => {
    const { client, requests } = await scriptedApi(() => json(features))
    const { records } = await client.features(7, { sectionIds: sectionIdsToWalk(sections) })
    expect(records.map(({ id, sectionIds }) => ({ id, sectionIds }))).toEqual([{ id: 77120, sectionIds: null }, { id: 77121, sectionIds: null }])
    expect(requests).toHaveLength(1)
  })

  it.each([400, 422, 500])('are read by sections after a %i, and merged', async (status) => {
    const { client, requests, waits } = await scriptedApi((request) => {
      const { pathname } = new URL(request.url)
      if (pathname.endsWith('/7/features')) return json({ error: 'Validation failed' }, { status })
      if (pathname.includes('/sections/11/')) return json({ features: [{ id: 1, title: 'One' }, { id: 2, title: 'Two' }, null] })
      return json({ features: [{ id: 2, title: 'Two' }, { id: 3, title: 'Three' }] })
    })
    const { records, malformed, rawCount } = await client.features(7, { sectionIds: sectionIdsToWalk(sections) })
    expect(records.map(({ id, title, sectionIds }) => ({ id, title, sectionIds }))).toEqual([
      { id: 1, title: 'One', sectionIds: [11] }, { id: 2, title: 'Two', sectionIds: [11, 12] }, { id: 3, title: 'Three', sectionIds: [12] },
    ])
    expect(malformed).toEqual([{ id: null, reason: 'not an object' }])
    expect(rawCount).toBe(5)
    expect(requests).toEqual([
      `${V2}/products/7/features?includes[]=user_stories`,
      `${V2}/products/7/sections/11/features?includes[]=user_stories`,
      `${V2}/products/7/sections/12/features?includes[]=user_stories`,
    ])
    expect(waits).toEqual([])
  })

  it('fail as a whole when one section cannot be read', async () => {
    const { client } = await scriptedApi((request) => {
      const { pathname } = new URL(request.url)
      return pathname.includes('/sections/11/') ? json({ features: [] }) : json({}, { status: pathname.includes('/sections/') ? 403 : 422 })
    })
    expect(await failureOf(client.features(7, { sectionIds: [11, 12] }))).toMatchObject({ code: 'api_forbidden', details: { path: '/products/7/sections/12/features' } })
  })

  it.each([[422, 'api_rejected'], [500, 'api_server_error']])('of a product without sections fail with the %i itself', async (status, code) => {
    const { client, waits } = await scriptedApi(() => json({}, { status }))
    expect(await failureOf(client.features(7))).toMatchObject({ code })
    expect(waits).toHaveLength(status === 500 ? 3 : 0)
  })

  it.each([403, 404, 503])('are not read by sections after a %i', async (status) => {
    const { client, requests } = await scriptedApi(() => json({}, { status }))
    await failureOf(client.features(7, { sectionIds: [11] }))
    expect(requests.every((request) => request.includes('/products/7/features'))).toBe(true)
  })
})
