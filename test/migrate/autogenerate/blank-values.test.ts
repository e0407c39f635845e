/** What rows get back that were there before a column went: an empty value of its type, and no default for new rows. */
import { describe, expect, it } from 'vitest'
import { applyOperation } from '../../../src/migrate/apply-operation.ts'
import { withFill } from '../../../src/migrate/autogenerate/blank-values.ts'
import { planChanges } from '../../../src/migrate/autogenerate/plan-changes.ts'
import { reverseDifferences } from '../../../src/migrate/autogenerate/reverse-differences.ts'
import { buildSchema } from '../../../src/migrate/build-schema.ts'
import type { TableOperation } from '../../../src/migrate/operation.ts'
import { c } from '../../../src/schema/column.ts'
import { compareSchemas } from '../../../src/schema/compare-schemas.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import { defaultNaming as naming, defineSchema, table } from '../../../src/schema/table.ts'
import { engineNamed } from '../../support/engines.ts'

const id = c.integer().primaryKey()
const full = defineSchema({
  things: table({
    id, a_bigint: c.bigint().notNull(), a_real: c.real().notNull(), a_numeric: c.numeric(5, 2).notNull(), a_boolean: c.boolean().notNull(), a_text: c.text().notNull(), an_instant: c.instant().notNull(),
    a_date: c.date().notNull(), a_json: c.json().notNull(), a_uuid: c.uuid().notNull(), some_bytes: c.bytes().notNull(), an_enum: c.enum(['red', 'green']).notNull(),
    given: c.integer().notNull().default(7), free: c.integer(), twice: c.integer().notNull().generated('id * 2'),
  }),
})
const bare = defineSchema({ things: table({ id }) })

describe.each(['sqljs memory', 'pglite memory'])('the way back on %s', (engine) => {
  it('brings back every column that must not be null, and what it had no value for', async () => {
    await using storage = await engineNamed(engine).open()
    await using other = await engineNamed(engine).open()
    await buildSchema(storage, bare)
    await buildSchema(other, full)
    const [now, then] = [await introspect(storage), await introspect(other)]
    await storage.query({ sql: 'insert into things values (1)' })
    const { differences } = await compareSchemas(then, now)
    const { operations, notices } = planChanges({ dialect: storage.dialect, differences: reverseDifferences(differences), before: bare.tables, after: full.tables, naming, fill: 'blank' })
    await storage.transaction(async (tx) => { for (const operation of operations) await applyOperation(tx, operation, () => undefined) }, { foreignKeys: 'suspended' })
    expect(notices).toEqual([])
    expect((await storage.query({ sql: 'select * from things' })).rows).toEqual([{
      id: 1, a_bigint: 0, a_real: 0, a_numeric: 0, a_boolean: false, a_text: '', an_instant: '1970-01-01T00:00:00.000Z', a_date: '1970-01-01', a_json: {}, a_uuid: '00000000-0000-0000-0000-000000000000',
      some_bytes: new Uint8Array(), an_enum: 'red', given: 7, free: null, twice: 2,
    }])
    expect((await compareSchemas(await introspect(storage), then)).differences).toEqual([])
  })
})

describe('only a new column that must not be null and has no value', () => {
  const added = (name: string, builder: { readonly definition: ReturnType<typeof c.text>['definition'] }): TableOperation => ({ kind: 'addColumn', table: 't', column: { name, ...builder.definition } })
  const others: readonly TableOperation[] = [
    added('free', c.text()), added('given', c.text().notNull().default('x')), added('computed', c.integer().notNull().generated('id + 1')), { kind: 'alterColumn', table: 't', column: 'old', change: { nullable: false } },
  ]
  const needy = added('needy', c.enum(['new', 'old'], { name: 'mood' }).notNull())
  const nothingIsNew = (): boolean => false

  it('is refused with its name, and stays as it is', () => {
    const { operations, filled, refused } = withFill([...others, needy], 'refuse', 'postgres', nothingIsNew)
    expect([operations, filled]).toEqual([[...others, needy], []])
    expect(refused).toEqual([{ operation: needy, text: expect.stringContaining('"needy"') }])
  })

  it('is filled, with a value of an enum that the same plan does not add', () => {
    const value = (isNew: (name: string, item: string) => boolean): unknown => {
      const { operations, filled, refused } = withFill([...others, needy], 'blank', 'postgres', isNew)
      expect(operations.slice(0, -1)).toEqual(others)
      expect([filled, refused]).toEqual([[{ kind: 'alterColumn', table: 't', column: 'needy', change: { default: null } }], []])
      const last = operations.at(-1)
      return last?.kind === 'addColumn' ? last.column.default : undefined
    }
    expect(value(nothingIsNew)).toEqual({ kind: 'value', value: 'new' })
    expect(value((name, item) => name === 'mood' && item === 'new')).toEqual({ kind: 'value', value: 'old' })
  })

  it('has the empty value of its type', () => {
    const values = new Map<{ readonly definition: ReturnType<typeof c.text>['definition'] }, unknown>([
      [c.integer(), 0], [c.bigint(), 0], [c.real(), 0], [c.numeric(), 0], [c.boolean(), false], [c.text(), ''], [c.instant(), '1970-01-01T00:00:00.000Z'], [c.date(), '1970-01-01'], [c.json(), {}],
      [c.uuid(), '00000000-0000-0000-0000-000000000000'], [c.enum(['x', 'y']), 'x'],
    ])
    for (const [{ definition }, value] of values) expect(withFill([added('a', { definition: { ...definition, nullable: false } })], 'blank', 'sqlite', nothingIsNew).operations).toMatchObject([{ column: { default: { kind: 'value', value } } }])
  })

  it('has no bytes in the words of each engine', () => {
    for (const [dialect, sql] of [['sqlite', "x''"], ['postgres', "''::bytea"]] as const) {
      expect(withFill([added('b', c.bytes().notNull())], 'blank', dialect, nothingIsNew).operations).toMatchObject([{ column: { default: { kind: 'sql', sql } } }])
    }
  })
})
