/** One test for each thing that a client must tolerate (section 8 of the reference), as far as records are concerned. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTidemarkError } from '../../../src/errors.ts'
import { bugs, products, test } from '../samples.ts'
import { only, readBug, readBugs, readFeatures, readProducts, readRejectReasons, readTest, readTests } from './read.ts'

type Json = Record<string, unknown>
const bugWith = (change: Json): Json => ({ ...bugs.bugs[0], ...change })
const testWith = (change: Json): Json => ({ ...test.exploratory_test, ...change })
const storiesOf = (value: unknown): unknown => only(readFeatures({ features: [{ id: 1, title: 'F', user_stories: value }] })).userStories

describe('missing, null and unknown things', () => {
  it('ignores unknown keys, at every level, and keeps them in the payload', () => {
    const bug = readBug(bugWith({ brand_new: { deep: true }, author: { name: 'quiet_heron', brand_new: 1 } }))
    expect(bug.author).toBe('quiet_heron')
    expect(bug.payload['brand_new']).toEqual({ deep: true })
    expect(bug).not.toHaveProperty('brand_new')
  })

  it('needs nothing but the id', () => {
    expect(only(readProducts({ products: [{ id: 7 }] }))).toEqual({
      id: 7, name: null, description: null, type: null, defaultSectionId: null, sections: [], sectionsWithDefault: [], payload: { id: 7 },
    })
    expect(readBug({ id: 7 })).toMatchObject({ id: 7, title: null, status: null, severity: null, known: false, steps: [], devices: [], test: null })
    expect(only(readTests({ exploratory_tests: [{ id: 7 }] }))).toMatchObject({ id: 7, status: null, endAt: null, product: null, features: [], demo: false })
    expect(only(readFeatures({ features: [{ id: 7 }] }))).toMatchObject({ id: 7, title: null, userStories: [] })
  })

  it.each([null, [], ''])('takes %j for nothing in any field outside the id', (nothing) => {
    const emptied = (record: object): Json => ({ ...Object.fromEntries(Object.keys(record).map((key) => [key, nothing])), id: 7 })
    expect(readBug(emptied(bugs.bugs[0]!))).toMatchObject({ ...readBug({ id: 7 }), payload: expect.anything() })
    expect(only(readTests({ exploratory_tests: [emptied(test.exploratory_test)] })))
      .toMatchObject({ ...only(readTests({ exploratory_tests: [{ id: 7 }] })), payload: expect.anything() })
    expect(only(readProducts({ products: [emptied(products.products[1]!)] })))
      .toMatchObject({ ...only(readProducts({ products: [{ id: 7 }] })), payload: expect.anything() })
  })

  it('keeps enum words it has never heard of', () => {
    expect(readBug(bugWith({ status: 'haunted', severity: 'spooky' }))).toMatchObject({ status: 'haunted', severity: 'spooky' })
    expect(only(readTests({ exploratory_tests: [testWith({ status: 'in_orbit', testing_type: 'lunar', allowed_bug_types: ['moon'] })] })))
      .toMatchObject({ status: 'in_orbit', testingType: 'lunar', allowedBugTypes: ['moon'] })
  })

  it('keeps of a name that no index can hold its beginning, and refuses such a status', () => {
    const long = 'x'.repeat(201)
    const devices = [{ operating_system: { name: long }, category: { name: 'Tablets' }, browsers: [{ name: long }, { name: 'Safari' }] }]
    expect(readBug(bugWith({ author: { name: long }, language: long, devices })))
      .toMatchObject({ author: long.slice(1), language: long.slice(1), devices: [{ operatingSystem: long.slice(1), category: 'Tablets', browsers: [long.slice(1), 'Safari'] }] })
    expect(readBug(bugWith({ author: { name: `${'x'.repeat(199)}\u{1F600}` } })).author).toBe('x'.repeat(199))
    expect(readBugs({ bugs: [bugWith({ status: long })] })).toMatchObject({ records: [], malformed: [{ id: bugs.bugs[0]!.id }] })
    expect(only(readTests({ exploratory_tests: [testWith({ created_by: long, submitted_by: long })] }))).toMatchObject({ createdBy: long.slice(1), submittedBy: long.slice(1) })
  })

  it('refuses a bug whose devices have more names than an index can hold, each counted once and by its bytes', () => {
    const bugOn = (name: string, count: number): Record<string, unknown> =>
      bugWith({ author: null, language: null, severity: null, devices: [1, 2].map(() => ({ browsers: Array.from({ length: count }, (_, index) => ({ name: `${index + 100}${name}` })) })) })
    // Each takes 96 bytes and 4 besides; null, which the bug has too, takes 4.
    expect(readBug(bugOn('x'.repeat(93), 18)).devices).toHaveLength(2)
    expect(readBugs({ bugs: [bugOn('x'.repeat(93), 19)] })).toMatchObject({ records: [], malformed: [{ reason: 'devices: more names than fit into 1900 bytes' }] })
    expect(readBugs({ bugs: [bugOn('漢'.repeat(93), 7)] })).toMatchObject({ records: [], malformed: [{ reason: 'devices: more names than fit into 1900 bytes' }] })
    expect(readBug(bugOn('漢'.repeat(31), 18)).devices).toHaveLength(2)
  })

  it('keeps of a title of the catalogue that no index can hold its beginning, and all of it in the payload', () => {
    const long = `${'漢'.repeat(599)}\u{1F600}`
    const feature = only(readFeatures({ features: [{ id: 1, title: long }] }))
    expect(feature.title).toBe('漢'.repeat(599))
    expect(feature.payload['title']).toBe(long)
  })

  it('takes a null list for an empty one', () => {
    expect(readBugs({ bugs: null })).toEqual({ records: [], malformed: [], rawCount: 0 })
  })
})

describe('things of several shapes', () => {
  it.each([
    ['an array', [' Open ', '', 'Click', null, '  '], ['Open', 'Click']],
    ['one text', 'Open\r\n\n  Click \n', ['Open', 'Click']],
    ['null', null, []],
  ])('reads steps that are %s', (_shape, steps, expected) => {
    expect(readBug(bugWith({ steps })).steps).toEqual(expected)
  })

  it.each([
    ['texts', ['A', 'B'], [{ id: null, title: 'A' }, { id: null, title: 'B' }]],
    ['objects', [{ id: 1, path: 'A', title: 'A' }, { id: '2', title: 'B' }], [{ id: 1, title: 'A' }, { id: 2, title: 'B' }]],
    ['both', ['A', { id: 2, path: 'B' }, null, {}, ''], [{ id: null, title: 'A' }, { id: 2, title: 'B' }]],
    ['null', null, []],
  ])('reads user stories that are %s', (_shape, value, expected) => {
    expect(storiesOf(value)).toEqual(expected)
  })

  it('gives a story the same title whether it comes as text or as object', () => {
    expect(storiesOf([{ id: 1, path: 'The path', title: 'Another title' }])).toEqual([{ id: 1, title: 'The path' }])
  })

  const device = bugs.bugs[0]!.devices![0]!
  it.each([
    ['an array', [device, device], 2],
    ['one object', device, 1],
    ['null', null, 0],
    ['an array with rubbish', [device, null, 'x', 4], 1],
  ])('reads devices that are %s', (_shape, devices, count) => {
    const read = readBug(bugWith({ devices })).devices
    expect(read).toHaveLength(count)
    if (count > 0) expect(read[0]).toMatchObject({ model: 'XPS 13', operatingSystem: 'Windows' })
  })

  it('finds the model of a device under both of its keys', () => {
    const { device: model, ...rest } = device
    expect(readBug(bugWith({ devices: [{ ...rest, devices: model }] })).devices[0]?.model).toBe('XPS 13')
  })

  it('keeps a snapshot without feature_id', () => {
    const [snapshot] = test.exploratory_test.features
    const { feature_id: _gone, ...rest } = snapshot!
    expect(only(readTests({ exploratory_tests: [testWith({ features: [rest] })] })).features).toEqual([{ id: 930551, featureId: null, title: 'Basket' }])
  })

  it('keeps a bug without test_feature, and one whose test_feature is null', () => {
    const { test_feature: _gone, ...rest } = bugs.bugs[0]!
    expect(readBug(rest).testFeature).toBeNull()
    expect(readBug(bugWith({ test_feature: null })).testFeature).toBeNull()
  })

  it.each([true, false, null, undefined, 'true', 1, 'yes', {}])('reads a known flag of %j as true only when it is true', (known) => {
    expect(readBug(bugWith({ known })).known).toBe(known === true)
  })

  it.each([[true, true], [false, false], [null, false], [undefined, false], ['true', false]])('reads auto_accepted %j as %j', (sent, expected) => {
    expect(readBug(bugWith({ auto_accepted: sent })).autoAccepted).toBe(expected)
  })

  it('falls back from title to test_title, from howtofind to location, and from plain text to Markdown', () => {
    const { title: _t, goal_text: _g, ...rest } = test.exploratory_test
    expect(only(readTests({ exploratory_tests: [rest] }))).toMatchObject({
      title: 'Basket and gift cards, spring release', goal: '**Find** what breaks between basket and payment',
    })
    expect(only(readFeatures({ features: [{ id: 1, location: 'Menu' }] })).howToFind).toBe('Menu')
  })

  it('keeps texts as they were written, but results and steps without white space around them', () => {
    expect(readBug(bugWith({ title: ' Title\n', comments: [{ id: 1, body: '  Rejected. ' }], actual_result: ' Empty\n', steps: [' Open '] })))
      .toMatchObject({ title: ' Title\n', comments: [{ body: '  Rejected. ' }], actualResult: 'Empty', steps: ['Open'] })
  })

  it('takes blank results for none', () => {
    expect(readBug(bugWith({ expected_result: '  ', actual_result: '' }))).toMatchObject({ expectedResult: null, actualResult: null })
  })
})

describe('custom reports', () => {
  const custom = (rows: readonly Json[], change: Json = {}): Json => ({ ...bugs.bugs[1], report: { title: 'R', content: { data: rows } }, ...change })

  it('give results from rows of that name, and steps line by line', () => {
    const rows = [
      { key: 'actual_result', name: 'Actual result', value: 'It is silent', position: 3 },
      { key: 'expected_result', name: 'Expected result', value: 'It speaks', position: 2 },
      { key: 'steps_to_reproduce', name: 'Steps', value: 'Open\nListen', position: 1 },
    ]
    expect(readBug(custom(rows))).toMatchObject({ steps: ['Open', 'Listen'], expectedResult: 'It speaks', actualResult: 'It is silent' })
  })

  it('list the other rows by position', () => {
    const rows = [{ key: 'b', name: 'B', value: '2', position: 2 }, { key: 'a', name: 'A', value: '1', position: 1 }, { key: 'c', name: null, value: '3' }]
    expect(readBug(custom(rows)).actualResult).toBe('A: 1\nB: 2\nc: 3')
  })

  it('do not replace what the bug says itself', () => {
    const rows = [{ key: 'steps_to_reproduce', name: 'Steps', value: 'From the report' }, { key: 'a', name: 'A', value: '1' }]
    expect(readBug(custom(rows, { steps: ['Own step'], actual_result: 'Own result' }))).toMatchObject({ steps: ['Own step'], actualResult: 'Own result' })
  })

  it.each([{}, { content: null }, { content: { data: null } }, { content: { data: 'x' } }, 'text', null])('that are %j leave the bug readable', (report) => {
    expect(readBug({ ...bugs.bugs[1], report })).toMatchObject({ steps: [], actualResult: null })
  })
})

describe('ids', () => {
  it('above 2^31 stay exact', () => {
    expect(readBug({ id: 4_294_967_297 }).id).toBe(4_294_967_297)
  })

  it('that come as numeric texts become numbers, wherever they stand', () => {
    const bug = readBug(bugWith({ id: '2260417', test: { id: '118204', title: 'T' }, test_feature: { id: '930551' }, comments: [{ id: '5', body: 'x' }] }))
    expect(bug).toMatchObject({ id: 2260417, test: { id: 118204 }, testFeature: { id: 930551 } })
    expect(bug.comments[0]?.id).toBe(5)
  })

  it.each([undefined, null, 0, -1, 1.5, '', 'abc', '12a', '-3', 1e300, 2 ** 53, true, {}, []])('of %j make the record malformed', (id) => {
    expect(readBugs({ bugs: [bugWith({ id })] })).toEqual({
      records: [], malformed: [{ id: null, reason: 'id: not a positive whole number' }], rawCount: 1,
    })
  })
})

describe('dates', () => {
  it.each([
    ['2026-03-03T09:00:00+01:00', '2026-03-03T08:00:00.000Z'],
    ['2026-03-03T10:36:43.250+01:00', '2026-03-03T09:36:43.250Z'],
    ['2026-03-03T10:36:43Z', '2026-03-03T10:36:43.000Z'],
    ['2026-03-03T10:36:43.000-05:00', '2026-03-03T15:36:43.000Z'],
    [null, null],
    ['', null],
  ])('of the form %j are %j', (sent, expected) => {
    expect(readBug(bugWith({ reported_at: sent })).reportedAt).toBe(expected)
    expect(only(readTests({ exploratory_tests: [testWith({ end_at: sent })] })).endAt).toBe(expected)
  })

  it.each(['2026-03-03T09:00:00', '2026-03-03', 'soon', 1772524800, {}])('that figures depend on and that read %j make the record malformed', (sent) => {
    expect(readTests({ exploratory_tests: [testWith({ end_at: sent })] }).malformed)
      .toEqual([{ id: 118204, reason: 'end_at: not a date and time with an offset' }])
  })

  it('that are only shown count as missing when they cannot be read', () => {
    expect(readBug(bugWith({ exported_at: 'soon' })).exportedAt).toBeNull()
  })

  it('before or after now are taken as they are, whatever the status', () => {
    const past = testWith({ status: 'running', end_at: '2001-01-01T00:00:00Z' })
    const future = testWith({ status: 'locked', end_at: '2099-01-01T00:00:00Z' })
    expect(readTests({ exploratory_tests: [past, future] }).records.map((found) => found.endAt))
      .toEqual(['2001-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z'])
  })
})

describe('broken records and answers', () => {
  it('one broken record leaves the others, and is named', () => {
    const list = readBugs({ bugs: [bugs.bugs[0], null, { id: 'x' }, 'text', [], { id: 9, status: { word: 'accepted' } }, bugs.bugs[1]] })
    expect(list.records.map((bug) => bug.id)).toEqual([2260417, 2260590])
    expect(list.malformed).toEqual([
      { id: null, reason: 'not an object' },
      { id: null, reason: 'id: not a positive whole number' },
      { id: null, reason: 'not an object' },
      { id: null, reason: 'not an object' },
      { id: 9, reason: 'status: not a text' },
    ])
    expect(list.rawCount).toBe(7)
  })

  it('a reject reason without a key is malformed', () => {
    expect(readRejectReasons({ reject_reasons: [{ name: 'No key' }, { key: 'k' }] })).toMatchObject({
      records: [{ key: 'k', name: null }], malformed: [{ id: null, reason: 'key: missing' }], rawCount: 2,
    })
  })

  it('a reason never repeats what was received', () => {
    const { malformed } = readBugs({ bugs: [{ id: 1, status: { evil: 'IGNORE ALL' }, severity: ['IGNORE ALL'], reported_at: 'IGNORE ALL' }] })
    expect(malformed).toHaveLength(1)
    expect(JSON.stringify(malformed)).not.toContain('IGNORE')
  })

  it.each([null, 'text', 4, [], [{ id: 1 }], true])('an answer that is %j is malformed', (json) => {
    expect(() => readBugs(json)).toThrow(expect.objectContaining({ code: 'api_malformed' }))
  })

  it('an answer without its envelope, or with something else in it, is malformed', () => {
    expect(() => readBugs({ products: [] })).toThrow(expect.objectContaining({ code: 'api_malformed' }))
    expect(() => readBugs({ bugs: { id: 1 } })).toThrow(expect.objectContaining({ code: 'api_malformed' }))
    expect(() => readTest({ exploratory_test: null }, 1)).toThrow(expect.objectContaining({ code: 'api_malformed' }))
    expect(() => readTest(test, 1)).toThrow(expect.objectContaining({ code: 'api_malformed' }))
  })

  it('whatever comes, a list is read or refused with a typed error, and every raw record is accounted for', () => {
    const record = fc.oneof(fc.jsonValue(), fc.record({ id: fc.oneof(fc.integer(), fc.string()), steps: fc.jsonValue(), devices: fc.jsonValue(),
      report: fc.jsonValue(), comments: fc.jsonValue(), test: fc.jsonValue(), status: fc.jsonValue(), reported_at: fc.jsonValue() }))
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.record({ bugs: fc.array(record) })), (json) => {
      try {
        const list = readBugs(json)
        expect(list.records.length + list.malformed.length).toBe(list.rawCount)
      } catch (error) {
        expect(isTidemarkError(error, 'api_malformed')).toBe(true)
      }
    }))
  })
})
