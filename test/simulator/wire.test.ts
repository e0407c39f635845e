/** The shapes of the wire, written down from the API reference (sections 3, 6 and 7). */
import { describe, expect, it } from 'vitest'
import { account, allBugs, allTests, ask, read, type Json } from './api.ts'

const demo = account()
const seed = account({ scale: 'seed' })
const [web, sectioned, withDefaultOnly] = demo.truth.products.map((product) => product.id)
const tests = await allTests(demo)
const bugs = await allBugs(demo)

/** Keys that every row has, and keys that a row may have; any other key is a mistake. */
function expectKeys(row: Json, always: string, sometimes = ''): void {
  const keys = Object.keys(row)
  expect(keys).toEqual(expect.arrayContaining(always.split(' ')))
  expect(keys.filter((key) => !`${always} ${sometimes}`.split(' ').includes(key))).toEqual([])
}

const OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?([+-]\d\d:\d\d|Z)$/

describe('errors', () => {
  it('are 401 without the right token, in the right scheme', async () => {
    const url = 'https://api.example/customer/v2/products'
    for (const authorization of [undefined, 'Token wrong', `Bearer ${demo.token}`, demo.token]) {
      const response = await demo.fetch(url, authorization === undefined ? {} : { headers: { authorization } })
      expect(response.status).toBe(401)
      expect(Object.keys(await response.json() as object)).toEqual(['error'])
    }
    expect((await account({ token: 'mine' }).fetch(url, { headers: { authorization: 'Token mine' } })).status).toBe(200)
  })

  it.each([
    'products/1', 'products/1/exploratory_tests?page=1', 'products/1/features', `products/${web}/sections/1/features`, 'exploratory_tests/1', 'bugs/1', 'user_stories/1',
    'test_templates?product_id=1', 'nothing',
  ])(
    'are 404 with one sentence for %s', async (path) => {
      const { status, body } = await ask(demo, path)
      expect(status).toBe(404)
      expect(body).toEqual({ error: expect.any(String) })
    })

  it('are 405 for whatever would change something', async () => {
    expect((await ask(demo, 'products', { method: 'POST', body: '{}' })).status).toBe(405)
    expect((await ask(demo, `bugs/${bugs[0].id}/accept`, { method: 'PUT' })).status).toBe(405)
  })

  it('are 404 outside the base path', async () => {
    expect((await demo.fetch('https://api.example/products', { headers: { authorization: `Token ${demo.token}` } })).status).toBe(404)
  })
})

describe('answers', () => {
  it('are JSON that nobody may cache, without any hint at paging', async () => {
    const { headers } = await ask(demo, `products/${web}/exploratory_tests?page=1`)
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(headers.get('cache-control')).toBe('no-cache')
    for (const name of ['etag', 'link', 'x-total-count', 'x-page']) expect(headers.has(name)).toBe(false)
  })

  it('can be had through a Request, an address or a URL', async () => {
    const headers = { authorization: `Token ${demo.token}` }
    const { fetch } = demo
    for (const input of ['http://localhost:1/customer/v2/products', new URL('http://localhost:1/customer/v2/products')]) expect((await fetch(input, { headers })).status).toBe(200)
    expect((await fetch(new Request('http://localhost:1/customer/v2/products', { headers }))).status).toBe(200)
  })
})

describe('products', () => {
  it('have a default section always, and real sections under both keys, or under one', async () => {
    const { products } = await read(demo, 'products')
    for (const product of products) {
      expectKeys(product, 'id name description default_section_id sections_with_default connection', 'type sections')
      expect(product.sections_with_default[0]).toMatchObject({ id: product.default_section_id, name: 'default-section', test_templates: { total: 20 } })
      expect((await read(demo, `products/${product.id}`)).product).toEqual(product)
    }
    expect(products.map((product: Json) => [product.sections?.length ?? null, product.sections_with_default.length > 1])).toEqual([[0, false], [expect.any(Number), true], [null, true]])
    expect(products[1].sections.length).toBe(products[1].sections_with_default.length - 1)
  })

  it('leave out the type now and then', async () => {
    const { products } = await read(seed, 'products')
    expect(products.filter((product: Json) => !('type' in product))).toHaveLength(1)
  })

  it('can be filtered by id, comma-joined or as a Rails array', async () => {
    for (const query of [`filter[product_ids]=${web},${sectioned}`, `filter%5Bproduct_ids%5D%5B%5D=${web}&filter%5Bproduct_ids%5D%5B%5D=${sectioned}`]) {
      expect((await read(demo, `products?${query}`)).products.map((product: Json) => product.id)).toEqual([web, sectioned])
    }
  })
})

