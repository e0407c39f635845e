/**
 * What to tell somebody whose words found nothing, where the list of words is open, so that an unknown one is no mistake, but
 * they are compared as TestIO writes them: "ios" finds nothing, and that looks like an answer.
 */
import { listed } from '../../src/answers/listed.ts'

/** Filters of lists, and the dimension whose groups are their words. */
const dimensionOf: Readonly<Record<string, string>> = {
  testing_types: 'testing_type', kinds: 'kind', rejection_reasons: 'rejection_reason', testers: 'tester', platforms: 'platform',
}

/** For a list without items; undefined when it was not filtered by such words. */
export function exactWordsHint(filters: Readonly<Record<string, unknown>>): string | undefined {
  const names = Object.keys(dimensionOf).filter((name) => filters[name] !== undefined)
  if (names.length === 0) return undefined
  return `Nothing was found. ${listed(names)} must be written as TestIO does, also in case: query_metrics by ${listed(names.map((name) => dimensionOf[name] ?? ''))} shows which there are.`
}

/** For a question of analytics that counted nothing. */
export function exactFiltersHint(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  return `Nothing was counted. ${listed(names)} must be written as TestIO does, also in case: leave the filter out and group by it to see which there are.`
}
