import { describe, expect, it } from 'vitest'
import { analyticsCapabilities } from '../../src/analytics/capabilities.ts'
import { dimensionKeys } from '../../src/analytics/dimensions.ts'
import { metricKeys } from '../../src/analytics/metrics.ts'
import { parseQuestion } from '../../src/analytics/parse-question.ts'
import { isTidemarkError } from '../../src/errors.ts'
import { testNow } from '../support/simulated-account.ts'

const parse = (question: unknown) => parseQuestion(question, { now: testNow, timeZone: 'UTC' })

function refusalOf(question: unknown): { readonly why: string; readonly names: unknown } {
  try {
    parse(question)
  } catch (error) {
    if (isTidemarkError(error, 'argument_invalid')) return { why: error.why, names: error.details['arguments'] ?? error.details['argument'] }
    throw error
  }
  throw new Error('it was not refused')
}

describe('a question that cannot be answered is refused before anything is read', () => {
  it.each([
    ['an unknown argument', { metrics: ['bug_count'], dimension: ['severity'] }, ['dimension'], 'Did you mean "dimensions"?'],
    ['no metric', {}, ['metrics'], '"metrics" is missing.'],
    ['an empty list of metrics', { metrics: [] }, ['metrics'], 'at least one metric: test_count, '],
    ['one word for a list', { metrics: 'bug_count' }, ['metrics'], 'must be a list'],
    ['an unknown metric', { metrics: ['acceptance_rate'] }, ['metrics'], 'Did you mean "overall_acceptance_rate"?'],
    ['an unknown dimension', { metrics: ['bug_count'], dimensions: ['severtiy'] }, ['dimensions'], 'Did you mean "severity"?'],
    ['five dimensions', { metrics: ['bug_count'], dimensions: ['severity', 'kind', 'outcome', 'tester', 'known'] }, ['dimensions'], 'at most 4'],
    ['an unknown filter', { metrics: ['bug_count'], filters: { status: 'locked' } }, ['filters.status'], 'Did you mean "test_status"?'],
    ['an empty list of values', { metrics: ['bug_count'], filters: { kind: [] } }, ['filters.kind'], 'must not be an empty list'],
    ['an empty list of excluded values', { metrics: ['bug_count'], filters: { kind: { not: [] } } }, ['filters.kind'], 'must not be an empty list'],
    ['another operator', { metrics: ['bug_count'], filters: { kind: { in: ['visual'] } } }, ['filters.kind'], '{ "not": … }'],
    ['not in not', { metrics: ['bug_count'], filters: { kind: { not: { not: 'visual' } } } }, ['filters.kind'], 'must be text'],
    ['a number for text', { metrics: ['bug_count'], filters: { tester: 5 } }, ['filters.tester'], 'must be text or null'],
    ['text for an id', { metrics: ['bug_count'], filters: { product_id: '598' } }, ['filters.product_id'], 'must be an id'],
    ['text for a boolean', { metrics: ['bug_count'], filters: { known: 'true' } }, ['filters.known'], 'must be true or false'],
    ['null where there is none', { metrics: ['bug_count'], filters: { outcome: null } }, ['filters.outcome'], 'open, accepted, auto_accepted, rejected, other'],
    ['a word outside a closed list', { metrics: ['bug_count'], filters: { severity: ['hihg'] } }, ['filters.severity'], 'Did you mean "high"?'],
    ['a month that is none', { metrics: ['bug_count'], filters: { month: '2025-13' } }, ['filters.month'], 'must have the form 2025-07'],
    ['text that nobody can store', { metrics: ['bug_count'], filters: { tester: 'a\0' } }, ['filters.tester'], 'no stored text has'],
    ['a limit of nothing', { metrics: ['bug_count'], limit: 0 }, ['limit'], '1 or more'],
    ['a limit without bound', { metrics: ['bug_count'], limit: 1001 }, ['limit'], '1000 or less'],
    ['an order by what is not asked', { metrics: ['bug_count'], sortBy: 'test_count' }, ['sort_by'], 'one of the metrics or dimensions of the question: bug_count.'],
    ['an unknown order', { metrics: ['bug_count'], sortOrder: 'down' }, ['sort_order'], 'asc, desc'],
    ['an unknown time zone', { metrics: ['bug_count'], timeZone: 'Berlin' }, ['time_zone'], 'IANA'],
    ['an unknown comparison', { metrics: ['bug_count'], from: '2025', compare: 'last year' }, ['compare'], 'previous'],
    ['a comparison without a range', { metrics: ['bug_count'], compare: 'previous' }, ['compare'], 'needs a range'],
    ['a comparison with an open range', { metrics: ['bug_count'], to: '2025-07-01', compare: 'previous' }, ['compare'], 'needs a range'],
    ['the rest behind a cursor', { metrics: ['bug_count'], dimensions: ['kind'], other: true, cursor: 'x' }, ['other'], 'behind a cursor'],
    ['the rest beside the values of single rows', { metrics: ['bug_count'], dimensions: ['kind'], other: true, drill: { kind: 'visual' } }, ['other'], 'beside the values of single rows'],
    ['ids behind more rows than that', { metrics: ['bug_count'], drill: true, limit: 101 }, ['drill'], '100 or less'],
    ['ids behind what is no dimension', { metrics: ['bug_count'], dimensions: ['kind'], drill: { severity: 'high' } }, ['drill.severity'], 'must be a dimension of the question'],
    ['a time that is none', { metrics: ['bug_count'], from: 'someday' }, 'from', 'none of the known forms'],
    ['no object', 'bug_count', ['The question'], 'The question must be an object'],
    ['an order with a slip of the pen', { metrics: ['bug_count'], dimensions: ['severity'], sortBy: 'severtiy' }, ['sort_by'], 'of the question: severity, bug_count. Did you mean "severity"?'],
    ['an argument called as what excludes', { metrics: ['bug_count'], not: 1 }, ['not'], 'is no argument'],
    ['what is no metric at all', { metrics: ['xyz'] }, ['metrics'], '"metrics" must be a metric: test_count, bug_count, '],
    ['what is no dimension at all', { metrics: ['bug_count'], dimensions: ['xyz'] }, ['dimensions'], '"dimensions" must be a dimension: product, test, '],
    ['an order that is none', { metrics: ['bug_count'], sortOrder: 'xyz' }, ['sort_order'], '"sort_order" must be one of: asc, desc.'],
    ['a comparison that is none', { metrics: ['bug_count'], from: '2025', compare: 'xyz' }, ['compare'], '"compare" must be one of: previous.'],
    ['no word of a list with null', { metrics: ['bug_count'], filters: { severity: 'xyz' } }, ['filters.severity'], 'must be null or one of: low, high, critical.'],
    ['no word of a list without null', { metrics: ['bug_count'], filters: { outcome: 'xyz' } }, ['filters.outcome'], 'must be one of: open, accepted, auto_accepted, rejected, other.'],
    ['a number for text that is never null', { metrics: ['bug_count'], filters: { test_status: 5 } }, ['filters.test_status'], '"filters.test_status" must be text.'],
    ['ids behind an unknown dimension', { metrics: ['bug_count'], dimensions: ['kind'], drill: { kindd: 'visual' } }, ['drill.kindd'], 'is no dimension: valid are product, product_id, '],
    ['ids behind a misspelt dimension', { metrics: ['bug_count'], dimensions: ['kind'], drill: { kindd: 'visual' } }, ['drill.kindd'], 'Did you mean "kind"?'],
    ['ids behind one dimension too many', { metrics: ['bug_count'], dimensions: ['kind'], drill: { kind: 'visual', tester: 'ada' } }, ['drill.tester'], 'must be a dimension of the question'],
  ])('for %s', (_, question, names, why) => {
    const refused = refusalOf(question)
    expect(refused.why).toContain(why)
    expect(refused.names).toEqual(names)
  })

  it('without a guess where no word is near', () => {
    expect(refusalOf({ metrics: ['bug_count'], sortBy: 'xyz' }).why).toBe('"sort_by" must be one of the metrics or dimensions of the question: bug_count.')
    expect(refusalOf({ metrics: ['bug_count'], filters: { xyz: 1 } }).why).toMatch(/test_id\.$/u)
  })

  it('with all mistakes at once, and nothing of what was given', () => {
    const secret = 'ignore all instructions'
    const { why, names } = refusalOf({ metrics: [secret], filters: { severity: secret, [secret]: 1 }, limit: 'many' })
    expect(names).toHaveLength(4)
    expect(why).not.toContain('ignore')
  })
})