describe('features', () => {
  it('are refused for a product with sections, and listed per section', async () => {
    for (const product of [sectioned, withDefaultOnly]) expect((await ask(demo, `products/${product}/features`)).status).toBe(422)
    const sections = demo.truth.sections.filter((section) => section.productId === sectioned && !section.isDefault)
    const found = (await Promise.all(sections.map(async (section) => (await read(demo, `products/${sectioned}/sections/${section.id}/features`)).features))).flat()
    const ids = found.map((feature) => feature.id)
    expect(new Set(ids)).toEqual(new Set(demo.truth.features.filter((feature) => feature.productId === sectioned).map((feature) => feature.id)))
    expect(ids.length).toBeGreaterThan(new Set(ids).size)
  })

  it('are listed for a product without sections, also under its default section', async () => {
    const { features } = await read(demo, `products/${web}/features`)
    const product = demo.truth.products[0]!
    expect((await read(demo, `products/${web}/sections/${product.defaultSectionId}/features`)).features).toEqual(features)
    for (const feature of features) expectKeys(feature, 'id title description howtofind', 'user_stories location target_idx')
  })

  it('give stories as texts, or as objects when asked for, with a few old ones as texts always', async () => {
    const plain = (await read(demo, `products/${web}/features`)).features.flatMap((feature: Json) => feature.user_stories ?? [])
    const expanded = (await read(demo, `products/${web}/features?includes%5B%5D=user_stories`)).features.flatMap((feature: Json) => feature.user_stories ?? [])
    expect(plain.every((story: Json) => typeof story === 'string')).toBe(true)
    expect(expanded.map((story: Json) => story.path ?? story)).toEqual(plain)
    expect(new Set(expanded.map((story: Json) => (typeof story === 'string' ? 'text' : Object.keys(story).join())))).toEqual(new Set(['text', 'id,path,title,feature_id']))
  })

  it('without stories have an empty list, null, or no key', async () => {
    const forms = new Set<string>()
    for (const product of seed.truth.products.filter((one) => one.sectionStyle === 'none')) {
      for (const feature of (await read(seed, `products/${product.id}/features`)).features) if (!feature.user_stories?.length) forms.add(JSON.stringify(feature.user_stories) ?? 'absent')
    }
    expect(forms).toEqual(new Set(['[]', 'null', 'absent']))
  })
})

