/** What became of rows between two moments: counts and names, no values. */
import { describe, expect, it } from 'vitest'
import { type RowChange, compareRows, snapshotRows } from '../../../src/migrate/verify/row-snapshot.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

describe.each(['sqljs memory', 'pglite memory'].map((name) => engineNamed(name)))('rows on $name', (engine) => {
  const change = async (statements: readonly string[], created = `create table t (id integer primary key, a text, b integer)`): Promise<RowChange> => {
    await using storage = await engine.open()
    await storage.query({ sql: created })
    await storage.query({ sql: `insert into t values (1, 'one', 7), (2, null, 8), (3, 'three', 9)` })
    const before = await snapshotRows(storage, await introspect(storage))
    for (const sql of statements) await storage.query({ sql })
    const [found] = compareRows(before, await snapshotRows(storage, await introspect(storage)))
    return found!
  }
  const nothing = { table: 't', rowsBefore: 3, rowsAfter: 3, lostRows: 0, addedRows: 0, changedRows: 0, columns: [] }

  it('are the same in any order, also of columns', async () => {
    expect(await change([])).toEqual(nothing)
    expect(await change(['delete from t', `insert into t values (3, 'three', 9), (1, 'one', 7), (2, null, 8)`])).toEqual(nothing)
    expect(await change(['create table u (b integer, a text, id integer primary key)', 'insert into u select b, a, id from t', 'drop table t', 'alter table u rename to t'])).toEqual(nothing)
  })

  it('are known by their key', async () => {
    expect(await change(['delete from t where id = 2', `insert into t values (4, 'four', 4), (5, null, 5)`])).toEqual({ ...nothing, rowsAfter: 4, lostRows: 1, addedRows: 2 })
    expect(await change([`update t set a = null where id = 1`, `update t set a = 'x', b = 10 where id = 3`])).toEqual({
      ...nothing, changedRows: 2, columns: [{ column: 'a', lostValues: 1, changedValues: 1 }, { column: 'b', lostValues: 0, changedValues: 1 }],
    })
    expect(await change([`update t set a = 'now' where id = 2`])).toEqual({ ...nothing, changedRows: 1, columns: [{ column: 'a', lostValues: 0, changedValues: 1 }] })
  })

  it('are known by a key of several columns', async () => {
    const created = 'create table t (id integer, a text, b integer, primary key (b, id))'
    expect(await change(['delete from t where id = 2', `insert into t values (4, null, 8)`], created)).toEqual({ ...nothing, lostRows: 1, addedRows: 1 })
    expect(await change([`update t set a = 'x' where id = 3`], created)).toEqual({ ...nothing, changedRows: 1, columns: [{ column: 'a', lostValues: 0, changedValues: 1 }] })
  })

  it('without a key are known by what they hold', async () => {
    const created = 'create table t (id integer, a text, b integer)'
    expect(await change([`update t set b = 10 where id = 3`], created)).toEqual({ ...nothing, changedRows: 1, columns: [{ column: 'b', lostValues: 0, changedValues: 1 }] })
    expect(await change([`insert into t values (1, 'one', 7)`], created)).toEqual({ ...nothing, rowsAfter: 4, addedRows: 1 })
    expect(await change(['delete from t where id = 1'], created)).toEqual({ ...nothing, rowsAfter: 2, lostRows: 1 })
  })

  it('with another key than before are known by what they hold', async () => {
    const moved = ['create table u (id integer, a text, b integer primary key)', 'insert into u select id, a, 20 - b from t', 'drop table t', 'alter table u rename to t']
    expect(await change(moved)).toMatchObject({ rowsAfter: 3, lostRows: 0, addedRows: 0, changedRows: 3 })
  })

  it('lose what stood in a column that is gone', async () => {
    expect(await change(['alter table t drop column a'])).toEqual({ ...nothing, columns: [{ column: 'a', lostValues: 2, changedValues: 0 }] })
    expect(await change(['alter table t add column c text'])).toEqual(nothing)
  })

  it('are all lost with their table, and all new in one that was not there', async () => {
    expect(await change(['drop table t'])).toEqual({ ...nothing, rowsAfter: 0, lostRows: 3 })
    await using storage = await engine.open()
    await storage.query({ sql: 'create table fresh (id integer)' })
    await storage.query({ sql: 'insert into fresh values (1)' })
    expect(compareRows(new Map(), await snapshotRows(storage, await introspect(storage)))).toEqual([{ ...nothing, table: 'fresh', rowsBefore: 0, rowsAfter: 1, addedRows: 1 }])
  })
})

it('tells values apart to the last digit and by their kind', async () => {
  const sqlite = ['1', '1.0', `'1'`, `x'31'`, '9007199254740992', '9007199254740993', '0.1', '0.1000000000000000055512', 'null', `'null'`, `'NULL'`, `''`]
  expect(await texts(await engineNamed('sqljs memory').open(), 'a', sqlite)).toEqual(['1', '1.0', "'1'", "X'31'", '9007199254740992', '9007199254740993', '0.1', '0.1', null, "'null'", "'NULL'", "''"])
  const postgres = ['1.0', '1.00', '9007199254740993', 'null']
  expect(await texts(await engineNamed('pglite memory').open(), 'a numeric', postgres)).toEqual(['1.0', '1.00', '9007199254740993', null])
})

async function texts(storage: Storage, column: string, values: readonly string[]): Promise<unknown> {
  await using database = storage
  await database.query({ sql: `create table t (${column})` })
  await database.query({ sql: `insert into t values ${values.map((value) => `(${value})`).join(', ')}` })
  return (await snapshotRows(database, await introspect(database))).get('t')?.rows.flat()
}

it('holds tables of more columns and databases of more tables than one statement could', async () => {
  await using storage = await engineNamed('sqljs memory').open()
  const columns = Array.from({ length: 230 }, (_, index) => `c${index}`)
  await storage.query({ sql: `create table wide (${columns.join(', ')})` })
  await storage.query({ sql: `insert into wide (c0, c229) values ('first', 'last')` })
  for (let index = 0; index < 450; index += 1) await storage.query({ sql: `create table t${index} (id integer)` })
  const rows = await snapshotRows(storage, await introspect(storage))
  expect(rows.size).toBe(451)
  expect(rows.get('wide')?.rows).toHaveLength(1)
  expect(rows.get('wide')?.rows[0]?.filter((text) => text !== null)).toEqual(["'first'", "'last'"])
})
