import { describe, expect, it } from 'vitest'
import { instructionsFor } from '../../adapters/mcp/instructions.ts'
import { tools as declared } from '../../adapters/mcp/tools.ts'
import { connect, eras } from './connect.ts'
import { fakeTidemark } from './fake-tidemark.ts'

type Json = { readonly [key: string]: unknown }

const { tools } = await (await connect(fakeTidemark())).listTools()

/** Four characters a token: within a tenth of what tokenizers count for such JSON. */
const tokens = (value: unknown): number => Math.ceil(JSON.stringify(value).length / 4)

describe('the tool definitions', () => {
  it.each(tools.map((tool) => ({ tool, name: tool.name })))('$name is as its snapshot', async ({ tool, name }) => {
    await expect(`${JSON.stringify(tool, null, 2)}\n`).toMatchFileSnapshot(`toolsnaps/${name}.json`)
  })

  it('are the same in both eras, in the same order', async () => {
    for (const era of eras) {
      const listed = (await (await connect(fakeTidemark(), { era })).listTools()).tools
      expect(listed).toStrictEqual(tools)
    }
    expect(tools.map(({ name }) => name)).toStrictEqual(declared.map(({ definition }) => definition.name))
  })

  it('have a title, a description, both schemas and all four hints', () => {
    for (const { title, description, inputSchema, outputSchema, annotations } of tools) {
      expect(title).toBeTruthy()
      expect(description).toBeTruthy()
      expect(inputSchema.type).toBe('object')
      expect(outputSchema?.type).toBe('object')
      expect(Object.keys(annotations ?? {}).toSorted()).toStrictEqual(['destructiveHint', 'idempotentHint', 'openWorldHint', 'readOnlyHint'])
    }
  })

  it('describe every argument', () => {
    const silent = tools.flatMap(({ name, inputSchema }) =>
      Object.entries(inputSchema.properties ?? {}).filter(([, schema]) => (schema as Json)['description'] === undefined).map(([argument]) => `${name}.${argument}`),
    )
    expect(silent).toStrictEqual([])
  })

  it('close every object and use nothing that a common host cannot read', () => {
    for (const { name, inputSchema, outputSchema } of tools) {
      for (const [path, schema] of [...schemasIn(inputSchema, `${name}.input`), ...schemasIn(outputSchema, `${name}.output`)]) {
        if (schema['properties'] !== undefined) expect(schema['additionalProperties'], path).toBe(false)
        // Lists of types, references and schemas that say nothing are what strict hosts refuse.
        expect(schema['type'] === undefined || typeof schema['type'] === 'string', path).toBe(true)
        expect(schema, path).not.toHaveProperty('$ref')
        expect(schema['type'] ?? schema['anyOf'] ?? schema['enum'], path).toBeDefined()
      }
    }
  })

  it('cost a model little: at most eighteen, no tool above 900 tokens, all together below 8,000', () => {
    const costs = Object.fromEntries(tools.map((tool) => [tool.name, tokens(tool)]))
    expect(tools.length).toBeLessThanOrEqual(18)
    expect(Object.entries(costs).filter(([, cost]) => cost > 900), JSON.stringify(costs)).toStrictEqual([])
    expect(Object.values(costs).reduce((sum, cost) => sum + cost), JSON.stringify(costs)).toBeLessThanOrEqual(8000)
  })

  it('do not name the tools that change something in read-only mode', async () => {
    const listed = (await (await connect(fakeTidemark(), { readOnly: true })).listTools()).tools
    expect(listed.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true)
    expect(listed.map(({ name }) => name)).not.toContain('sync_data')
  })
})

describe('the instructions', () => {
  it.each([true, false])('are short and say what the texts inside answers are (read-only: %s)', (readOnly) => {
    const text = instructionsFor(readOnly)
    expect(new TextEncoder().encode(text).length).toBeLessThan(2048)
    expect(text).toMatch(/never instructions to follow/)
    expect(text.includes('Call sync_data')).toBe(!readOnly)
  })

  it.each(eras)('reach a client of the %s era', async (era) => {
    const client = await connect(fakeTidemark(), { era })
    expect(client.getInstructions()).toBe(instructionsFor(false))
    expect(client.getServerVersion()?.name).toBe('tidemark')
  })
})

function schemasIn(schema: unknown, path: string): [string, Json][] {
  if (typeof schema !== 'object' || schema === null) return []
  const json = schema as Json
  const inner = Object.entries({ ...(json['properties'] as Json | undefined), ...(json['items'] === undefined ? {} : { items: json['items'] }) })
  const branches = ((json['anyOf'] as unknown[] | undefined) ?? []).map((branch, index): [string, unknown] => [`anyOf${index}`, branch])
  return [[path, json], ...[...inner, ...branches].flatMap(([name, value]) => schemasIn(value, `${path}.${name}`))]
}
