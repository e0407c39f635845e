import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { localRead, tool } from '../../adapters/mcp/tool.ts'

const specification = { name: 'get_answer', title: 'Answer', description: 'Gives it.', hints: localRead, input: v.strictObject({}) }
const run = async () => ({ at: new Date() })

describe('a tool', () => {
  it('whose schema cannot be written as JSON Schema cannot be declared', () => {
    expect(() => tool({ ...specification, output: v.strictObject({ at: v.date() }), run })).toThrow(/date/)
    expect(() => tool({ ...specification, input: v.strictObject({ at: v.date() }), output: v.strictObject({}), run: async () => ({}) })).toThrow(/date/)
  })

  it('advertises what is in its answer: the type of each field, and the keys of the rows of a list', () => {
    const output = v.strictObject({
      id: v.number(),
      name: v.nullable(v.string()),
      items: v.array(v.strictObject({ id: v.number(), title: v.nullable(v.string()), place: v.nullable(v.strictObject({ x: v.number() })), open: v.boolean(), a: v.string(), b: v.string() })),
      kinds: v.array(v.strictObject({ kind: v.string(), count: v.number() })),
      tags: v.array(v.string()),
      owner: v.pipe(v.nullable(v.strictObject({ id: v.number() })), v.description('Who has it')),
    })
    const { definition } = tool({ ...specification, output, run: async () => ({ id: 1, name: null, items: [], kinds: [], tags: [], owner: null }) })
    expect(definition.outputSchema).toStrictEqual({
      type: 'object',
      properties: {
        id: { type: 'number' },
        name: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        items: { type: 'array', items: { type: 'object' }, description: 'id, title?, place {x}?, open, a, b' },
        kinds: { type: 'array', items: { type: 'object' } },
        tags: { type: 'array', items: { type: 'string' } },
        owner: { anyOf: [{ type: 'object' }, { type: 'null' }], description: 'Who has it' },
      },
      additionalProperties: false,
    })
  })

  it('does not compile when its answer is not what it advertises', () => {
    const output = v.strictObject({ count: v.number() })
    // @ts-expect-error -- a text is no number
    tool({ ...specification, output, run: async () => ({ count: '1' }) })
    // @ts-expect-error -- the answer lacks the field
    tool({ ...specification, output, run: async () => ({}) })
    expect(tool({ ...specification, output, run: async () => ({ count: 1 }) }).readOnlyDefinition?.annotations).toEqual(specification.hints)
  })
})
