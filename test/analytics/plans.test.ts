import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnalyticsQuestion } from '../../src/analytics/question.ts'
import type { Statement, Storage } from '../../src/storage/storage.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engineNamed } from '../support/engines.ts'
import { fillForManyCustomers } from '../support/many-customers.ts'
import { postgresFaults, postgresPlan, sqlitePlan, sqliteSelects } from '../support/query-plans.ts'
import { type RecordingStorage, recordingStorage } from '../support/recording-storage.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'

const questions: Readonly<Record<string, AnalyticsQuestion>> = {
  'bugs by severity': { metrics: ['bug_count'], dimensions: ['severity'] },
  'bugs by kind': { metrics: ['bug_count'], dimensions: ['kind'] },
  'rejection rate by month': { metrics: ['bug_count', 'rejection_rate'], dimensions: ['month'], timeZone: 'Europe/Berlin' },
  'bugs per test by product': { metrics: ['bugs_per_test'], dimensions: ['product'] },
  'bugs by feature': { metrics: ['bug_count', 'test_count'], dimensions: ['feature'] },
  'bugs by platform': { metrics: ['bug_count'], dimensions: ['platform'] },
  'bugs by browser and device category': { metrics: ['bug_count', 'severity_score'], dimensions: ['browser', 'device_category'] },
  'testers by product': { metrics: ['active_testers', 'tests_with_bugs'], dimensions: ['product'] },
  'features by required platform': { metrics: ['features_tested', 'bug_count'], dimensions: ['required_platform'] },
  'bugs by month and severity': { metrics: ['bug_count'], dimensions: ['month', 'severity'] },
  'bugs by tester': { metrics: ['bug_count', 'severity_score', 'tests_with_bugs'], dimensions: ['tester'], drill: true },
  'bugs by tester and outcome': { metrics: ['bug_count'], dimensions: ['tester', 'outcome'], limit: 3 },
  'bugs by tester and outcome in a quarter': { metrics: ['bug_count'], dimensions: ['tester', 'outcome'], from: '2025-Q3', limit: 3 },
  'reasons in a quarter': { metrics: ['rejected_count'], dimensions: ['rejection_reason', 'language'], filters: { known: false }, from: '2025-Q3' },
  'one tester': { metrics: ['bug_count', 'review_rate'], dimensions: ['week'], filters: { tester: 'tester 7' } },
  'all metrics without a dimension': { metrics: ['bug_count', 'test_count', 'active_testers', 'tests_with_bugs', 'features_tested'] },
  'everything at once': { metrics: ['bug_count', 'test_count', 'active_testers'], dimensions: ['product', 'platform'], from: '2025', compare: 'previous', other: true, drill: true, limit: 2 },
}

/** On SQLite they read all bugs of the customer, which come in order then. */
const inOrderOfTesters = ['bugs by tester', 'bugs by tester and outcome']

describe.each(['sqljs memory', 'pglite memory', 'postgres'])('the statements of analytics on %s', (name) => {
  let storage: RecordingStorage
  let tidemark: Tidemark
  beforeAll(async () => {
    storage = recordingStorage(await engineNamed(name).open())
    tidemark = await openOver(simulatedAccount(), storage)
    await fillForManyCustomers(storage)
  })
  afterAll(() => tidemark.close())

  it.each(Object.entries(questions))('read only rows of the customer, through an index: %s', async (asked, question) => {
    storage.takeStatements()
    const { totals } = await tidemark.analytics.query(question)
    expect(Object.values(totals)[0]).toBeGreaterThan(0)
    const reading = storage.takeStatements().filter(({ sql }) => sql.includes('scoped'))
    expect(reading.length).toBeGreaterThan(0)
    for (const statement of reading) expect(await faults(tidemark.storage, statement)).toEqual([])
    if (storage.dialect === 'sqlite') expect(await groupsInOrder(tidemark.storage, reading)).toBe(inOrderOfTesters.includes(asked))
  })

  it.each(Object.entries(questions))('are as many whatever they find: %s', async (_, question) => {
    const { compare, other, drill } = question
    const most = 2 + (compare === undefined ? 0 : 4) + (other === true ? 1 : 0) + (drill === true ? 2 : 0)
    for (const limit of [1, 1000].filter((rows) => drill !== true || rows === 1)) {
      storage.takeStatements()
      await tidemark.analytics.query({ ...question, limit, ...(limit === 1000 ? { other: false } : {}) })
      const asked = storage.takeStatements().length
      expect(asked).toBeGreaterThanOrEqual(2)
      expect(asked).toBeLessThanOrEqual(most)
    }
  })
})

