/** What rows get back that were there before a column went: an empty value of its type, and no default for new rows. */
import { describe, expect, it } from 'vitest'
import { applyOperation } from '../../../src/migrate/apply-operation.ts'
import { planChanges } from '../../../src/migrate/autogenerate/plan-changes.ts'
import { reverseDifferences } from '../../../src/migrate/autogenerate/reverse-differences.ts'
import { buildSchema } from '../../../src/migrate/build-schema.ts'
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
