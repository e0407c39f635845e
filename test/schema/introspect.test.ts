import { describe, expect, it } from 'vitest'
import { c } from '../../src/schema/column.ts'
import { introspect } from '../../src/schema/introspect.ts'
import { defineSchema, table } from '../../src/schema/table.ts'
import { engineNamed, engines } from '../support/engines.ts'

// Tables that the kit did not make; those that it makes are read back in test/migrate/operations.test.ts.
describe('introspect', () => {
  it.each(engines)('reads tables only, sorted, and an empty database as empty, on $name', async (engine) => {
    await using storage = await engine.open()
    expect([...(await introspect(storage)).tables]).toEqual([])
    await storage.query({ sql: 'create table zebra (a integer)' })
    await storage.query({ sql: 'create table "Ant hill" (a integer)' })
    await storage.query({ sql: 'create view seen as select * from zebra' })
    const live = await introspect(storage)
    expect([...live.tables.keys()]).toEqual(['Ant hill', 'zebra'])
    expect(live.tables.get('zebra')).toMatchObject({
      columns: [{ name: 'a', type: { kind: 'integer' }, nullable: true }],
      primaryKey: undefined, uniques: [], indexes: [], checks: [], foreignKeys: [],
    })
  })

  it('takes SQLite as others write it: constraints without names, types without meaning, shadow tables', async () => {
    await using storage = await engineNamed('sqljs memory').open()
    for (const sql of [
      'create table parents (id integer primary key, code text unique)',
      `create table children (
        a varchar (20) not null, b decimal(8,3) default 1.5, c money, d,
        parent references parents, code text references parents(code) on delete cascade,
        made datetime default current_timestamp, primary key (a, b), check (b > 0), unique (c, d)
      ) without rowid`,
      'create virtual table words using fts4(word)',
    ]) await storage.query({ sql })
    const live = await introspect(storage)
    expect([...live.tables.keys()]).toEqual(['children', 'parents'])
    expect(live.tables.get('parents')).toMatchObject({ columns: [{ nullable: false }, { nullable: true }], primaryKey: { name: undefined, columns: ['id'] }, uniques: [{ columns: ['code'] }] })
    const children = live.tables.get('children')
    expect(children?.columns.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
      ['a', { kind: 'text', length: 20 }, false], ['b', { kind: 'numeric', precision: 8, scale: 3 }, false], ['c', { kind: 'other' }, true], ['d', { kind: 'other' }, true],
      ['parent', { kind: 'other' }, true], ['code', { kind: 'text' }, true], ['made', { kind: 'instant' }, true],
    ])
    expect(children?.columns.map((column) => column.default)).toEqual([undefined, '1.5', undefined, undefined, undefined, undefined, 'current_timestamp'])
    expect(children?.foreignKeys).toEqual([
      { name: undefined, columns: ['parent'], references: { table: 'parents', columns: ['id'] }, onDelete: 'no action', onUpdate: 'no action' },
      { name: undefined, columns: ['code'], references: { table: 'parents', columns: ['code'] }, onDelete: 'cascade', onUpdate: 'no action' },
    ])
    expect(children?.checks).toEqual([{ name: undefined, expression: 'b > 0' }])
  })

  it('reads of PostgreSQL the own schema only, enum types with their values, and types of others', async () => {
    await using storage = await engineNamed('postgres').open()
    for (const sql of [
      'create schema elsewhere', 'create table elsewhere.t (a integer)', `create type mood as enum ('ok', 'it''s bad')`,
      `create table t (a integer generated always as identity primary key, m mood default 'ok', tags text[], at timestamptz, p point, n numeric(6, 1))`,
    ]) await storage.query({ sql })
    const live = await introspect(storage)
    expect([...live.tables.keys()]).toEqual(['t'])
    expect([...live.enums]).toEqual([['mood', ['ok', "it's bad"]]])
    expect(live.tables.get('t')?.columns.map((column) => column.type)).toEqual([
      { kind: 'integer' }, { kind: 'enum', name: 'mood', values: ['ok', "it's bad"] }, { kind: 'other' }, { kind: 'instant' }, { kind: 'other' }, { kind: 'numeric', precision: 6, scale: 1 },
    ])
  })
})

describe('defineSchema', () => {
  it('holds an enum to its values by a check with a name, also where the convention is another', () => {
    const schema = defineSchema({ t: table({ id: c.integer().primaryKey(), e: c.enum(['a', "b'"]) }, { checks: [{ expression: 'id > 0' }] }) }, { naming: { check: '%_check' } })
    expect(schema.tables.get('t')?.checks).toEqual([
      { name: 't_e_enum_check', expression: `"e" in ('a', 'b''')`, enumOf: 'e' },
      { name: 't_1_check', expression: 'id > 0' },
    ])
  })

  it.each([
    ['a key on a column that is not there', { t: table({ a: c.text() }, { primaryKey: ['b'] }) }],
    ['a key that is given twice', { t: table({ a: c.text().primaryKey() }, { primaryKey: ['a'] }) }],
    ['a foreign key to a table that is not there', { t: table({ a: c.integer().references('u', 'id') }) }],
    ['a foreign key to a column that is not there', { t: table({ a: c.integer().references('t', 'id') }) }],
    ['a table without columns', { t: table({}) }],
  ])('refuses %s', (_, tables) => {
    expect(() => defineSchema(tables)).toThrow(expect.objectContaining({ code: 'schema_invalid' }))
  })
})