/** Most of the time goes into reading bugs and into sorting them. */
describe('for the rows and totals of a question, SQLite', () => {
  let storage: RecordingStorage
  let tidemark: Tidemark
  const selects = async (question: AnalyticsQuestion): Promise<readonly (readonly string[])[]> => {
    storage.takeStatements()
    await tidemark.analytics.query(question)
    const reading = storage.takeStatements().filter(({ sql }) => sql.includes('scoped'))
    expect(reading).toHaveLength(1)
    return (await Promise.all(reading.map((statement) => sqliteSelects(tidemark.storage, statement)))).flat()
  }
  beforeAll(async () => {
    storage = recordingStorage(await engineNamed('sqljs memory').open())
    tidemark = await openOver(simulatedAccount(), storage)
    await fillForManyCustomers(storage)
  })
  afterAll(() => tidemark.close())

  it.each<readonly [string, AnalyticsQuestion, { readonly counts: readonly Side[]; readonly reads: number; readonly sorts: readonly Side[] }]>([
    ['reads no bug where only tests are asked for', { metrics: ['test_count'], dimensions: ['testing_type'] }, { counts: ['tests'], reads: 0, sorts: ['tests'] }],
    ['counts few cases beside each other', { metrics: ['bug_count'], dimensions: ['severity'] }, { counts: ['bugs'], reads: 1, sorts: [] }],
    ['counts few cases beside each other, in the order of the tests', { metrics: ['bug_count'], dimensions: ['outcome', 'month'] }, { counts: ['bugs'], reads: 1, sorts: ['tests'] }],
    ['counts true and false beside each other', { metrics: ['bug_count'], dimensions: ['known', 'testing_type'] }, { counts: ['bugs'], reads: 1, sorts: ['tests'] }],
    ['sorts bugs by words that no index has in order', { metrics: ['bug_count'], dimensions: ['kind'] }, { counts: ['bugs'], reads: 1, sorts: ['bugs'] }],
    ['does not sort tests where bugs are sorted anyway', { metrics: ['bug_count'], dimensions: ['month', 'kind'] }, { counts: ['bugs'], reads: 1, sorts: ['bugs'] }],
    ['counts bugs in the order of the tests', { metrics: ['bug_count'], dimensions: ['testing_type', 'month'] }, { counts: ['tests', 'bugs'], reads: 1, sorts: ['tests'] }],
    ['counts bugs in the order of an index of tests', { metrics: ['bug_count'], dimensions: ['product'] }, { counts: ['tests', 'bugs'], reads: 1, sorts: [] }],
    ['counts tests beside bugs where both are asked for', { metrics: ['bugs_per_test'], dimensions: ['kind'] }, { counts: ['tests', 'bugs'], reads: 1, sorts: ['bugs'] }],
    ['takes totals of different values from those of the groups', { metrics: ['active_testers'], dimensions: ['year'] }, { counts: ['tests', 'bugs'], reads: 1, sorts: ['tests'] }],
    ['counts by feature test by test', { metrics: ['bug_count'], dimensions: ['feature'] }, { counts: ['tests', 'bugs'], reads: 1, sorts: [] }],
    ['counts by feature and what tests have test by test', { metrics: ['bug_count'], dimensions: ['month', 'feature'] }, { counts: ['tests', 'bugs'], reads: 1, sorts: [] }],
    ['reads bugs with several platforms once', { metrics: ['bug_count', 'severity_score'], dimensions: ['platform'] }, { counts: ['bugs'], reads: 1, sorts: ['bugs'] }],
    ['reads them once for tests as well', { metrics: ['bugs_per_test', 'features_tested'], dimensions: ['platform', 'feature'] }, { counts: ['tests', 'bugs'], reads: 1, sorts: ['bugs'] }],
    ['reads them once beside few cases and tests', { metrics: ['bugs_per_test'], dimensions: ['severity', 'platform'] }, { counts: ['tests', 'bugs'], reads: 1, sorts: ['bugs'] }],
    ['reads them again for totals of different values', { metrics: ['tests_with_bugs'], dimensions: ['platform'] }, { counts: ['bugs'], reads: 2, sorts: ['bugs'] }],
    ['reads bugs in the order of their testers', { metrics: ['bug_count'], dimensions: ['tester'] }, { counts: ['bugs'], reads: 1, sorts: [] }],
    ['sorts them by testers and what tests have', { metrics: ['bug_count'], dimensions: ['tester', 'month'] }, { counts: ['bugs'], reads: 1, sorts: ['bugs'] }],
    ['sorts them by testers and other words', { metrics: ['bug_count'], dimensions: ['tester', 'kind'] }, { counts: ['bugs'], reads: 1, sorts: ['bugs'] }],
    ['sorts those of part of the tests by testers', { metrics: ['bug_count'], dimensions: ['tester'], filters: { product_id: 1 } }, { counts: ['bugs'], reads: 1, sorts: ['bugs'] }],
  ])('%s', async (_, question, work) => {
    const found = await selects(question)
    const lines = found.flat()
    const sorts = (read: RegExp, what: string): boolean => found.some((select) => select.some((line) => read.test(line)) && select.includes(`USE TEMP B-TREE FOR ${what} BY`))
    expect({
      counts: (['tests', 'bugs'] as const).filter((side) => lines.includes(`MATERIALIZE of_${side}`)),
      reads: lines.filter((line) => ofBugs.test(line)).length,
      sorts: [...(sorts(ofTests, 'ORDER') ? ['tests'] : []), ...(sorts(ofBugs, 'GROUP') ? ['bugs'] : [])],
    }).toEqual(work)
  })

  it.each<readonly [string, AnalyticsQuestion, string]>([
    ['a product', { metrics: ['bug_count'], filters: { product_id: 3 } }, '(customer_id=? AND product_id=?)'],
    ['a status', { metrics: ['test_count'], filters: { test_status: 'running' } }, '(customer_id=? AND status=?)'],
  ])('finds the tests of %s by it', async (_, question, terms) => {
    const lines = (await selects(question)).flat()
    expect(lines.filter((line) => ofTests.test(line)).map((line) => line.slice(line.indexOf('(')))).toEqual([terms])
  })

  it.each<readonly [string, boolean, AnalyticsQuestion]>([
    ['keeps the testers of each group', true, { metrics: ['active_testers'], dimensions: ['product'] }],
    ['does not keep them where groups have bugs in common', false, { metrics: ['active_testers'], dimensions: ['platform'] }],
    ['does not keep them where there is one group', false, { metrics: ['active_testers'] }],
  ])('%s for the totals: %s', async (_, keeps, question) => {
    expect((await selects(question)).flat().includes('USE TEMP B-TREE FOR json_group_array(DISTINCT)')).toBe(keeps)
  })

  it('looks at features of tests only where they are asked for, and for those that come twice only where tests are counted by them', async () => {
    const looks = async (metric: 'test_count' | 'bug_count' | 'features_tested', dimension: 'product' | 'feature') => {
      const lines = (await selects({ metrics: [metric], dimensions: [dimension] })).flat()
      return ['tested', 'r0', 'r0_before'].flatMap((name) => lines.filter((line) => line.startsWith(`SEARCH ${name} `)).map(() => name))
    }
    expect(await looks('test_count', 'product')).toEqual([])
    expect(await looks('features_tested', 'product')).toEqual(['tested'])
    // The totals are of all features that tests have, whichever group they are in.
    expect(await looks('features_tested', 'feature')).toEqual(['tested', 'r0', 'r0_before'])
    expect(await looks('test_count', 'feature')).toEqual(['r0', 'r0_before'])
    // Those of tests, and those of bugs.
    expect(await looks('bug_count', 'feature')).toEqual(['r0', 'r0'])
  })
})

