import { describe, expect, it } from 'vitest'
import { checkTools, toolLimits, toolProblems } from '../../adapters/mcp/check-tools.ts'
import { tools } from '../../adapters/mcp/tools.ts'

const definition = {
  name: 'list_things',
  title: 'List things',
  description: 'Things.',
  inputSchema: { type: 'object' as const, properties: { limit: { type: 'integer', description: 'Page size' } }, additionalProperties: false },
  outputSchema: { type: 'object' as const, properties: {}, additionalProperties: false },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
}
const { title: _title, ...untitled } = definition
const { outputSchema: _output, ...answerless } = definition

describe('the check of the tools', () => {
  it('finds nothing wrong with those that are offered', () => {
    expect(toolProblems(tools.map((tool) => tool.definition))).toEqual([])
  })

  it.each([
    ['a definition that costs too much', [{ ...definition, description: 'x'.repeat(4000) }], /costs 1\d{3} tokens, at most 900/],
    ['more tools than a host shows', Array.from({ length: toolLimits.tools + 1 }, (_, index) => ({ ...definition, name: `list_${'x'.repeat(index + 1)}` })), /there are 19, at most 18/],
    ['a list that costs too much', Array.from({ length: 12 }, (_, index) => ({ ...definition, name: `list_${'x'.repeat(index + 1)}`, description: 'x'.repeat(3000) })), /they cost \d+ tokens, at most 8000/],
    ['a name that is there twice', [definition, definition], /list_things is there twice/],
    ['a name in another style', [{ ...definition, name: 'listThings' }], /not named in lower case/],
    ['a tool without a title', [untitled], /lacks a title/],
    ['a tool without a schema of its answer', [answerless], /lacks a schema of its answer/],
    ['a missing hint', [{ ...definition, annotations: { readOnlyHint: true } }], /lacks one of the four hints/],
    ['an argument that nobody explains', [{ ...definition, inputSchema: { ...definition.inputSchema, properties: { limit: { type: 'integer' } } } }], /does not describe limit/],
    ['an open object, however deep', [{ ...definition, outputSchema: { ...definition.outputSchema, properties: { rows: { type: 'array', items: { type: 'object', properties: {} } } } } }], /properties that it does not declare/],
  ])('refuses %s in development and tests, and is silent elsewhere', (_, definitions, why) => {
    for (const environment of ['development', 'test']) expect(() => checkTools(definitions, environment)).toThrow(why)
    for (const environment of ['production', '']) expect(() => checkTools(definitions, environment)).not.toThrow()
  })
})
