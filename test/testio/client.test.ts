import { describe, expect, it } from 'vitest'
import { MAX_TESTS_PER_BUG_READ } from '../../src/testio/client.ts'
import { sectionIdsToWalk } from '../../src/testio/sections.ts'
import { bugs, features, products, rejectReasons, sparseTests, test } from './samples.ts'
import { failureOf, json, scriptedApi, TOKEN } from './scripted-api.ts'

const V2 = '/customer/v2'

async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const page of pages) found.push(page)
  return found
}

const testPageOf = (...ids: readonly unknown[]): Response => json({ exploratory_tests: ids.map((id) => ({ id })) })

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
    await client.testPage(40112, 3, 10)
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

  it('measures how long the API takes to answer', async () => {
    let clock = 1_000
    const { client } = await scriptedApi(() => {
      clock += 250
      return json(rejectReasons)
    }, { now: () => clock })
    expect(await client.probe()).toEqual({ latencyMs: 250 })
  })
})

describe('the tests of a product', () => {
  it('end with an empty page, not with a short one', async () => {
    const { client, requests } = await scriptedApi((_request, count) => [testPageOf(5, 4, 3), testPageOf(2), testPageOf(1), testPageOf()][count - 1] ?? json({}))
    const pages = await collect(client.tests(7, { perPage: 3 }))
    expect(pages.map((page) => page.records.map((found) => found.id))).toEqual([[5, 4, 3], [2], [1]])
    expect(pages.map(({ page, perPage, rawCount }) => ({ page, perPage, rawCount }))).toEqual([
      { page: 1, perPage: 3, rawCount: 3 }, { page: 2, perPage: 3, rawCount: 1 }, { page: 3, perPage: 3, rawCount: 1 },
    ])
    expect(requests.map((request) => request.split('?')[1])).toEqual([1, 2, 3, 4].map((page) => `page=${page}&per_page=3`))
  })

  it('end where an API that ignores the page number repeats itself', async () => {
    const { client, requests } = await scriptedApi(() => testPageOf(...Array.from({ length: 60 }, (_, index) => index + 1)))
    const pages = await collect(client.tests(7))
    expect(pages).toHaveLength(1)
    expect(pages[0]).toMatchObject({ rawCount: 60, perPage: 25 })
    expect(requests).toHaveLength(2)
  })

  it('come once, also when new ones push them to a later page', async () => {
    const { client } = await scriptedApi((_request, count) => [testPageOf(5, 4, 3), testPageOf(4, 3, 2), testPageOf(1), testPageOf()][count - 1] ?? json({}))
    const pages = await collect(client.tests(7, { perPage: 3 }))
    expect(pages.map((page) => page.records.map((found) => found.id))).toEqual([[5, 4, 3], [2], [1]])
    expect(pages[1]?.rawCount).toBe(3)
  })

  it('go on behind a page on which hardly anything can be read', async () => {
    const broken = json({ exploratory_tests: [{ id: 9, status: {} }, { id: 'x' }, null] })
    const { client } = await scriptedApi((_request, count) => [broken, testPageOf(1), testPageOf()][count - 1] ?? json({}))
    const pages = await collect(client.tests(7))
    expect(pages.map(({ records, malformed, rawCount }) => [records.length, malformed.map(({ id }) => id), rawCount]))
      .toEqual([[0, [9, null, null], 3], [1, [], 1]])
  })

  it('do not pretend to end at a page without a single readable id', async () => {
    const { client } = await scriptedApi((_request, count) => (count === 1 ? testPageOf(1) : testPageOf('x', null)))
    expect(await failureOf(collect(client.tests(7)))).toMatchObject({ code: 'api_malformed', details: { path: '/products/7/exploratory_tests' } })
  })

  it('have no limit of pages', async () => {
    const { client, requests } = await scriptedApi((_request, count) => (count <= 70 ? testPageOf(count * 2, count * 2 + 1) : testPageOf()))
    expect((await collect(client.tests(7, { perPage: 2 }))).flatMap((page) => page.records)).toHaveLength(140)
    expect(requests).toHaveLength(71)
  })

  it('belong to the product that was asked for when they name none', async () => {
    const { client } = await scriptedApi(() => json({ exploratory_tests: [{ id: 1 }, { id: 2, product: { id: 8, name: 'Other' } }] }))
    expect((await client.testPage(7, 1, 25)).records.map((found) => found.product)).toEqual([{ id: 7, title: null }, { id: 8, title: 'Other' }])
  })

  it('are not read further than the caller wants them', async () => {
    const { client, requests } = await scriptedApi((_request, count) => testPageOf(count))
    for await (const page of client.tests(7)) if (page.page === 2) break
    expect(requests).toHaveLength(2)
  })

  it('fail where a page fails', async () => {
    const { client } = await scriptedApi((_request, count) => (count === 1 ? testPageOf(1) : json({}, { status: 403 })))
    const seen: number[] = []
    const read = async (): Promise<void> => { for await (const page of client.tests(7)) seen.push(page.page) }
    expect(await failureOf(read())).toMatchObject({ code: 'api_forbidden' })
    expect(seen).toEqual([1])
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
