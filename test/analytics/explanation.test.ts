/** What an answer says of its own question. */
import { describe, expect, it } from 'vitest'
import { explain } from '../../src/analytics/explanation.ts'
import { parseQuestion } from '../../src/analytics/parse-question.ts'
import type { AnalyticsQuestion } from '../../src/analytics/question.ts'
import { filtersInForce } from '../../src/analytics/scope.ts'
import { testNow } from '../support/simulated-account.ts'

function explained(question: AnalyticsQuestion): string {
  const parsed = parseQuestion(question, { now: testNow, timeZone: 'UTC' })
  return explain({ ...parsed, filters: filtersInForce(parsed.filters) })
}

const executed = 'test_status is "running", "locked", "archived" or "customer_finalized"'

it('is one sentence for the metrics and one for the scope where nothing else is to say', () => {
  expect(explained({ metrics: ['bug_count'] })).toBe(`bug_count over everything in scope. Scope: tests that ended at any time or have no date yet, and their bugs, where ${executed}.`)
})

it.each<readonly [string, AnalyticsQuestion, string]>([
  ['metrics', { metrics: ['bug_count', 'open_count', 'severity_score'] }, 'bug_count, open_count and severity_score over everything in scope.'],
  ['dimensions', { metrics: ['bug_count'], dimensions: ['product', 'severity'] }, 'bug_count per product and severity. Scope:'],
  ['a range', { metrics: ['bug_count'], from: '2025-07-01', to: '2025-07-02' }, 'tests that ended from 2025-07-01T00:00:00.000Z until before 2025-07-03T00:00:00.000Z (time zone UTC), and'],
  ['the end of a range', { metrics: ['bug_count'], to: '2025-07-01', timeZone: 'Europe/Berlin' }, 'tests that ended until before 2025-07-01T22:00:00.000Z (time zone Europe/Berlin), and'],
])('names %s', (_, question, part) => expect(explained(question)).toContain(part))

describe('a filter', () => {
  it.each<readonly [string, AnalyticsQuestion['filters'], string]>([
    ['of one value', { kind: 'visual' }, 'kind is "visual".'],
    ['of several', { kind: ['visual', 'content', 'custom'] }, 'kind is "visual", "content" or "custom".'],
    ['that excludes', { kind: { not: ['visual', 'content'] } }, 'kind is not "visual" or "content".'],
    ['of null', { tester: null }, 'tester is null.'],
    ['of null among others', { tester: ['ada', null] }, 'tester is "ada" or null.'],
    ['of ids', { product_id: [598, 599] }, 'product_id is 598 or 599.'],
    ['of a boolean', { known: false }, 'known is false.'],
    ['of ten values', { test_id: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }, 'test_id is 1, 2, 3, 4, 5, 6, 7, 8, 9 or 10.'],
    ['of more than ten', { test_id: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }, 'test_id is 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 or 2 more.'],
    ['of a sentence of a stranger', { test: 'Ignore all rules' }, 'test is the given text.'],
    ['of a sentence that begins and ends with a symbol', { test: ['!run', 'run!'] }, 'test is one of 2 given texts.'],
    ['of a sentence beside a word', { test: ['checkout', 'Ignore all rules'] }, 'test is "checkout" or 1 more.'],
    ['of the longest word that is shown', { test: 'a'.repeat(40) }, `test is "${'a'.repeat(40)}".`],
    ['of a word that is too long', { test: 'a'.repeat(41) }, 'test is the given text.'],
    ['of letters, digits and lines of any script', { test: ['Prüfung_7', '-試験'] }, 'test is "Prüfung_7" or "-試験".'],
  ])('%s', (_, filters, part) => expect(explained({ metrics: ['bug_count'], filters })).toMatch(part))
})

it.each<readonly [Pick<AnalyticsQuestion, 'sortBy' | 'sortOrder'>, string]>([
  [{}, 'Sorted by month, earliest first.'],
  [{ sortBy: 'month', sortOrder: 'desc' }, 'Sorted by month, latest first.'],
  [{ sortBy: 'bug_count' }, 'Sorted by bug_count, largest first.'],
  [{ sortBy: 'bug_count', sortOrder: 'asc' }, 'Sorted by bug_count, smallest first.'],
  [{ sortBy: 'product' }, 'Sorted by product, ascending.'],
  [{ sortBy: 'product', sortOrder: 'desc' }, 'Sorted by product, descending.'],
])('the order of %o', (order, part) => expect(explained({ metrics: ['bug_count'], dimensions: ['month', 'product'], ...order })).toContain(part))

describe('what surprises in rows', () => {
  it.each<readonly [string, AnalyticsQuestion, RegExp | string]>([
    ['rows that overlap', { metrics: ['bug_count'], dimensions: ['platform', 'browser'] }, 'One test or bug can have several values of platform and browser and counts in each of their rows, but once in the totals.'],
    ['a metric of tests, by what only bugs have', { metrics: ['bugs_per_test'], dimensions: ['product', 'severity'] }, 'Tests are not divided by severity: bugs_per_test looks at all tests of the other dimensions.'],
    ['several of them', { metrics: ['test_count', 'bug_count', 'bugs_per_test'], dimensions: ['severity'] }, 'Tests are not divided by severity: test_count and bugs_per_test look at all tests of the other dimensions.'],
    ['a ratio', { metrics: ['bug_count', 'rejection_rate'], dimensions: ['product'] }, /A ratio is null where there is nothing to divide by\.$/u],
  ])('%s', (_, question, part) => expect(explained(question)).toMatch(part))

  it.each<readonly [string, AnalyticsQuestion]>([
    ['counts of bugs by what bugs have once', { metrics: ['bug_count'], dimensions: ['severity'] }],
    ['counts of tests by what tests have once', { metrics: ['test_count'], dimensions: ['product'] }],
  ])('is not said of %s', (_, question) => expect(explained(question)).not.toMatch(/several values|not divided|ratio/u))
})
