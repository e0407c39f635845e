/** Validation of list options: once, at the boundary, with every mistake named. */
import * as v from 'valibot'
import { TidemarkError } from '../errors.ts'
import { isStorableText } from '../storage/storable-text.ts'

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
/** Else it would be refused where it is bound, without the name of the option. */
const storable = v.check(isStorableText, 'text without NUL or halves of characters, which no stored text has')
const text = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(500), storable)
/** Compared with what is stored, as it is: upstream names may have white space around them. */
const word = v.pipe(v.string(), v.check((value) => value.trim() !== '', 'filled in'), v.maxLength(500), storable)

/** Schemas of the options that several lists share. */
export const option = {
  id,
  ids: v.optional(v.pipe(v.array(id), v.minLength(1), v.maxLength(1000))),
  text: v.optional(text),
  texts: v.optional(v.pipe(v.array(word), v.minLength(1), v.maxLength(200))),
  flag: v.optional(v.boolean()),
} as const

/** Where a page begins and how long it is, with defaults. */
export const pageEntries = {
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 20),
  offset: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(4000))),
} as const

/** The options that all lists take, with their defaults, for a list with these sort keys. */
export function pagingEntries<SortKey extends string>(sorts: Readonly<Record<SortKey, unknown>>) {
  const keys = Object.keys(sorts)
  return {
    ...pageEntries,
    sortBy: v.optional(v.custom<SortKey>((value) => typeof value === 'string' && keys.includes(value), `one of ${keys.join(', ')}`)),
    sortOrder: v.optional(v.picklist(['asc', 'desc'])),
    includeDeleted: v.optional(v.boolean(), false),
  }
}

/**
 * @param what the attempted action, for the first line of the error
 * @throws TidemarkError `argument_invalid` where both say where to begin
 */
export function requireOneStart(what: string, { offset, cursor }: { readonly offset?: number | undefined; readonly cursor?: string | undefined }): void {
  if (cursor === undefined || offset === undefined) return
  throw new TidemarkError('argument_invalid', `Cannot ${what}`, {
    why: 'Both "offset" and "cursor" are given, and they would disagree.',
    next: 'Give one of them; a cursor goes on where its page ended.',
    details: { arguments: ['offset', 'cursor'] },
  })
}

/**
 * @param what the attempted action, for the first line of the error
 * @throws TidemarkError `argument_invalid`; `details.arguments` lists the names
 */
export function parseOptions<S extends v.GenericSchema>(what: string, schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  const problems = result.issues.map(describe)
  throw new TidemarkError('argument_invalid', `Cannot ${what}`, {
    why: problems.map((problem) => problem.text).join(' '),
    next: 'Correct the named options and call again.',
    details: { arguments: problems.map((problem) => problem.name) },
  })
}

/** The issue without the received value: that may be text of a stranger. */
function describe(issue: v.BaseIssue<unknown>): { readonly name: string; readonly text: string } {
  const name = v.getDotPath(issue) ?? 'options'
  if (issue.type === 'strict_object' && issue.expected === 'never') return { name, text: `Unknown option "${name.slice(0, 60)}".` }
  return { name, text: `Option "${name}" must be ${expectationOf(issue)}.` }
}

function expectationOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'custom' || issue.type === 'check') return issue.message
  if (issue.type === 'non_empty') return 'filled in'
  if (issue.type === 'min_length') return `a list of at least ${String(issue.requirement)}`
  if (issue.type === 'max_length') return `no longer than ${String(issue.requirement)}`
  return issue.expected ?? 'valid'
}
