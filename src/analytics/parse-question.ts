/** From what was given to a question that can be answered: everything is checked here, before any statement runs. */
import * as v from 'valibot'
import { toSnakeCase } from '../answers/snake-case.ts'
import { TidemarkError } from '../errors.ts'
import { nearestWord } from '../answers/nearest-word.ts'
import { parseTimeRange, type TimeRange } from '../time/phrase.ts'
import type { Dimension } from './dimension.ts'
import { dimensions as allDimensions } from './dimensions.ts'
import type { AskedFilter, FilterValue } from './filter.ts'
import { limits } from './limits.ts'
import type { Metric } from './metric.ts'
import { metrics as allMetrics } from './metrics.ts'
import { filterables, QuestionSchema, type GivenFilter } from './question-schema.ts'

export interface ParsedQuestion {
  readonly metrics: readonly Metric[]
  readonly dimensions: readonly Dimension[]
  readonly filters: readonly AskedFilter[]
  /** The filters as they were given. */
  readonly givenFilters: Readonly<Record<string, GivenFilter>>
  readonly timeZone: string
  readonly range: TimeRange
  readonly sortBy: Metric | Dimension
  readonly sortOrder: 'asc' | 'desc'
  readonly limit: number
  readonly cursor: string | undefined
  readonly other: boolean
  readonly compare: boolean
  readonly drill: boolean
  /** The values that rows must have. */
  readonly drillValues: ReadonlyMap<string, FilterValue | null>
  /** The question in the words it was asked in, without what only cuts it into pages. */
  readonly asked: unknown
}

/**
 * @param input names in camelCase or, as MCP and the command line have them, in snake_case
 * @throws TidemarkError `argument_invalid`; `details.arguments` lists the names
 */
export function parseQuestion(input: unknown, context: { readonly now: number; readonly timeZone: string }): ParsedQuestion {
  const result = v.safeParse(QuestionSchema, toSnakeCase(input))
  if (!result.success) throw refusal(result.issues.map(({ message, path }) => ({ name: nameOf(path), problem: message })))
  const given = result.output
  const metrics = allMetrics.filter(({ key }) => given.metrics.includes(key)).toSorted((a, b) => given.metrics.indexOf(a.key) - given.metrics.indexOf(b.key))
  const dimensions = allDimensions.filter(({ key }) => given.dimensions.includes(key)).toSorted((a, b) => given.dimensions.indexOf(a.key) - given.dimensions.indexOf(b.key))
  const timeZone = given.time_zone ?? context.timeZone
  const range = parseTimeRange({ from: given.from, to: given.to }, { now: context.now, timeZone })
  const drillValues = new Map(typeof given.drill === 'boolean' ? [] : Object.entries(given.drill).filter((entry): entry is [string, FilterValue | null] => entry[1] !== undefined))

  const chosen = [...dimensions, ...metrics]
  const sortBy = given.sort_by === undefined ? (dimensions.find(({ time }) => time === true) ?? metrics[0]) : chosen.find(({ key }) => key === given.sort_by)
  const problems = [
    ...(sortBy === undefined ? [{ name: '"sort_by"', problem: `must be one of the metrics or dimensions of the question: ${chosen.map(({ key }) => key).join(', ')}.${meant(given.sort_by, chosen)}` }] : []),
    ...(given.other && given.cursor !== undefined ? [{ name: '"other"', problem: 'cannot be asked for behind a cursor: it already holds what is there.' }] : []),
    ...(given.other && drillValues.size > 0 ? [{ name: '"other"', problem: 'cannot be asked for beside the values of single rows in "drill".' }] : []),
    ...(given.compare !== undefined && range.from === null ? [{ name: '"compare"', problem: 'needs a range with two ends: give "from", for example "last month".' }] : []),
    ...(given.drill !== false && given.limit > limits.drillRows ? [{ name: '"drill"', problem: `takes a "limit" of ${limits.drillRows} or less.` }] : []),
    ...[...drillValues.keys()].filter((key) => !dimensions.some((dimension) => key === dimension.key || key === `${dimension.key}_id`)).map((key) => ({ name: `"drill.${key}"`, problem: 'must be a dimension of the question.' })),
  ]
  if (sortBy === undefined || problems.length > 0) throw refusal(problems)

  const { limit, cursor, other, drill, ...asked } = given
  return {
    metrics,
    dimensions,
    filters: Object.entries(given.filters).flatMap(([key, filter]) => askedFilter(key, filter)),
    givenFilters: Object.fromEntries(Object.entries(given.filters).filter((entry): entry is [string, GivenFilter] => entry[1] !== undefined)),
    timeZone,
    range,
    sortBy,
    sortOrder: given.sort_order ?? ('kind' in sortBy ? 'desc' : 'asc'),
    limit,
    cursor,
    other,
    compare: given.compare !== undefined,
    drill: drill !== false,
    drillValues,
    asked: [asked, [...drillValues]],
  }
}

function askedFilter(key: string, filter: GivenFilter | undefined): readonly AskedFilter[] {
  const on = filterables.get(key)
  if (on === undefined || filter === undefined) return []
  const excludes = typeof filter === 'object' && filter !== null && 'not' in filter
  const given = excludes ? filter.not : filter
  const values = typeof given === 'object' && given !== null ? given : [given]
  return [{ on, excludes, values: values.filter((value) => value !== null), withNull: values.includes(null) }]
}

function meant(given: string | undefined, chosen: readonly { readonly key: string }[]): string {
  const nearest = given === undefined ? undefined : nearestWord(given, chosen.map(({ key }) => key))
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`
}

/** The argument, with the filter inside it; what stands deeper has no name. */
function nameOf(path: readonly v.IssuePathItem[] | undefined): string {
  const names = (path ?? []).map(({ key }) => key).filter((key) => typeof key === 'string').slice(0, 2)
  if (names.length === 0) return 'The question'
  return names.every((name) => /^\w{1,60}$/u.test(String(name))) ? `"${names.join('.')}"` : 'A name that is not a plain word'
}

function refusal(all: readonly { readonly name: string; readonly problem: string }[]): TidemarkError {
  const problems = [...new Map(all.map((one) => [`${one.name} ${one.problem}`, one])).values()]
  return new TidemarkError('argument_invalid', 'Cannot answer this question', {
    why: problems.map(({ name, problem }) => `${name} ${problem}`).join(' '),
    next: 'Correct what is named and ask again; get_analytics_capabilities ("tidemark metrics" on the command line) says what can be asked.',
    details: { arguments: problems.map(({ name }) => name.replaceAll('"', '')) },
  })
}
