/** A question in plain words: what is counted, of what, in which order, and what surprises in such rows. */
import { listed } from '../answers/listed.ts'
import type { TimeRange } from '../time/phrase.ts'
import { isBugLevel, isMany, type Dimension } from './dimension.ts'
import type { AskedFilter, FilterValue } from './filter.ts'
import { countsOf, type Metric } from './metric.ts'

export interface ExplainedQuestion {
  readonly metrics: readonly Metric[]
  readonly dimensions: readonly Dimension[]
  /** All that are in force. */
  readonly filters: readonly AskedFilter[]
  readonly range: TimeRange
  readonly timeZone: string
  readonly sortBy: Metric | Dimension
  readonly sortOrder: 'asc' | 'desc'
}

export function explain({ metrics, dimensions, filters, range, timeZone, sortBy, sortOrder }: ExplainedQuestion): string {
  const keys = (of: readonly { readonly key: string }[]): string => listed(of.map(({ key }) => key), 'and')
  const bugLevel = dimensions.filter(isBugLevel)
  const many = dimensions.filter(isMany)
  const perTest = metrics.filter((metric) => countsOf(metric).some(({ over }) => over === 'tests'))
  return [
    `${keys(metrics)} ${dimensions.length === 0 ? 'over everything in scope' : `per ${keys(dimensions)}`}.`,
    `Scope: tests that ended ${rangeText(range, timeZone)}, and their bugs, where ${listed(filters.map(filterText), 'and')}.`,
    dimensions.length === 0 ? '' : `Sorted by ${sortBy.key}, ${orderText(sortBy, sortOrder)}.`,
    many.length === 0 ? '' : `One test or bug can have several values of ${keys(many)} and counts in each of their rows, but once in the totals.`,
    bugLevel.length === 0 || perTest.length === 0 ? '' : `Tests are not divided by ${keys(bugLevel)}: ${keys(perTest)} ${perTest.length === 1 ? 'looks' : 'look'} at all tests of the other dimensions.`,
    metrics.some(({ kind }) => kind === 'ratio') ? 'A ratio is null where there is nothing to divide by.' : '',
  ].filter((sentence) => sentence !== '').join(' ')
}

function rangeText({ from, to }: TimeRange, timeZone: string): string {
  // What has a beginning has an end, now if no other.
  if (to === null) return 'at any time or have no date yet'
  return `${from === null ? '' : `from ${from} `}until before ${to} (time zone ${timeZone})`
}

const shownValues = 10

function filterText({ on, excludes, values, withNull }: AskedFilter): string {
  const shown = values.filter(isShown).slice(0, shownValues)
  const left = values.length - shown.length
  const rest = left === 0 ? [] : [shown.length > 0 ? `${left} more` : left === 1 ? 'the given text' : `one of ${left} given texts`]
  return `${on.key} is ${excludes ? 'not ' : ''}${listed([...shown.map((value) => JSON.stringify(value)), ...rest, ...(withNull ? ['null'] : [])], 'or')}`
}

/** A sentence of a stranger, such as the title of a test, is no part of an explanation; it stands in the filters. */
function isShown(value: FilterValue): boolean {
  return /^[\p{L}\p{N}_-]{1,40}$/u.test(String(value))
}

function orderText(sortBy: Metric | Dimension, sortOrder: 'asc' | 'desc'): string {
  if ('kind' in sortBy) return sortOrder === 'desc' ? 'largest first' : 'smallest first'
  if (sortBy.time === true) return sortOrder === 'desc' ? 'latest first' : 'earliest first'
  return sortOrder === 'desc' ? 'descending' : 'ascending'
}