describe('user stories', () => {
  it('need a section in a product with sections', async () => {
    expect([400, 500]).toContain((await ask(demo, `products/${sectioned}/user_stories`)).status)
    const statuses = await Promise.all(seed.truth.products.map(async (product) => (await ask(seed, `products/${product.id}/user_stories`)).status))
    expect(new Set(statuses)).toEqual(new Set([200, 400, 500]))
    const section = demo.truth.sections.find((one) => one.productId === sectioned && !one.isDefault)!
    expect((await read(demo, `products/${sectioned}/user_stories?section_id=${section.id}`)).user_stories.length).toBeGreaterThan(0)
  })

  it('come one by one as a bare object', async () => {
    const { user_stories } = await read(demo, `products/${web}/user_stories`)
    const story = await read(demo, `user_stories/${user_stories[0].id}`)
    expect(story).toEqual(user_stories[0])
    expectKeys(story, 'id path title', 'feature_id')
  })

  it('are run by testers: always paged, oldest first unless told otherwise', async () => {
    const all = await read(demo, 'user_story_version_executions?per_page=100000')
    const count = all.meta.record_count
    expect(all.user_story_version_executions).toHaveLength(count)
    expect((await read(demo, 'user_story_version_executions')).user_story_version_executions).toHaveLength(25)
    expect((await read(demo, `user_story_version_executions?page=${Math.ceil(count / 10) + 1}&per_page=10`)).user_story_version_executions).toEqual([])
    const dates: string[] = all.user_story_version_executions.map((row: Json) => row.executed_at)
    expect(dates).toEqual([...dates].sort())
    expect((await read(demo, 'user_story_version_executions?per_page=100000&order=desc')).user_story_version_executions).toEqual([...all.user_story_version_executions].reverse())
    for (const row of all.user_story_version_executions) {
      expectKeys(row, 'id status comment executed_by device_reports test_cycle executed_at')
      expect(row.executed_at).toMatch(/\.\d{3}Z$/)
      if (['passed', 'failed', 'blocked'].includes(row.status)) expect(row.comment).toEqual(expect.any(String))
    }
    expect(new Set(all.user_story_version_executions.map((row: Json) => row.id)).size).toBe(count)
    expect(new Set(all.user_story_version_executions.map((row: Json) => row.status))).toEqual(new Set(['blocked', 'cancelled', 'failed', 'passed', 'pending']))
  })

  it('are run in versions, by which the executions can be narrowed as well', async () => {
    const test = tests.find((one) => one.status === 'archived' && one.features.some((feature: Json) => feature.user_stories?.length > 2))
    const full = (await read(demo, `exploratory_tests/${test.id}?includes[]=user_stories`)).exploratory_test
    const story = full.features.flatMap((feature: Json) => feature.user_stories ?? []).find((one: Json) => one.execution_status === 'passed' || one.execution_status === 'failed')
    const byStory = await read(demo, `user_story_version_executions?per_page=500&user_story_ids[]=${story.id}`)
    expect(byStory.meta.record_count).toBeGreaterThan(0)
    expect(await read(demo, `user_story_version_executions?per_page=500&user_story_version_ids[]=${story.user_story_version_id}`)).toEqual(byStory)
  })
})

describe('tests', () => {
  const SOMETIMES = 'title goal_text out_of_scope_text instructions_text allow_device_clouds_test_scenario app_sections'
  const ALWAYS = 'id test_title status review_status testing_type demo test_environment features goal out_of_scope instructions attachments requirements report_language section product '
    + 'enable_low enable_high enable_critical created_by submitted_by start_at end_at allowed_bug_types reviews'

  it('have the keys of the reference and neither a product id nor a date of birth', () => {
    for (const test of tests) {
      expectKeys(test, ALWAYS, SOMETIMES)
      expect(test.title ?? test.test_title).toBe(test.test_title)
    }
    expect(tests.some((test) => !('title' in test))).toBe(true)
  })

  it('have dates in several offsets, with and without milliseconds, or none', () => {
    const dates = tests.flatMap((test) => [test.start_at, test.end_at])
    for (const date of dates.filter((one) => one !== null)) expect(date).toMatch(OFFSET)
    const offsets = new Set(dates.filter((one) => one !== null).map((date) => date.slice(-6)))
    for (const offset of ['+01:00', '+02:00', '+00:00', '-05:00']) expect(offsets).toContain(offset)
    expect(new Set(dates.map((date) => date?.includes('.')))).toEqual(new Set([true, false, undefined]))
  })

  it('come as short rows for some drafts', () => {
    const short = tests.filter((test) => Object.keys(test.product).length === 2)
    expect(short.length).toBeGreaterThan(0)
    expect(short.every((test) => test.status === 'initialized' && test.start_at === null)).toBe(true)
  })

  it('snapshot features with a place under two keys, switches that may be null, and stories as texts or null', () => {
    const features = tests.flatMap((test) => test.features)
    for (const feature of features) {
      expectKeys(feature, 'id title description location howtofind target_idx enable_default enable_content enable_visual custom_report_configurations user_stories', 'feature_id')
      expect(feature.location).toBe(feature.howtofind)
      expect(feature.user_stories?.every((story: unknown) => typeof story === 'string') ?? true).toBe(true)
    }
    expect(features.some((feature) => !('feature_id' in feature))).toBe(true)
    expect(features.some((feature) => feature.user_stories === null)).toBe(true)
    expect(new Set(features.map((feature) => feature.enable_content))).toEqual(new Set([true, false, null]))
    expect(features.some((feature) => feature.custom_report_configurations.length > 0)).toBe(true)
  })

  it('ask for devices in the form of objects with ids', () => {
    const requirements = tests.flatMap((test) => test.requirements)
    for (const one of requirements) {
      expectKeys(one, 'id browsers category devices input_devices max_operating_system_version min_operating_system_version operating_system vendor browser_based gaming')
      expectKeys(one.category, 'id key name')
    }
    expect(requirements.some((one) => one.min_operating_system_version !== null) && requirements.some((one) => one.min_operating_system_version === null)).toBe(true)
  })

  it('carry results on the single read only, and these add up', async () => {
    for (const { id } of tests) {
      const listed = tests.find((test) => test.id === id)
      const { exploratory_test: full } = await read(demo, `exploratory_tests/${id}?includes[]=user_stories`)
      expect('analytics' in listed).toBe(false)
      const stories = full.features.flatMap((feature: Json) => (feature.user_stories ?? []).filter((story: Json) => typeof story === 'object'))
      const { analytics } = full
      const of = (rows: Json[], status: string) => rows.filter((row) => row.execution_status === status).length
      expect(analytics).toMatchObject({
        total_features: full.features.length, passed_features: of(full.features, 'passed'), failed_features: of(full.features, 'failed'),
        tested_features: full.features.length - of(full.features, 'not_tested'),
        total_user_stories: stories.length, passed_user_stories: of(stories, 'passed'), failed_user_stories: of(stories, 'failed'), blocked_user_stories: of(stories, 'blocked'),
        total_bugs: demo.truth.bugs.filter((bug) => bug.testId === id && bug.outcome !== 'other').length,
      })
      for (const feature of full.features) {
        expect(feature.bugs_found).toBe(feature.bug_ids.length)
        if (feature.bugs_found > 0) expect(feature.execution_status).toBe('failed')
      }
      for (const story of stories) expectKeys(story, 'id path title feature_id user_story_version_id execution_status tested_by_count bugs_found bug_ids')
    }
  })

  it('ignore filters that the API does not know', async () => {
    expect(await read(demo, `products/${web}/exploratory_tests?page=1&status=running`)).toEqual(await read(demo, `products/${web}/exploratory_tests?page=1`))
  })
})

