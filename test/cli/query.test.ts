import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dimensionKeys } from '../../src/analytics/dimensions.ts'
import { metricKeys } from '../../src/analytics/metrics.ts'
import type { BugTruth } from '../../src/simulator/truth.ts'
import { freshFolder } from '../support/engines.ts'
import { serveAccount, type ServedAccount } from './account.ts'
import { run } from './capture.ts'

const executed = ['running', 'locked', 'archived', 'customer_finalized']

let account: ServedAccount
let env: Readonly<Record<string, string>>
/** The bugs that count when nobody asks for other tests. */
let bugs: readonly BugTruth[]

beforeAll(async () => {
  account = await serveAccount()
  env = { ...account.env, TIDEMARK_DATABASE_URL: `sqlite:${path.join(await freshFolder(), 'copy.db')}` }
  expect((await run(['sync'], { env })).code).toBe(0)
  const { truth } = account.simulator
  const counted = new Set(truth.tests.filter(({ status }) => executed.includes(status)).map(({ id }) => id))
  bugs = truth.bugs.filter(({ testId }) => counted.has(testId))
})
afterAll(() => account[Symbol.asyncDispose]())

const query = (...argv: readonly string[]) => run(['query', ...argv], { env })
const json = async (...argv: readonly string[]) => {
  const { code, stdout, stderr } = await query(...argv, '--format', 'json')
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}
const countBy = (of: readonly BugTruth[], value: (bug: BugTruth) => string | null): ReadonlyMap<string | null, number> =>
  new Map(of.map((bug) => [value(bug), of.filter((other) => value(other) === value(bug)).length]))

describe('a query as JSON', () => {
  it('is one document in snake_case with the figures of the account', async () => {
    const answer = await json('--metrics', 'bug_count,rejection_rate', '--by', 'severity')
    expect(Object.keys(answer)).toEqual(['rows', 'total_rows', 'truncated', 'next_cursor', 'totals', 'range', 'filters', 'explanation', 'warnings', 'chart', 'freshness'])
    expect(new Map(answer.rows.map((row: Record<string, unknown>) => [row['severity'], row['bug_count']]))).toEqual(countBy(bugs, ({ severity }) => severity))
    expect(answer.totals).toEqual({ bug_count: bugs.length, rejection_rate: bugs.filter(({ outcome }) => outcome === 'rejected').length / bugs.length })
    expect(await run(['query', '--metrics', 'bug_count,rejection_rate', '--by', 'severity', '--json'], { env })).toMatchObject({ code: 0 })
  })

  it.each<readonly [string, readonly string[], (bug: BugTruth) => boolean]>([
    ['a value', ['severity=high'], ({ severity }) => severity === 'high'],
    ['several values', ['severity=high, critical'], ({ severity }) => severity === 'high' || severity === 'critical'],
    ['a condition for each value', ['kind=visual', 'kind=content'], ({ kind }) => kind === 'visual' || kind === 'content'],
    ['what is left out', ['outcome!=rejected,open'], ({ outcome }) => outcome !== 'rejected' && outcome !== 'open'],
    ['no value', ['severity=null'], ({ severity }) => severity === null],
    ['a truth value', ['known=true'], ({ known }) => known],
    ['a JSON list', ['severity=["low", null]'], ({ severity }) => severity === 'low' || severity === null],
    ['several keys', ['severity=high', 'known!=true'], ({ severity, known }) => severity === 'high' && !known],
  ])('filters by %s', async (_, conditions, passes) => {
    const answer = await json('--metrics', 'bug_count', ...conditions.flatMap((condition) => ['--where', condition]))
    expect(answer.rows).toEqual([{ bug_count: bugs.filter(passes).length }])
  })

  it('filters by ids and takes every other flag of a question', async () => {
    const [product] = account.simulator.truth.products
    const answer = await json(
      '--metrics', 'bug_count', '--by', 'tester', '--where', `product_id=${product?.id}`, '--from', '2000', '--to', 'today', '--time-zone', 'Europe/Berlin',
      '--sort-by', 'tester', '--sort-order', 'desc', '--limit', '2', '--other', '--compare', 'previous', '--drill',
    )
    expect(answer.range).toMatchObject({ time_zone: 'Europe/Berlin', previous: expect.anything() })
    expect(answer.filters).toMatchObject({ product_id: [product?.id] })
    expect(answer.rows).toHaveLength(3)
    expect(answer.rows[0]).toMatchObject({ previous: expect.anything(), drill: { test_ids: expect.any(Array), bug_ids: expect.any(Array) } })
    expect(answer.rows[2]).toMatchObject({ other: true, tester: null })
  })
})

