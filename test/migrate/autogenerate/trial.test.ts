/** Operations that are tried out: all of them or none, and in words why not. */
import { describe, expect, it } from 'vitest'
import { runOperations, tryOperations } from '../../../src/migrate/autogenerate/trial.ts'
import type { Operation } from '../../../src/migrate/operation.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

const addsNotNull: Operation = { kind: 'addColumn', table: 't', column: { name: 'n', type: { kind: 'integer' }, nullable: false, primaryKey: false, unique: false } }
const dropsOther: Operation = { kind: 'dropTable', table: 'other' }
const dropsMissing: Operation = { kind: 'dropTable', table: 'missing' }
const fail = (why: string, cause: unknown): Error => new Error(why, { cause })

describe.each(['sqljs memory', 'pglite memory'])('on %s', (engine) => {
  it('operations are carried out, or none of them, and the one that is refused is named', async () => {
    await using database = await filled(engine)
    expect(await tryOperations(database, [dropsOther, dropsMissing])).toMatchObject({ why: expect.stringMatching(/^dropTable missing: /), cause: { code: 'statement_failed' } })
    expect([...(await introspect(database)).tables.keys()]).toEqual(['child', 'other', 't'])
    expect(await tryOperations(database, [dropsOther])).toBeUndefined()
    expect([...(await introspect(database)).tables.keys()]).toEqual(['child', 't'])
  })

  it('rows are left where nothing is in the way, and go where they are, which is told', async () => {
    await using database = await filled(engine)
    const count = async (): Promise<number> => Number((await database.query<{ n: number }>({ sql: 'select (select count(*) from t) + (select count(*) from child) as n' })).rows[0]?.n)
    expect(await runOperations(database, [dropsOther], fail)).toBeUndefined()
    expect(await count()).toBe(3)
    expect(await runOperations(database, [addsNotNull], fail)).toMatch(/^addColumn t\.n: /)
    expect(await count()).toBe(0)
    expect((await introspect(database)).tables.get('t')?.columns.map(({ name }) => name)).toEqual(['id', 'n'])
  })

  it('what is refused without rows as well fails with its reason', async () => {
    await using database = await filled(engine)
    await expect(runOperations(database, [dropsMissing], fail)).rejects.toMatchObject({ message: expect.stringMatching(/^dropTable missing: /), cause: { code: 'statement_failed' } })
  })
})

it('a row that refers to nothing afterwards is a refusal of all of them, on SQLite, where it is only then looked for', async () => {
  await using database = await filled('sqljs memory')
  const removed = await tryOperations(database, [dropsOther, { kind: 'execute', statement: { sql: 'delete from t where id = 1' } }])
  expect(removed).toMatchObject({ why: expect.not.stringMatching(/^execute/), cause: { code: 'foreign_key_violated' } })
  expect([...(await introspect(database)).tables.keys()]).toEqual(['child', 'other', 't'])
})

it('a row that referred to nothing before is none of their business', async () => {
  await using database = await filled('sqljs memory')
  await database.transaction((tx) => tx.query({ sql: 'insert into child values (8, 99)' }), { foreignKeys: 'suspended' })
  expect(await tryOperations(database, [dropsOther])).toBeUndefined()
})

async function filled(engine: string): Promise<Storage> {
  const database = await engineNamed(engine).open()
  for (const sql of ['create table t (id integer primary key)', 'create table child (id integer primary key, t_id integer references t (id))', 'create table other (id integer)', 'insert into t values (1), (2)', 'insert into child values (7, 1)']) await database.query({ sql })
  return database
}
