/** Values that are there when a column gets another type mean the same afterwards, and again after the way back. */
import { describe, expect, it } from 'vitest'
import { applyOperation } from '../../../src/migrate/apply-operation.ts'
import { planChanges } from '../../../src/migrate/autogenerate/plan-changes.ts'
import { reverseDifferences } from '../../../src/migrate/autogenerate/reverse-differences.ts'
import { conversion, isSameFamily } from '../../../src/migrate/autogenerate/type-conversion.ts'
import { buildSchema } from '../../../src/migrate/build-schema.ts'
import type { Operation } from '../../../src/migrate/operation.ts'
import { c } from '../../../src/schema/column.ts'
import { compareSchemas } from '../../../src/schema/compare-schemas.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import { type Columns, type Schema, defaultNaming as naming, defineSchema, table } from '../../../src/schema/table.ts'
import type { SqlValue, Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

interface Change {
  readonly from: Columns[string]
  readonly to: Columns[string]
  readonly values: readonly SqlValue[]
  readonly become: readonly SqlValue[]
  /** Where it is not as it was. */
  readonly back?: readonly SqlValue[]
}

const changes: Readonly<Record<string, Change>> = {
  number_to_boolean: { from: c.integer(), to: c.boolean(), values: [0, 5, null], become: [false, true, null], back: [0, 1, null] },
  boolean_to_number: { from: c.boolean(), to: c.integer(), values: [false, true, null], become: [0, 1, null] },
  number_to_text: { from: c.integer(), to: c.text(), values: [-7, null], become: ['-7', null] },
  text_to_number: { from: c.text(), to: c.integer(), values: ['7', null], become: [7, null] },
  number_to_number: { from: c.integer(), to: c.bigint(), values: [7, null], become: [7, null] },
  text_to_json: { from: c.text(), to: c.json(), values: ['[1]', null], become: [[1], null] },
  text_to_date: { from: c.text(), to: c.date(), values: ['2026-02-28', null], become: ['2026-02-28', null] },
  date_to_instant: { from: c.date(), to: c.instant(), values: ['2026-02-28', '0099-12-31', null], become: ['2026-02-28T00:00:00.000Z', '0099-12-31T00:00:00.000Z', null] },
  instant_to_date: { from: c.instant(), to: c.date(), values: ['2026-02-28T23:59:59.999Z', null], become: ['2026-02-28', null], back: ['2026-02-28T00:00:00.000Z', null] },
  json_to_number: { from: c.json(), to: c.integer(), values: [7, null], become: [7, null] },
  number_to_json: { from: c.integer(), to: c.json(), values: [7, null], become: [7, null] },
  uuid_to_text: { from: c.uuid(), to: c.text(), values: ['0a0b0c0d-0000-4000-8000-000000000001', null], become: ['0a0b0c0d-0000-4000-8000-000000000001', null] },
  enum_to_text: { from: c.enum(['a', 'b']), to: c.text(), values: ['b', null], become: ['b', null] },
  named_enum_to_text: { from: c.enum(['a', 'b'], { name: 'letter' }), to: c.text(), values: ['b', null], become: ['b', null] },
  named_enum_to_another: { from: c.enum(['a', 'b'], { name: 'small' }), to: c.enum(['b', 'a', 'z'], { name: 'large' }), values: ['b', null], become: ['b', null] },
  default_of_enum: { from: c.enum(['a', 'b'], { name: 'first' }).notNull().default('b'), to: c.enum(['a', 'b', 'z'], { name: 'second' }).notNull().default('z'), values: ['a', 'b'], become: ['a', 'b'] },
  default_of_boolean: { from: c.integer().notNull().default(1), to: c.boolean().notNull().default(true), values: [0, 1], become: [false, true] },
  default_of_date: { from: c.date().notNull().default('2026-01-01'), to: c.instant().notNull().default('2026-01-01T00:00:00.000Z'), values: ['2026-02-28'], become: ['2026-02-28T00:00:00.000Z'] },
  default_of_number: { from: c.text().notNull().default('7'), to: c.integer().notNull().default(8), values: ['5', '7'], become: [5, 7] },
  enum_that_loses_its_name: { from: c.enum(['a', 'b'], { name: 'third' }).default('a'), to: c.enum(['a', 'b']).default('a'), values: ['b', null], become: ['b', null] },
}
const schemaOf = (side: 'from' | 'to'): Schema => defineSchema(Object.fromEntries(Object.entries(changes).map(([name, change]) => [name, table({ id: c.integer().primaryKey(), v: change[side] })])))

describe.each(['sqljs memory', 'pglite memory'])('a column that gets another type on %s', (engine) => {
  it('keeps what its values mean, there and back', async () => {
    await using storage = await engineNamed(engine).open()
    await using other = await engineNamed(engine).open()
    const [first, second] = [schemaOf('from'), schemaOf('to')]
    await buildSchema(storage, first)
    await buildSchema(other, second)
    for (const [name, { values }] of Object.entries(changes)) await apply(storage, [{ kind: 'insert', table: name, rows: values.map((v, id) => ({ id, v })) }])
    const { dialect } = storage
    const { differences } = await compareSchemas(await introspect(storage), await introspect(other))
    await apply(storage, planChanges({ dialect, differences, before: first.tables, after: second.tables, naming }).operations)
    expect(await valuesIn(storage)).toEqual(Object.fromEntries(Object.entries(changes).map(([name, { become }]) => [name, become])))
    await apply(storage, planChanges({ dialect, differences: reverseDifferences(differences), before: second.tables, after: first.tables, naming }).operations)
    expect(await valuesIn(storage)).toEqual(Object.fromEntries(Object.entries(changes).map(([name, { values, back = values }]) => [name, back])))
  })
})

describe('types', () => {
  const kinds: Readonly<Record<string, Columns[string]>> = {
    integer: c.integer(), bigint: c.bigint(), real: c.real(), numeric: c.numeric(5, 2), text: c.text(), plain: c.enum(['a']), mood: c.enum(['a'], { name: 'mood' }), again: c.enum(['b'], { name: 'mood' }), state: c.enum(['a'], { name: 'state' }),
    instant: c.instant(), date: c.date(), boolean: c.boolean(), json: c.json(), bytes: c.bytes(), uuid: c.uuid(),
  }

  it('are of one kind when the engine carries keys and expressions over by itself', () => {
    const families = [['integer', 'bigint', 'real', 'numeric'], ['text', 'plain'], ['mood', 'again'], ['state'], ['instant', 'date'], ['boolean'], ['json'], ['bytes'], ['uuid']]
    for (const family of families) {
      for (const [name, { definition }] of Object.entries(kinds)) {
        for (const member of family) expect([member, name, isSameFamily(kinds[member]?.definition.type ?? definition.type, definition.type)]).toEqual([member, name, family.includes(name)])
      }
    }
  })

  it.each([
    ['integer', 'bigint', undefined, undefined],
    ['text', 'integer', undefined, undefined],
    ['integer', 'text', undefined, undefined],
    ['integer', 'boolean', '"v" <> 0', '"v" <> 0'],
    ['boolean', 'numeric', 'case when "v" then 1 when not "v" then 0 end', 'case when "v" then 1 when not "v" then 0 end'],
    ['integer', 'json', undefined, 'to_jsonb("v")'],
    ['json', 'integer', undefined, `("v" #>> '{}')::integer`],
    ['json', 'boolean', undefined, `("v" #>> '{}')::boolean`],
    ['boolean', 'json', undefined, 'to_jsonb("v")'],
    ['mood', 'state', undefined, '"v"::text::"state"'],
    ['uuid', 'bytes', undefined, '"v"::text::bytea'],
  ] as const)('from %s to %s say how, where the engine does not know it', (from, to, sqlite, postgres) => {
    const [first, second] = [kinds[from], kinds[to]]
    if (first === undefined || second === undefined) throw new Error('Both are in the list')
    expect([conversion(first.definition.type, second.definition.type, 'v', 'sqlite'), conversion(first.definition.type, second.definition.type, 'v', 'postgres')]).toEqual([sqlite, postgres])
  })
})

function apply(storage: Storage, operations: readonly Operation[]): Promise<void> {
  return storage.transaction(async (tx) => { for (const operation of operations) await applyOperation(tx, operation, () => undefined) }, { foreignKeys: 'suspended' })
}

async function valuesIn(storage: Storage): Promise<unknown> {
  const values: Record<string, unknown> = {}
  for (const name of Object.keys(changes)) values[name] = (await storage.query({ sql: `select v from ${name} order by id` })).rows.map((row) => row['v'])
  return values
}
