/**
 * The arguments of a question, checked one by one: each message is the end of a sentence that begins with the name of its
 * argument, and names what would be valid and what was probably meant. It repeats no value that was given.
 */
import * as v from 'valibot'
import { nearestWord } from '../answers/nearest-word.ts'
import { isObject } from '../is-object.ts'
import { isStorableText } from '../storage/storable-text.ts'
import { isTimeZone } from '../time/time-zone.ts'
import { dimensionKeys, dimensions } from './dimensions.ts'
import type { Filterable } from './dimension.ts'
import type { FilterValue } from './filter.ts'
import { idFilters } from './id-filters.ts'
import { limits } from './limits.ts'
import { metricKeys } from './metrics.ts'

type GivenValue = FilterValue | null
export type GivenFilter = GivenValue | readonly GivenValue[] | { readonly not: GivenValue | readonly GivenValue[] }

export const filterables: ReadonlyMap<string, Filterable> = new Map([...dimensions, ...idFilters].map((filterable) => [filterable.key, filterable]))

const text = v.pipe(v.string('must be text.'), v.trim(), v.nonEmpty('must be filled in; leave it out for none.'), v.maxLength(500, 'must be shorter.'))
const flag = v.optional(v.boolean('must be true or false.'), false)

/** One of the words, whichever it is. */
function word<const Word extends string>(words: readonly Word[], kind: string) {
  return v.picklist(words, ({ input }) => `must be ${kind}: ${words.join(', ')}.${meant(input, words)}`)
}

function wordList<const Word extends string>(words: readonly Word[], kind: string) {
  return v.array(word(words, kind), 'must be a list, also for one word: ["…"].')
}

/** A value of a dimension, as a filter or a drill names it. */
function valueOf({ valueType, values, pattern, nullable, example }: Filterable & { readonly example?: string }): v.GenericSchema<unknown, GivenValue> {
  const orNull = nullable ? ' or null' : ''
  const single = (): v.GenericSchema<unknown, FilterValue> => {
    if (values !== undefined) return word(values, nullable ? 'null or one of' : 'one of')
    switch (valueType) {
      case 'boolean':
        return v.boolean(`must be true or false${orNull}.`)
      case 'id':
        return v.pipe(v.number(`must be an id, a whole number${orNull}.`), v.safeInteger('must be an id, a whole number.'), v.minValue(1, 'must be an id, 1 or more.'))
      case 'text': {
        const storable = v.pipe(
          v.string(`must be text${orNull}.`),
          v.maxLength(2000, 'must be shorter.'),
          v.check(isStorableText, 'holds a character that no stored text has.'),
        )
        return pattern === undefined ? storable : v.pipe(storable, v.regex(pattern, `must have the form ${example ?? ''}.`))
      }
      default:
        throw new TypeError(`unknown type of values ${String(valueType satisfies never)}`)
    }
  }
  return nullable ? v.nullable(single()) : single()
}

function filterOn(filterable: Filterable): v.GenericSchema<unknown, GivenFilter> {
  const value = valueOf(filterable)
  const list = v.pipe(
    v.array(value),
    v.minLength(1, 'must not be an empty list; leave it out for all.'),
    v.maxLength(limits.filterValues, `must not have more than ${limits.filterValues} values.`),
  )
  const anyOf = v.lazy((input) => (Array.isArray(input) ? list : value))
  const not = v.strictObject({ not: anyOf }, 'must be a value, a list of values, or { "not": … } with one of them.')
  return v.lazy((input) => (isObject(input) ? not : anyOf))
}

const filterKeys = [...filterables.keys()]
const Filters = v.strictObject(
  Object.fromEntries([...filterables].map(([key, filterable]) => [key, v.optional(filterOn(filterable))])),
  (issue) => unknownKey(issue, filterKeys, 'is no filter', 'must be an object: { "severity": "high" }.'),
)

const drillKeys = dimensions.flatMap(({ key }) => [key, `${key}_id`])
const Drill = v.strictObject(
  Object.fromEntries(dimensions.flatMap((dimension) => [
    [dimension.key, v.optional(valueOf(dimension))],
    [`${dimension.key}_id`, v.optional(valueOf({ key: dimension.key, valueType: 'id', nullable: true }))],
  ])),
  (issue) => unknownKey(issue, drillKeys, 'is no dimension', 'must be true, or an object with the values of a row.'),
)

const entries = {
  metrics: v.pipe(wordList(metricKeys, 'a metric'), v.minLength(1, `must name at least one metric: ${metricKeys.join(', ')}.`)),
  dimensions: v.optional(v.pipe(wordList(dimensionKeys, 'a dimension'), v.maxLength(limits.dimensions, `must name at most ${limits.dimensions} dimensions.`)), []),
  filters: v.optional(Filters, {}),
  from: v.optional(text),
  to: v.optional(text),
  time_zone: v.optional(v.pipe(v.string('must be text.'), v.check(isTimeZone, 'must be the IANA name of a time zone, for example UTC, Europe/Berlin or America/New_York.'))),
  sort_by: v.optional(v.string('must be one of the metrics or dimensions of the question.')),
  sort_order: v.optional(word(['asc', 'desc'], 'one of')),
  limit: v.optional(
    v.pipe(v.number('must be a number.'), v.integer('must be a whole number.'), v.minValue(1, 'must be 1 or more.'), v.maxValue(limits.rows, `must be ${limits.rows} or less.`)),
    limits.defaultRows,
  ),
  cursor: v.optional(v.pipe(v.string('must be text.'), v.maxLength(20_000, 'is no cursor.'))),
  other: flag,
  compare: v.optional(word(['previous'], 'one of')),
  drill: v.optional(v.lazy((input) => (isObject(input) ? Drill : v.boolean('must be true or false, or an object with the values of a row.'))), false),
}

const argumentNames = Object.keys(entries)

/** All arguments, by the names of the contract. */
export const QuestionSchema = v.strictObject(entries, (issue) => unknownKey(issue, argumentNames, 'is no argument', 'must be an object with the arguments of the question.'))

function unknownKey(issue: v.StrictObjectIssue, valid: readonly string[], problem: string, otherwise: string): string {
  if (issue.expected !== 'never') return issue.received === 'undefined' ? 'is missing.' : otherwise
  return `${problem}: valid are ${valid.join(', ')}.${meant(issue.path?.at(-1)?.key, valid)}`
}

function meant(given: unknown, words: readonly string[]): string {
  const nearest = typeof given === 'string' ? nearestWord(given, words) : undefined
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`
}
