/** From the flags of `tidemark query` to a question. Which words there are, and what fits them, the question itself checks. */
import type { AnalyticsQuestion } from '../../../src/analytics/question.ts'
import { dimensions } from '../../../src/analytics/dimensions.ts'
import { TidemarkError } from '../../../src/errors.ts'

export interface QueryFlags {
  readonly metrics: readonly string[]
  readonly dimensions?: readonly string[] | undefined
  readonly where?: readonly string[] | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly timeZone?: string | undefined
  readonly sortBy?: string | undefined
  readonly sortOrder?: string | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
  readonly other?: boolean | undefined
  readonly compare?: string | undefined
  readonly drill?: boolean | undefined
}

/** @throws TidemarkError `argument_invalid` for a condition that cannot be read */
export function toQuestion({ where = [], ...flags }: QueryFlags): AnalyticsQuestion {
  // Not known to be one before the query has checked it, which names what would be valid.
  return { ...flags, filters: toFilters(where) } as AnalyticsQuestion
}

type Value = string | number | boolean | null
type Filter = readonly Value[] | { readonly not: readonly Value[] }

/** Conditions on one key add up: `kind=visual` and `kind=content` is either of them. */
function toFilters(conditions: readonly string[]): Readonly<Record<string, Filter>> {
  const wanted = new Map<string, readonly Value[]>()
  const unwanted = new Map<string, readonly Value[]>()
  for (const condition of conditions) {
    const { key, excludes, values } = readCondition(condition)
    const side = excludes ? unwanted : wanted
    side.set(key, [...(side.get(key) ?? []), ...values])
    if (wanted.has(key) && unwanted.has(key)) throw refusal('One key is both asked for with = and left out with !=.', 'Keep one of the two: what is not among the wanted values is left out anyway.')
  }
  return Object.fromEntries([...wanted, ...[...unwanted].map(([key, not]) => [key, { not }] as const)])
}

function readCondition(condition: string): { readonly key: string; readonly excludes: boolean; readonly values: readonly Value[] } {
  const [, key, operator, text = ''] = /^\s*(\w+)\s*(!?=)\s*(.*?)\s*$/s.exec(condition) ?? []
  const values = text.startsWith('[') ? jsonValues(text) : text.split(',').map((word) => word.trim()).filter((word) => word !== '')
  if (key === undefined || values === undefined || values.length === 0) {
    throw refusal('A condition is not of the form KEY=VALUE.', 'Write for example severity=high,critical or \'outcome!=rejected\'; null is no value, and values with commas stand in a JSON list: feature=["A, b"].')
  }
  return { key, excludes: operator === '!=', values: values.map((value) => (text.startsWith('[') ? value : typed(key, value))) }
}

function jsonValues(text: string): readonly Value[] | undefined {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every(isValue) ? list : undefined
  } catch {
    return undefined
  }
}

function isValue(value: unknown): value is Value {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** A word of the command line in the type that the key has. */
function typed(key: string, word: Value): Value {
  if (word === 'null') return null
  if (key.endsWith('_id') && /^\d+$/.test(String(word))) return Number(word)
  const isBoolean = dimensions.some((dimension) => dimension.key === key && dimension.valueType === 'boolean')
  return isBoolean && (word === 'true' || word === 'false') ? word === 'true' : word
}

function refusal(why: string, next: string): TidemarkError {
  return new TidemarkError('argument_invalid', 'Cannot read --where', { why, next })
}
