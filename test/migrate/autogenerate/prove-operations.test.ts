/** Operations are believed only when they were seen to lead where they should, and back. */
import { describe, expect, it } from 'vitest'
import { type Proof, type ProofInput, proveOperations } from '../../../src/migrate/autogenerate/prove-operations.ts'
import { buildSchema } from '../../../src/migrate/build-schema.ts'
import type { Operation } from '../../../src/migrate/operation.ts'
import { c } from '../../../src/schema/column.ts'
import { compareSchemas } from '../../../src/schema/compare-schemas.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import { type Columns, type TableConstraints, defineSchema, table } from '../../../src/schema/table.ts'
import { engineNamed } from '../../support/engines.ts'

const id = c.integer().primaryKey()
const add = (name: string, builder: Columns[string]): Operation => ({ kind: 'addColumn', table: 't', column: { name, ...builder.definition } })
/** At least one row was there to be lost. */
const unchanged = { table: 't', rowsBefore: expect.toSatisfy((rows: number) => rows > 0), rowsAfter: expect.toSatisfy((rows: number) => rows > 0), lostRows: 0, addedRows: 0, changedRows: 0, columns: [] }
const drop = (column: string): Operation => ({ kind: 'dropColumn', table: 't', column })

describe.each(['sqljs memory', 'pglite memory'])('on %s', (engine) => {
  it('what leads there and back is proven, and loses no rows', async () => {
    const { rowChanges, ...rest } = await proven(engine, { id }, { id, a: c.text() }, [add('a', c.text())], [drop('a')])
    expect(rowChanges).toEqual([unchanged])
    expect(rest).toEqual({ refusedBack: undefined, notRestored: [] })
  })

  it('what leaves something to do is refused, in either direction', async () => {
    await expect(proven(engine, { id }, { id, a: c.text(), b: c.text() }, [add('a', c.text())], [drop('a')])).rejects.toMatchObject({ code: 'revision_unproven', details: { direction: 'upgrade' }, why: expect.stringMatching(/declared schema.*"b"/s) })
    await expect(proven(engine, { id }, { id, a: c.text() }, [add('a', c.text())], [])).rejects.toMatchObject({ code: 'revision_unproven', details: { direction: 'downgrade' }, why: expect.stringMatching(/as it was.*"a"/s) })
    await expect(proven(engine, { id, a: c.text() }, { id, a: c.bigint() }, [drop('a'), add('a', c.bigint())], [])).rejects.toMatchObject({ code: 'revision_unproven', details: { direction: 'downgrade' }, why: expect.stringMatching(/as it was.*"a"/s) })
  })

  it('what cannot be carried out is refused, in either direction, with what may be why', async () => {
    await expect(proven(engine, { id }, { id, a: c.text() }, [drop('missing')], [], { missing: ['view "seen"'], neighbours: ['"theirs"'] })).rejects.toMatchObject({ code: 'revision_unproven', details: { direction: 'upgrade' }, why: expect.stringMatching(/view "seen".*"theirs"/s) })
    const refused = await proven(engine, { id }, { id, a: c.text() }, [add('a', c.text())], [drop('missing')]).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'revision_unproven', details: { direction: 'downgrade' }, why: expect.not.stringMatching(/lacks|left alone/) })
  })

  it('values that do not come back are told', async () => {
    const { rowChanges, refusedBack } = await proven(engine, { id, a: c.text().notNull() }, { id }, [drop('a')], [add('a', c.text().notNull().default('')), { kind: 'alterColumn', table: 't', column: 'a', change: { default: null } }])
    expect(rowChanges).toMatchObject([{ table: 't' }])
    expect(refusedBack).toBeUndefined()
  })

  it('a way back that refuses rows which were there before says so', async () => {
    const { rowChanges, refusedBack } = await proven(engine, { id, a: c.text().notNull() }, { id }, [drop('a')], [add('a', c.text().notNull())])
    expect([rowChanges, refusedBack]).toEqual([[], expect.stringContaining('addColumn t.a')])
  })

  it('a way up that refuses rows is tried with rows that suit it', async () => {
    const check = { name: 'k', expression: 'a > 100000' }
    const columns = { id, a: c.integer().notNull() }
    const create: Operation = { kind: 'createCheck', table: 't', check }
    const { rowChanges, refusedBack } = await proven(engine, columns, columns, [create], [{ kind: 'dropConstraint', table: 't', name: 'k' }], {}, { checks: [check] })
    expect([rowChanges, refusedBack]).toEqual([[unchanged], undefined])
  })

  it('a way up and a way back that refuse the rows of the other side tell nothing of rows', async () => {
    const check = { name: 'k', expression: 'a is null' }
    const nullable = (value: boolean): Operation => ({ kind: 'alterColumn', table: 't', column: 'a', change: { nullable: value } })
    const down: readonly Operation[] = [{ kind: 'dropConstraint', table: 't', name: 'k' }, nullable(false)]
    expect(await proven(engine, { id, a: c.integer().notNull() }, { id, a: c.integer() }, [nullable(true), { kind: 'createCheck', table: 't', check }], down, {}, { checks: [check] })).toEqual({ rowChanges: [], refusedBack: undefined, notRestored: [] })
  })

  it('a way up that refuses whatever rows the way back leaves tells nothing of rows', async () => {
    expect(await proven(engine, { id }, { id, a: c.text().notNull() }, [add('a', c.text().notNull())], [drop('a')])).toEqual({ rowChanges: [], refusedBack: undefined, notRestored: [] })
  })
})

/** The copy is as it was afterwards. */
async function proven(engine: string, before: Columns, after: Columns, upgrade: readonly Operation[], downgrade: readonly Operation[], rest: Partial<ProofInput> = {}, constraints: TableConstraints = {}): Promise<Proof> {
  await using copy = await engineNamed(engine).open()
  await using scratch = await engineNamed(engine).open()
  await buildSchema(copy, defineSchema({ t: table(before) }))
  await copy.query({ sql: 'create table theirs (n integer)' })
  await copy.query({ sql: 'insert into theirs values (1)' })
  await buildSchema(scratch, defineSchema({ t: table(after, constraints) }))
  const was = await introspect(copy)
  const proof = await proveOperations({ copy, upgrade, downgrade, declared: await introspect(scratch), include: (_, name) => name !== 'theirs', scratch, missing: [], neighbours: [], ...rest })
  expect((await compareSchemas(was, await introspect(copy))).differences).toEqual([])
  return proof
}