describe('a query as a table', () => {
  it('has a row for each group, a total, and says in words what was counted', async () => {
    const { code, stdout, stderr } = await query('--metrics', 'bug_count,review_rate', '--by', 'outcome')
    expect([code, stderr]).toEqual([0, ''])
    const reviewed = bugs.filter(({ outcome }) => outcome === 'accepted' || outcome === 'rejected').length
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^outcome +bug_count +review_rate$/)
    for (const [outcome, count] of countBy(bugs, ({ outcome }) => outcome)) expect(stdout).toMatch(new RegExp(`^${outcome} +${count} `, 'm'))
    expect(stdout).toMatch(new RegExp(`^Total +${bugs.length} +${((reviewed / bugs.length) * 100).toFixed(1)} %$`, 'm'))
    expect(stdout).toMatch(/^bug_count and review_rate per outcome\. Scope: /m)
    expect(stdout).toMatch(/^Data as of /m)
  })

  it('draws bars on a terminal and not on a pipe, and fits it', async () => {
    const argv = ['query', '--metrics', 'bug_count', '--by', 'severity']
    const shown = await run(argv, { env: { ...env, NO_COLOR: '1' }, terminal: 60 })
    expect(shown.stdout).toMatch(/█{8}/)
    for (const line of shown.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(60)
    expect((await run(argv, { env })).stdout).not.toMatch(/[█-▏]/)
    // More than one dimension makes no single row of bars.
    expect((await run([...argv.slice(0, -1), 'severity,outcome'], { env, terminal: 60 })).stdout).not.toMatch(/[█-▏]/)
  })

  it('folds what lies behind the limit, or says how to go on', async () => {
    const testers = countBy(bugs, ({ tester }) => tester)
    const folded = await query('--metrics', 'bug_count', '--by', 'tester', '--limit', '3', '--other')
    expect(folded.stdout).toMatch(new RegExp(`^${testers.size - 3} others `, 'm'))
    const cut = await query('--metrics', 'bug_count', '--by', 'tester', '--limit', '3')
    expect(cut.stdout).toMatch(new RegExp(`^3 of ${testers.size} groups\\.\nNext rows: the same command with --cursor \\w+`, 'm'))
  })

  it('compares with the time before, and warns on standard error', async () => {
    const { stdout, stderr } = await query('--metrics', 'bug_count,rejection_rate', '--by', 'month', '--from', 'last 60 days', '--compare', 'previous')
    expect(stdout.split('\n')[0]).toMatch(/^month +bug_count +before +change +rejection_rate +before +change$/)
    expect(stderr).toMatch(/^Warning: Rows of a time dimension/)
  })
})

describe('a query as CSV', () => {
  it('has a header and a line for each group, with figures unrounded and no total', async () => {
    const { code, stdout } = await query('--metrics', 'bug_count,rejection_rate', '--by', 'product', '--format', 'csv')
    expect(code).toBe(0)
    const [header, ...lines] = stdout.trimEnd().split('\r\n')
    expect(header).toBe('product,product_id,bug_count,rejection_rate')
    expect(new Set(lines)).toEqual(new Set(account.simulator.truth.products.map(({ id, name }) => {
      const of = bugs.filter(({ productId }) => productId === id)
      return `${name},${id},${of.length},${of.filter(({ outcome }) => outcome === 'rejected').length / of.length}`
    })))
  })

  it('has its header also without groups, and every column that was asked for', async () => {
    const { stdout } = await query('--metrics', 'bug_count', '--by', 'tester', '--where', 'tester=Nobody', '--from', '2025', '--compare', 'previous', '--other', '--drill', '--format', 'csv')
    expect(stdout).toBe('tester,tester_id,bug_count,previous_bug_count,difference_bug_count,other,groups,drill_test_ids,drill_bug_ids\r\n')
  })

  it('tells on standard error how to go on', async () => {
    const { stdout, stderr } = await query('--metrics', 'bug_count', '--by', 'tester', '--limit', '1', '--format', 'csv')
    expect(stdout.trimEnd().split('\r\n')).toHaveLength(2)
    expect(stderr).toMatch(/^1 of \d+ groups\. Next rows: the same command with --cursor \w+\n$/)
  })
})