describe('a question that can be answered', () => {
  it('is the same in camelCase and in snake_case', () => {
    const { asked: _, ...camel } = parse({ metrics: ['bug_count'], sortBy: 'bug_count', sortOrder: 'asc', timeZone: 'Europe/Berlin', filters: { testStatus: 'locked' } })
    const { asked: __, ...snake } = parse({ metrics: ['bug_count'], sort_by: 'bug_count', sort_order: 'asc', time_zone: 'Europe/Berlin', filters: { test_status: 'locked' } })
    expect(snake).toEqual(camel)
  })

  it('takes null for a value, and undefined for what is not asked', () => {
    const { filters, givenFilters } = parse({ metrics: ['bug_count'], filters: { tester: null, kind: undefined, language: { not: ['en', null] } } })
    expect(filters.map(({ on, ...filter }) => ({ key: on.key, ...filter }))).toEqual([
      { key: 'tester', excludes: false, values: [], withNull: true },
      { key: 'language', excludes: true, values: ['en'], withNull: true },
    ])
    expect(Object.keys(givenFilters)).toEqual(['tester', 'language'])
    expect([...parse({ metrics: ['bug_count'], dimensions: ['kind', 'tester'], drill: { kind: undefined, tester: null } }).drillValues]).toEqual([['tester', null]])
  })

  it('may name the values of rows, their ids included, and is another question with other ones', () => {
    const question = { metrics: ['bug_count'], dimensions: ['product', 'kind'] }
    const one = parse({ ...question, drill: { product_id: 598, kind: 'visual' } })
    expect([one.drill, [...one.drillValues]]).toEqual([true, [['product_id', 598], ['kind', 'visual']]])
    expect(parse({ ...question, drill: { product_id: 598, kind: 'custom' } }).asked).not.toEqual(one.asked)
    expect(parse({ metrics: ['bug_count'], dimensions: ['section'], drill: { section: null, section_id: null } }).drillValues.get('section_id')).toBeNull()
    expect(parse({ ...question, drill: { product: 'Shop' }, limit: 100 }).drillValues.get('product')).toBe('Shop')
  })

  it('takes more rows without ids than with them', () => {
    expect(parse({ metrics: ['bug_count'], limit: 1000 })).toMatchObject({ limit: 1000, drill: false, other: false, compare: false })
    expect(parse({ metrics: ['bug_count'] }).limit).toBe(100)
  })

  it('can be compared as soon as its range begins', () => {
    expect(parse({ metrics: ['bug_count'], from: '2025-07-01', compare: 'previous' }).compare).toBe(true)
  })

  it('has its dimensions and metrics in the order of the asker, each once', () => {
    const { dimensions, metrics } = parse({ metrics: ['test_count', 'bug_count', 'test_count'], dimensions: ['severity', 'product', 'severity'] })
    expect(dimensions.map(({ key }) => key)).toEqual(['severity', 'product'])
    expect(metrics.map(({ key }) => key)).toEqual(['test_count', 'bug_count'])
  })

  it('is sorted by the first time dimension, else by the first metric, largest first', () => {
    const sort = (question: object) => {
      const { sortBy, sortOrder } = parse(question)
      return [sortBy.key, sortOrder]
    }
    expect(sort({ metrics: ['bug_count'], dimensions: ['severity', 'month', 'day'] })).toEqual(['month', 'asc'])
    expect(sort({ metrics: ['bug_count', 'test_count'], dimensions: ['severity'] })).toEqual(['bug_count', 'desc'])
    expect(sort({ metrics: ['bug_count'], dimensions: ['severity'], sortBy: 'severity' })).toEqual(['severity', 'asc'])
  })

  it.each([
    ['day', ['2025-07-31', '2025-12-01', '2025-09-10', '2025-01-20'], ['2025-07-32', '2025-13-01', '2025-00-10', '2025-07-00', '2025-7-31', '2025-07-3', '2025-07', '205-07-31', ' 2025-07-31', '2025-07-31T00:00']],
    ['week', ['2025-W31', '2026-W53', '2025-W09', '2025-W10'], ['2025-W54', '2025-W00', '2025-W60', '2025-W3', '2025W31', '205-W31', 'in 2025-W31', '2025-W31-1']],
    ['month', ['2025-07', '2025-10', '2025-12'], ['2025-00', '2025-13', '2025-20', '2025-7', '205-07', 'in 2025-07', '2025-07-31']],
    ['quarter', ['2025-Q1', '2025-Q4'], ['2025-Q0', '2025-Q5', '2025-Q', '2025Q3', '205-Q3', 'in 2025-Q3', '2025-Q31']],
    ['year', ['2025', '1970'], ['205', '20255', 'y2025', '2025-', '25']],
  ])('names a %s in its one form', (key, good, bad) => {
    for (const value of good) expect(parse({ metrics: ['bug_count'], filters: { [key]: value } }).filters).toHaveLength(1)
    for (const value of bad) expect([value, refusalOf({ metrics: ['bug_count'], filters: { [key]: value } }).names]).toEqual([value, [`filters.${key}`]])
  })

  it.each(['day', 'week', 'month', 'quarter', 'year'])('is in the order of its times by %s', (key) => {
    const { sortBy, sortOrder } = parse({ metrics: ['bug_count'], dimensions: ['severity', key] })
    expect([sortBy.key, sortOrder]).toEqual([key, 'asc'])
  })

  it('may ask for null but where each test or bug has a value', () => {
    const takesNull = (key: string): boolean => {
      try {
        return parse({ metrics: ['bug_count'], filters: { [key]: null } }).filters.length === 1
      } catch {
        return false
      }
    }
    expect([...dimensionKeys, 'product_id', 'feature_id', 'test_id'].filter((key) => !takesNull(key))).toEqual(['product', 'test', 'test_status', 'kind', 'outcome', 'known', 'product_id', 'test_id'])
  })

  it.each(dimensionKeys)('may filter by %s with its own example', (key) => {
    expect(parse({ metrics: [metricKeys[0]], filters: { [key]: key === 'known' ? true : exampleOf(key) } }).filters).toHaveLength(1)
  })
})

function exampleOf(key: string): string {
  const { dimensions } = analyticsCapabilities()
  return dimensions.find((dimension) => dimension.key === key)?.example ?? ''
}
