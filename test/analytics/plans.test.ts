import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnalyticsQuestion } from '../../src/analytics/question.ts'
import type { Statement, Storage } from '../../src/storage/storage.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engineNamed } from '../support/engines.ts'
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
  'bugs by tester and outcome': { metrics: ['bug_count'], dimensions: ['tester', 'outcome'], limit: 3 },
  'reasons in a quarter': { metrics: ['rejected_count'], dimensions: ['rejection_reason', 'language'], filters: { known: false }, from: '2025-Q3' },
  'one tester': { metrics: ['bug_count', 'review_rate'], dimensions: ['week'], filters: { tester: 'tester 7' } },
  'all metrics without a dimension': { metrics: ['bug_count', 'test_count', 'active_testers', 'tests_with_bugs', 'features_tested'] },
  'everything at once': { metrics: ['bug_count', 'test_count', 'active_testers'], dimensions: ['product', 'platform'], from: '2025', compare: 'previous', other: true, drill: true, limit: 2 },
}

/** One account of many in the database, as on a server that several customers share. */
const customers = 30
const testsOfEach = 60
const bugsOfTest = 8

describe.each(['sqljs memory', 'pglite memory', 'postgres'])('the statements of analytics on %s', (name) => {
  let storage: RecordingStorage
  let tidemark: Tidemark
  beforeAll(async () => {
    storage = recordingStorage(await engineNamed(name).open())
    tidemark = await openOver(simulatedAccount(), storage)
    for (const sql of accounts(storage.dialect)) await storage.query({ sql })
  })
  afterAll(() => tidemark.close())

  it.each(Object.entries(questions))('read only rows of the customer, through an index: %s', async (_, question) => {
    storage.takeStatements()
    const { totals } = await tidemark.analytics.query(question)
    expect(Object.values(totals)[0]).toBeGreaterThan(0)
    const reading = storage.takeStatements().filter(({ sql }) => sql.includes('scoped'))
    expect(reading.length).toBeGreaterThan(0)
    for (const statement of reading) expect(await faults(tidemark.storage, statement)).toEqual([])
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

async function faults(storage: Storage, { sql, parameters }: Statement): Promise<readonly string[]> {
  if (storage.dialect === 'sqlite') {
    const { rows } = await storage.query<{ detail: string }>({ sql: `explain query plan ${sql}`, parameters })
    return sqliteFaults(rows.map(({ detail }) => detail))
  }
  const { rows } = await storage.query<{ 'QUERY PLAN': readonly { readonly Plan: PostgresNode }[] }>({ sql: `explain (format json) ${sql}`, parameters })
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => postgresFaults(Plan)))
}

/** Names of what a statement has made itself: these are read from end to end. */
const made = /^SCAN (?:t|scoped|of_tests|of_bugs|all_tests|all_bugs|merged|named|groups|both_sides|grouped|counted|spread|page|beside|same|facts|whole|\(\S+\)|(?:\d+ )?CONSTANT ROWS?|\w+ VIRTUAL TABLE .+)(?: LEFT-JOIN)?$/u

function sqliteFaults(lines: readonly string[]): readonly string[] {
  return lines.filter((line, index) => {
    // The tests of the scope, which are called `t` as well.
    if (lines[index - 1] === 'MATERIALIZE scoped') return !/^SEARCH t USING (?:COVERING )?INDEX \S+ \(customer_id=\?/u.test(line)
    if (/^S\w+ b /u.test(line)) return !/^SEARCH b USING COVERING INDEX ix_bugs_of_test(?:_by_device)? \(customer_id=\? AND test_id=\?\)$/u.test(line)
    if (line.includes('AUTOMATIC')) return !/^SEARCH (?:t|of_\w+|merged|spread|\(\S+\)) /u.test(line)
    if (line.startsWith('SEARCH ')) return !/ INDEX \S+ \(customer_id=\? AND \w+=\?/u.test(line)
    return line.startsWith('SCAN ') && !made.test(line)
  })
}

interface PostgresNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly PostgresNode[]
}

/** Tables that grow with what is found. */
const large = ['tests', 'bugs', 'bug_devices', 'test_features', 'test_platforms']

function postgresFaults(node: PostgresNode): readonly string[] {
  const table = node['Relation Name']
  // A scan of a bitmap has its condition on the index below it.
  const condition = node['Index Cond'] ?? node.Plans?.map((plan) => plan['Index Cond']).join()
  const own = table !== undefined && large.includes(table) && !(condition ?? '').includes('customer_id = ') ? [`${node['Node Type']} on ${table}`] : []
  return [...own, ...(node.Plans ?? []).flatMap(postgresFaults)]
}

/** Rows of all customers, each with the same ids. */
function accounts(dialect: Storage['dialect']): readonly string[] {
  const numbers = (column: string, count: number): string =>
    dialect === 'sqlite'
      ? `(with recursive n(${column}) as (select 1 union all select ${column} + 1 from n where ${column} < ${count}) select ${column} from n) as of_${column}`
      : `generate_series(1, ${count}) as of_${column}(${column})`
  const text = (prefix: string, number: string): string => `'${prefix} ' || cast(${number} as text)`
  const test = `${numbers('c', customers)} cross join ${numbers('t', testsOfEach)}`
  const bug = `${test} cross join ${numbers('b', bugsOfTest)}`
  const id = `t * 100 + b`
  const year = `case t % 2 when 0 then '2025-08-01T10:00:00.000Z' else '2024-08-01T10:00:00.000Z' end`
  const instant = dialect === 'sqlite' ? year : `cast(${year} as timestamptz)`
  return [
    `insert into products (customer_id, id, name, search_text) select c, p, ${text('Product', 'p')}, '' from ${numbers('c', customers)} cross join ${numbers('p', 5)}`,
    `insert into tests (customer_id, id, product_id, title, status, end_at, search_text) select c, t, 1 + t % 5, ${text('Test', 't')}, 'locked', ${instant}, '' from ${test}`,
    `insert into test_platforms (customer_id, test_id, position, operating_system, browsers) select c, t, 0, 'Windows', '[]' from ${test}`,
    `insert into test_features (customer_id, id, test_id, feature_id, title) select c, t * 10 + f, t, f, ${text('Feature', 'f')} from ${test} cross join ${numbers('f', 3)}`,
    `insert into bugs (customer_id, id, test_id, product_id, test_feature_id, title, kind, severity, severity_rank, outcome, status, known, tester, rejection_reason, steps, operating_systems, device_categories, browsers)
      select c, ${id}, t, 1 + t % 5, t * 10 + 1 + b % 3, 'Bug', 'functional', 'low', 1, case b % 2 when 0 then 'rejected' else 'accepted' end, '', ${dialect === 'sqlite' ? '0' : 'false'}, ${text('tester', 'b')}, case b % 2 when 0 then 'other' end, '[]', '["Windows"]', '["Computers"]', '["Chrome"]' from ${bug}`,
    `insert into bug_devices (customer_id, bug_id, position, category, operating_system, browsers) select c, ${id}, 0, 'Computers', 'Windows', '["Chrome"]' from ${bug}`,
    // Statistics are for PostgreSQL, which plans by them. On SQLite a copy never has any.
    ...(dialect === 'postgres' ? ['analyze'] : []),
  ]
}