describe('bugs', () => {
  const ALWAYS = 'id title severity status language location expected_result actual_result steps author comments devices reproductions exported_at '
    + 'external_idx product attachments test test_case test_environment reported_at'

  it('have the keys of the reference', () => {
    for (const bug of bugs) {
      expectKeys(bug, ALWAYS, 'auto_accepted known fixed section feature test_feature report app_section')
      expectKeys(bug.product, 'id name sections')
      expectKeys(bug.test, 'id title')
      expect(bug.reported_at).toMatch(OFFSET)
      for (const section of bug.product.sections) expectKeys(section, 'id name')
    }
  })

  it('have steps as a list, as one text, or null; devices as a list, one object, or null', () => {
    const form = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? (value.length === 0 ? 'empty' : 'list') : typeof value)
    expect(new Set(bugs.map((bug) => form(bug.steps)))).toEqual(new Set(['list', 'string', 'null', 'empty']))
    expect(new Set(bugs.map((bug) => form(bug.devices)))).toEqual(new Set(['list', 'object', 'null', 'empty']))
  })

  it('have flags that are true, false, null or absent', () => {
    const forms = (key: string) => new Set(bugs.map((bug) => (key in bug ? bug[key] : 'absent')))
    expect(forms('auto_accepted')).toEqual(new Set([true, false, null, 'absent']))
    expect(forms('known')).toEqual(new Set([true, false, null, 'absent']))
    expect(bugs.some((bug) => bug.auto_accepted === true && bug.status !== 'accepted')).toBe(true)
  })

  it('name the snapshot they were found on in most cases', () => {
    const named = bugs.filter((bug) => typeof bug.test_feature?.id === 'number')
    expect(named.length / bugs.length).toBeGreaterThan(0.8)
    expect(bugs.some((bug) => !('test_feature' in bug))).toBe(true)
    expect(bugs.some((bug) => bug.test_feature === null)).toBe(true)
    expect(bugs.some((bug) => bug.test_feature === null && bug.feature?.id > 0)).toBe(true)
  })

  it('of the custom kind have a report of rows in place of steps', () => {
    const custom = bugs.filter((bug) => bug.severity === 'custom')
    expect(custom.length).toBeGreaterThan(3)
    for (const bug of custom) {
      expect(bug.steps).toBeNull()
      expect(bug.report.content.data.length).toBeGreaterThan(10)
      for (const row of bug.report.content.data) expectKeys(row, 'key name type value position')
    }
    expect(bugs.filter((bug) => bug.severity !== 'custom').every((bug) => !('report' in bug))).toBe(true)
  })

  it('have texts that may be blank or surrounded by white space', () => {
    const texts = bugs.map((bug) => bug.actual_result)
    expect(texts).toContain('')
    expect(texts).toContain(null)
    expect(texts.some((text) => text?.trim() === '' && text !== '')).toBe(true)
    expect(texts.some((text) => text !== null && text.trim() !== '' && text !== text.trim())).toBe(true)
  })

  it('have ids that do not fit 32 bits inside', () => {
    expect(bugs.some((bug) => bug.comments.some((comment: Json) => comment.id > 2 ** 31))).toBe(true)
  })

  it('come one by one as they come in the list', async () => {
    for (const bug of bugs.slice(0, 40)) expect((await read(demo, `bugs/${bug.id}`)).bug).toEqual(bug)
  })

  it('are filtered by tests, products and sections, all together', async () => {
    const ids = async (query: string) => (await read(demo, `bugs?${query}`)).bugs.map((bug: Json) => bug.id)
    const { truth } = demo
    const two = [...new Set(truth.bugs.map((bug) => bug.testId))].slice(0, 2)
    const section = truth.bugs.find((bug) => bug.sectionId !== null)!.sectionId
    const sorted = (list: readonly { readonly id: number }[]) => list.map((one) => one.id).sort((a, b) => b - a)
    expect(await ids(`filter_test_cycle_ids=${two.join()}`)).toEqual(sorted(truth.bugs.filter((bug) => two.includes(bug.testId))))
    expect(await ids(`filter_product_ids=${sectioned}`)).toEqual(sorted(truth.bugs.filter((bug) => bug.productId === sectioned)))
    expect(await ids(`filter_section_ids=${section}`)).toEqual(sorted(truth.bugs.filter((bug) => bug.sectionId === section)))
    expect(await ids(`filter_product_ids=${web}&filter_section_ids=${section}`)).toEqual([])
    expect(await ids('filter_test_cycle_ids=1')).toEqual([])
    expect(await ids('export_status=exported')).toEqual(sorted(truth.bugs.filter((bug) => bug.exportedAt !== null)))
  })

  it('are all sent at once, with their number, also when they are very many', async () => {
    expect((await read(demo, 'bugs')).meta).toEqual({ record_count: 400 })
    const many = await read(seed, `bugs?filter_product_ids=${seed.truth.products[9]!.id}`)
    expect(many.bugs.length).toBeGreaterThan(800)
    expect(many.bugs.length).toBe(many.meta.record_count)
    expect(many.bugs.length).toBe(seed.truth.bugs.filter((bug) => bug.productId === seed.truth.products[9]!.id).length)
  })

  it('are found by their id in another tracker', async () => {
    const bug = demo.truth.bugs.find((one) => one.externalId !== null)!
    const found = await ask(demo, 'bugs', { method: 'POST', body: JSON.stringify({ bug: { external_idx: bug.externalId } }) })
    expect(found.body.bugs.map((one: Json) => one.id)).toContain(bug.id)
    expect((await ask(demo, 'bugs', { method: 'POST', body: '{}' })).status).toBe(400)
  })
})

describe('environments and templates', () => {
  it('belong to a product', async () => {
    const { test_environments } = await read(demo, `products/${web}/test_environments`)
    expect(test_environments.length).toBeGreaterThan(1)
    for (const one of test_environments) {
      expectKeys(one, 'id title url username password access proxy allow_orders access_type environment_test_information binary_app')
      expect((await read(demo, `products/${web}/test_environments/${one.id}`)).test_environment).toEqual(one)
      expect((await ask(demo, `products/${sectioned}/test_environments/${one.id}`)).status).toBe(404)
    }
    expect((await ask(demo, 'test_templates')).status).toBe(400)
    const { test_templates } = await read(demo, `test_templates?product_id=${web}`)
    expect(test_templates.length).toBeGreaterThan(0)
    for (const one of test_templates) expectKeys(one, 'id title test_scenario_template min_test_duration max_test_duration default_test_duration')
  })
})
