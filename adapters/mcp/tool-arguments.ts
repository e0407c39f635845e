/**
 * Parses what a client sent to a tool. A refusal names every wrong argument, what would be accepted and the nearest valid
 * word; it repeats no value, only argument names that are plain words.
 */
import * as v from 'valibot'
import { nearestWord } from '../../src/answers/nearest-word.ts'
import { TidemarkError } from '../../src/errors.ts'
import { cleanTexts } from './clean-text.ts'

export type ArgumentSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>

/** Of a list with a thousand wrong words nobody reads more. */
const maxProblems = 6

/** @throws TidemarkError `argument_invalid` */
export function parseArguments<Schema extends ArgumentSchema>(tool: string, schema: Schema, input: unknown): v.InferOutput<Schema> {
  // A client can only ask for text as it was shown to it.
  const result = v.safeParse(schema, cleanTexts(input))
  if (result.success) return result.output
  const problems = result.issues.map((issue) => problemOf(issue, schema))
  const meant = [...new Set(problems.slice(0, maxProblems).flatMap(({ nearest }) => (nearest === undefined ? [] : [`"${nearest}"`])))]
  throw new TidemarkError('argument_invalid', `Cannot call ${tool} with these arguments`, {
    why: problems.slice(0, maxProblems).map(({ text }) => text).join(' ') + (problems.length > maxProblems ? ` And ${problems.length - maxProblems} more of the kind.` : ''),
    next: `${meant.length === 0 ? '' : `Did you mean ${meant.join(' and ')}? `}Correct what is named and call ${tool} again.`,
    details: { arguments: problems.map(({ name }) => name) },
  })
}

interface Problem {
  readonly name: string
  readonly text: string
  readonly nearest?: string | undefined
}

function problemOf(issue: v.BaseIssue<unknown>, schema: ArgumentSchema): Problem {
  const name = nameOf(issue)
  const keys = issue.path?.map(({ key }) => key) ?? []
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const names = namesInside(schema, keys.slice(0, -1))
    const valid = names.length === 0 ? 'it takes none' : `valid ones are ${names.join(', ')}`
    return { name, text: `${name} is not an argument: ${valid}.`, nearest: nearestWord(String(keys.at(-1)), names) }
  }
  if (issue.type === 'strict_object' && issue.received === 'undefined') return { name, text: `${name} is missing.` }
  const words = issue.type === 'picklist' ? [...(issue.expected ?? '').matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '') : []
  if (words.length > 0) {
    const nearest = typeof issue.input === 'string' ? nearestWord(issue.input, words) : undefined
    return { name, text: `${name} must be one of ${words.join(', ')}.`, nearest }
  }
  return { name, text: `${name} must be ${issue.type === 'strict_object' ? `an object with ${namesInside(schema, keys).join(', ')}` : expectationOf(issue)}${hintOf(issue, schema)}.` }
}

/** What is needed cannot be left out. */
function hintOf({ type, path }: v.BaseIssue<unknown>, schema: ArgumentSchema): string {
  if (schema.entries[String(path?.[0]?.key)]?.type !== 'optional') return ''
  if (type === 'min_length') return '; leave it out for all'
  return type === 'non_empty' ? ', or left out' : ''
}

/** What an object at this place among the arguments may hold. */
function namesInside(schema: unknown, keys: readonly unknown[]): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  if ('wrapped' in schema) return namesInside(schema.wrapped, keys)
  if (!('entries' in schema) || typeof schema.entries !== 'object' || schema.entries === null) return []
  const [key, ...rest] = keys
  if (key === undefined) return Object.keys(schema.entries)
  return namesInside(Object.entries(schema.entries).find(([name]) => name === key)?.[1], rest)
}

function nameOf(issue: v.BaseIssue<unknown>): string {
  const keys = issue.path?.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('').slice(1) ?? ''
  return /^\w{1,60}(\.\w{1,60})*(\[\d+\])?$/.test(keys) ? `"${keys}"` : 'A name that is not a plain word'
}

function expectationOf(issue: v.BaseIssue<unknown>): string {
  const bound = String(issue.requirement)
  switch (issue.type) {
    case 'array':
      return 'a list, also for one value: ["…"] or [1]'
    case 'string':
      return 'text'
    case 'number':
      return 'a number'
    case 'boolean':
      return 'true or false'
    case 'record':
      return 'an object'
    case 'union':
      return 'true, false or an object'
    case 'integer':
    case 'safe_integer':
      return 'a whole number'
    case 'gt_value':
      return `more than ${bound}`
    case 'min_value':
      return `${bound} or more`
    case 'max_value':
      return `${bound} or less`
    case 'min_length':
      return `a list of at least ${bound}`
    case 'max_length':
      return `no longer than ${bound}`
    case 'non_empty':
      return 'filled in'
    default:
      return 'of another kind'
  }
}
