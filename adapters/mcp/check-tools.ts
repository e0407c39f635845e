/**
 * What the list of tools has to keep, since a model pays for it before every conversation and one bad definition makes hosts
 * refuse all of them. Checked where programs are developed and tested; a published server was checked by then.
 */
import type { Tool as ToolDefinition } from '@modelcontextprotocol/server'
import { isObject } from '../../src/is-object.ts'

/** Tokens are reckoned as four characters of JSON, which is within a tenth of what tokenizers count. */
export const toolLimits = { tools: 18, tokens: 8000, tokensOfOne: 900 } as const

/** @throws TypeError with everything that is wrong, where `NODE_ENV` is `development` or `test` */
export function checkTools(definitions: readonly ToolDefinition[], environment: string | undefined = process.env['NODE_ENV']): void {
  if (environment !== 'development' && environment !== 'test') return
  const problems = toolProblems(definitions)
  if (problems.length > 0) throw new TypeError(`Cannot offer these tools: ${problems.join('; ')}`)
}

/** Everything that is wrong, each in words. */
export function toolProblems(definitions: readonly ToolDefinition[]): readonly string[] {
  const names = definitions.map(({ name }) => name)
  const total = tokensOf(definitions)
  return [
    ...(definitions.length > toolLimits.tools ? [`there are ${definitions.length}, at most ${toolLimits.tools} are allowed`] : []),
    ...(total > toolLimits.tokens ? [`they cost ${total} tokens, at most ${toolLimits.tokens} are allowed`] : []),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`),
    ...definitions.flatMap((definition) => problemsOf(definition).map((problem) => `${definition.name} ${problem}`)),
  ]
}

function problemsOf(definition: ToolDefinition): readonly string[] {
  const { name, title, description, inputSchema, outputSchema, annotations = {} } = definition
  const tokens = tokensOf(definition)
  const hints = [annotations.readOnlyHint, annotations.destructiveHint, annotations.idempotentHint, annotations.openWorldHint]
  const undescribed = Object.entries(inputSchema.properties ?? {}).filter(([, schema]) => !isObject(schema) || schema['description'] === undefined)
  return [
    ...(/^[a-z][a-z_]{0,62}$/.test(name) ? [] : ['is not named in lower case with underscores']),
    ...(title === undefined || description === undefined ? ['lacks a title or a description'] : []),
    ...(outputSchema === undefined ? ['lacks a schema of its answer'] : []),
    ...(hints.includes(undefined) ? ['lacks one of the four hints'] : []),
    ...(tokens > toolLimits.tokensOfOne ? [`costs ${tokens} tokens, at most ${toolLimits.tokensOfOne} are allowed`] : []),
    ...undescribed.map(([argument]) => `does not describe ${argument}`),
    ...(isClosed(inputSchema) && isClosed(outputSchema) ? [] : ['takes or gives properties that it does not declare']),
  ]
}

/** Whether every object that declares properties allows no others. */
function isClosed(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isClosed)
  if (!isObject(schema)) return true
  return (schema['properties'] === undefined || schema['additionalProperties'] === false) && Object.values(schema).every(isClosed)
}

function tokensOf(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / 4)
}
