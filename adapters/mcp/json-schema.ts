/**
 * Valibot schema → the JSON Schema that a tool advertises. Throws on a schema that cannot be written as one, so that a
 * server with a bad tool does not start instead of failing at the first `tools/list`.
 *
 * Definitions are read by a model before every conversation, so they are kept short: arguments leave out bounds that hardly
 * anybody meets, and name what lies inside them; answers spell out their own fields, name those of the rows of a list, leave
 * out what lies deeper and which fields are always there. The valibot schemas stay complete, and both sides are checked by them.
 */
import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'

export interface ObjectJsonSchema {
  readonly type: 'object'
  readonly [keyword: string]: unknown
}

/** For arguments. JSON Schema 2020-12, the dialect that MCP assumes when a schema names none. */
export function inputSchemaOf(schema: GenericSchema): ObjectJsonSchema {
  const { $schema: _dialect, required, properties = {}, ...json } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    errorMode: 'throw',
    ignoreActions: ['trim', 'non_empty', 'min_length', 'max_length', 'min_value', 'gt_value'],
    overrideAction: integerAction,
  })
  const fields = Object.entries(properties).map(([name, field]) => [name, withNamedKeys(withoutOpenEnds(toJson(field)))])
  return { ...json, properties: Object.fromEntries(fields), ...(required?.length === 0 ? {} : { required }), type: 'object' }
}

/** For answers: the type of every field; of the rows of a list the keys, with `?` behind those that can be null. */
export function outputSchemaOf(schema: GenericSchema): ObjectJsonSchema {
  const json = toJsonSchema(schema, { target: 'draft-2020-12', typeMode: 'output', errorMode: 'throw', overrideAction: integerAction })
  const fields = Object.entries(propertiesOf(json)).map(([name, field]) => [name, outline(name, field)])
  return { type: 'object', properties: Object.fromEntries(fields), additionalProperties: false }
}

type Json = ReturnType<typeof toJsonSchema>

/** Without the schemas that allow anything, which say nothing and which strict hosts refuse. */
function withoutOpenEnds(schema: Json): Json {
  if (schema.anyOf !== undefined) return { ...schema, anyOf: schema.anyOf.map((branch) => withoutOpenEnds(toJson(branch))) }
  const { additionalProperties: open, ...closed } = schema
  return typeof open === 'object' && Object.keys(open).length === 0 ? closed : schema
}

/** A whole number without the bounds of a double, which are nothing that a client need read. */
function integerAction({ valibotAction, jsonSchema }: { readonly valibotAction: { readonly type: string }; readonly jsonSchema: Json }): Json | undefined {
  if (valibotAction.type !== 'safe_integer') return undefined
  const { minimum: _minimum, maximum: _maximum, ...whole } = jsonSchema
  return { ...whole, type: 'integer' }
}

/** Answers of lists and of syncs: the rows that a caller walks through. Others speak for themselves, or are those of a list. */
const walkedThrough: ReadonlySet<string> = new Set(['items', 'steps', 'streams'])

function outline(name: string, field: Json): Json {
  const description = field.description ?? (walkedThrough.has(name) ? keysOf(field) : undefined)
  const described = description === undefined ? {} : { description }
  if (field.anyOf !== undefined) return { anyOf: field.anyOf.map((branch) => shallow(toJson(branch))), ...described }
  return { ...shallow(field), ...described }
}

/** Without what lies inside. */
function shallow(schema: Json): Json {
  if (schema.type === 'array') return { type: 'array', items: shallow(itemsOf(schema)) }
  if (schema.type === 'object') return { type: 'object' }
  return schema
}

/** An object among the arguments, with its keys in words: each of its levels would cost as much as an argument. */
function withNamedKeys(schema: Json): Json {
  const keys = schema.type === 'object' ? keysOf(schema) : undefined
  return keys === undefined ? schema : { type: 'object', description: [schema.description, keys].filter((text) => text !== undefined).join(': ') }
}

/** `id, title?, environment {id?, title?}?` for objects, lists of objects and either or null; undefined for anything else. */
function keysOf(schema: Json): string | undefined {
  if (schema.anyOf !== undefined) return schema.anyOf.map((branch) => keysOf(toJson(branch))).find((keys) => keys !== undefined)
  if (schema.type === 'array') return keysOf(itemsOf(schema))
  const names = Object.entries(propertiesOf(schema)).map(([name, inner]) => {
    const keys = keysOf(inner)
    const optional = inner.anyOf?.some((branch) => toJson(branch).type === 'null') === true ? '?' : ''
    return `${name}${keys === undefined ? '' : ` {${keys}}`}${optional}`
  })
  return names.length === 0 ? undefined : names.join(', ')
}

function propertiesOf(schema: Json): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, toJson(inner)]))
}

function itemsOf(schema: Json): Json {
  return schema.items === undefined || Array.isArray(schema.items) ? {} : toJson(schema.items)
}

/** A schema may also be written as true or false; the converter does not, but its type allows it. */
function toJson(schema: Json | boolean): Json {
  return typeof schema === 'boolean' ? {} : schema
}