describe('a list as CSV', () => {
  it.each([
    ['products', []], ['tests', []], ['tests', ['--include-bug-counts']], ['bugs', ['--include-deleted']], ['features', []], ['users', []],
  ])('of %s %j has the fields of the JSON, an inner object spread out', async (name, flags) => {
    const listed = JSON.parse((await run([name, ...flags, '--limit', '100', '--format', 'json'], { env })).stdout).items as readonly Record<string, unknown>[]
    const names = new Set(listed.flatMap((item) => Object.entries(item).flatMap(([key, value]) => (typeof value === 'object' && value !== null ? Object.keys(value).map((inner) => `${key}_${inner}`) : value === null && key === 'environment' ? [] : [key]))))
    const { code, stdout } = await run([name, ...flags, '--limit', '100', '--format', 'csv'], { env })
    expect(code).toBe(0)
    expect(stdout.split('\r\n')[0]?.split(',').toSorted()).toEqual([...names].toSorted())
    expect(stdout.match(/\r\n/g)).toHaveLength(listed.length + 1)
  })

  it('cannot be had of a page about one thing', async () => {
    const { code, stderr } = await run(['products', '1', '--format', 'csv'], { env })
    expect(code).toBe(2)
    expect(stderr).toMatch(/as CSV\nWhy: {3}A page about one thing has no rows\./)
  })
})

describe('wrong use of a query', () => {
  it.each<readonly [readonly string[], RegExp]>([
    [[], /required option '--metrics/i],
    [['--metrics', 'bug_cuont'], /Did you mean "bug_count"\?/],
    [['--metrics', 'bug_count', '--by', 'severtiy'], /Did you mean "severity"\?/],
    [['--metrics', 'bug_count', '--where', 'severity'], /not of the form KEY=VALUE/],
    [['--metrics', 'bug_count', '--where', 'severity='], /not of the form KEY=VALUE/],
    [['--metrics', 'bug_count', '--where', 'severity=["a"'], /not of the form KEY=VALUE/],
    [['--metrics', 'bug_count', '--where', 'status=locked'], /Did you mean "test_status"\?/],
    [['--metrics', 'bug_count', '--where', 'kind=visual', '--where', 'kind!=content'], /both asked for with = and left out with !=/],
    [['--metrics', 'bug_count', '--where', 'product_id=shop'], /must be an id/],
    [['--metrics', 'bug_count', '--where', 'known=perhaps'], /must be true or false/],
    [['--metrics', 'bug_count', '--compare', 'previous'], /needs a range/],
    [['--metrics', 'bug_count', '--from', 'someday'], /none of the known forms/],
    [['--metrics', 'bug_count', '--limit', '2000'], /1000 or less/],
    [['--metrics', 'bug_count', '--format', 'csv', '--json'], /two formats at once/],
  ])('%j is refused before anything is printed', async (argv, why) => {
    const { code, stdout, stderr } = await query(...argv)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(why)
  })
})

describe('metrics', () => {
  it('names every metric and dimension, without a database', async () => {
    const { code, stdout } = await run(['metrics'])
    expect(code).toBe(0)
    for (const key of [...metricKeys, ...dimensionKeys, 'product_id', 'feature_id', 'test_id']) expect(stdout).toMatch(new RegExp(`^${key} +\\w`, 'm'))
  })

  it('gives the same as JSON', async () => {
    const capabilities = JSON.parse((await run(['metrics', '--json'])).stdout)
    expect(capabilities.metrics.map(({ key }: { readonly key: string }) => key)).toEqual(metricKeys)
    expect(capabilities.limits).toMatchObject({ default_rows: 100 })
  })
})