type Side = 'tests' | 'bugs'

/** Reads of bugs, and of the tests in a scope. */
const ofBugs = /^S\w+ b /u
const ofTests = /^SEARCH t USING (?:COVERING )?INDEX \S+ \(customer_id=\?/u

async function faults(storage: Storage, statement: Statement): Promise<readonly string[]> {
  if (storage.dialect === 'sqlite') return sqliteFaults(await sqlitePlan(storage, statement))
  return (await postgresPlan(storage, statement)).flatMap((node) => postgresFaults(node, large))
}

/** Whether bugs are read in the order of testers, and nothing is sorted for their groups. */
async function groupsInOrder(storage: Storage, statements: readonly Statement[]): Promise<boolean> {
  const lines = (await Promise.all(statements.map((statement) => sqlitePlan(storage, statement)))).flat()
  return lines.includes(inOrder) && !lines.includes('USE TEMP B-TREE FOR GROUP BY')
}

const inOrder = 'SEARCH b USING COVERING INDEX ix_bugs_of_tester (customer_id=?)'

/** Names of what a statement has made itself: these are read from end to end. */
const made = /^SCAN (?:t|scoped|bugs_by_sets|of_tests|of_bugs|all_tests|all_bugs|merged|named|groups|both_sides|grouped|counted|spread|page|beside|same|facts|whole|\(\S+\)|(?:\d+ )?CONSTANT ROWS?|\w+ VIRTUAL TABLE .+)(?: LEFT-JOIN)?$/u

function sqliteFaults(lines: readonly string[]): readonly string[] {
  return lines.filter((line, index) => {
    // The tests of the scope, which are called `t` as well.
    if (lines[index - 1] === 'MATERIALIZE scoped') return !ofTests.test(line)
    if (ofBugs.test(line)) return line !== inOrder && !/^SEARCH b USING COVERING INDEX ix_bugs_of_test(?:_by_device)? \(customer_id=\? AND test_id=\?\)$/u.test(line)
    if (line.includes('AUTOMATIC')) return !/^SEARCH (?:t|of_\w+|merged|spread|\(\S+\)) /u.test(line)
    if (line.startsWith('SEARCH ')) return !/ INDEX \S+ \(customer_id=\? AND \w+=\?/u.test(line)
    return line.startsWith('SCAN ') && !made.test(line)
  })
}

/** Tables that grow with what is found. */
const large = ['tests', 'bugs', 'bug_devices', 'test_features', 'test_platforms']
