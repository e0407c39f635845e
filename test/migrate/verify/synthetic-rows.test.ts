/** Rows made up for tables: the database itself says whether they fit, so every table here would refuse what does not. */
import { describe, expect, it } from 'vitest'
import { revisions } from '../../../migrations/index.ts'
import { Migrator } from '../../../src/migrate/migrator.ts'
import { valuesFor } from '../../../src/migrate/verify/column-values.ts'
import { fillTables } from '../../../src/migrate/verify/synthetic-rows.ts'
import { c } from '../../../src/schema/column.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import { defineSchema, table } from '../../../src/schema/table.ts'
import { buildSchema } from '../../../src/migrate/build-schema.ts'
import type { Row, Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'
import { liveColumn } from './live-table.ts'

const everyType = defineSchema({
  things: table({
    id: c.integer().primaryKey(),
    a_bigint: c.bigint(), a_real: c.real(), a_numeric: c.numeric(5, 2), a_text: c.text(), a_varchar: c.text({ length: 9 }), a_boolean: c.boolean(),
    an_instant: c.instant(), a_date: c.date(), a_json: c.json(), a_list: c.json().default([]), some_bytes: c.bytes(), a_uuid: c.uuid(),
    an_enum: c.enum(['red', 'green']), a_named_enum: c.enum(['low', 'high'], { name: 'level' }),
    twice: c.integer().generated('id * 2'),
  }),
})

describe.each(['sqljs memory', 'pglite memory'].map((name) => engineNamed(name)))('made-up rows on $name', (engine) => {
  it('have every type, with null and without', async () => {
    await using storage = await engine.open()
    await buildSchema(storage, everyType)
    expect(await fill(storage)).toEqual([{ table: 'things', added: 4, problem: undefined }])
    const rows = await rowsOf(storage, 'things')
    for (const column of Object.keys(rows[0]!)) {
      const values = rows.map((row) => row[column])
      expect(values.some((value) => value !== null), column).toBe(true)
      expect(values.includes(null), column).toBe(!['id', 'twice'].includes(column))
    }
    expect(rows.every((row) => row['twice'] === Number(row['id']) * 2)).toBe(true)
  })

  it('reach the edges of their types', async () => {
    await using storage = await engine.open()
    await buildSchema(storage, everyType)
    await fill(storage, { rowsPerTable: 60 })
    const rows = await rowsOf(storage, 'things')
    const column = (name: string): unknown[] => rows.map((row) => row[name])
    expect(column('id')).toEqual(expect.arrayContaining([0, -1]))
    expect(column('a_bigint')).toEqual(expect.arrayContaining([0, -1, 2n ** 53n + 1n]))
    expect(column('a_numeric')).toEqual(expect.arrayContaining([0, 999.99, -999.99]))
    expect(column('a_text')).toEqual(expect.arrayContaining(['', expect.stringMatching(/[^\u0000-\uffff]/u)]))
    expect(column('a_varchar')).toEqual(expect.arrayContaining(['', expect.stringMatching(/^.{9}$/)]))
    expect(column('an_instant')).toEqual(expect.arrayContaining(['1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']))
    expect(column('a_date')).toEqual(expect.arrayContaining(['2024-02-29', '9999-12-31']))
    expect(column('a_json')).toEqual(expect.arrayContaining([{}, expect.objectContaining({ deep: { list: expect.arrayContaining([{ ok: true }]) } })]))
    expect(column('a_list').every((value) => value === null || Array.isArray(value))).toBe(true)
    expect(column('some_bytes')).toEqual(expect.arrayContaining([new Uint8Array(), Uint8Array.of(0, 255, 10, 92)]))
    expect(new Set(column('an_enum'))).toEqual(new Set(['red', 'green', null]))
    expect(new Set(column('a_named_enum'))).toEqual(new Set(['low', 'high', null]))
    expect(new Set(column('a_boolean'))).toEqual(new Set([true, false, null]))
  })

  it('refer to each other: to parents, to themselves, in circles, and through keys that share a column', async () => {
    await using storage = await engine.open()
    const customer = c.integer().notNull()
    await buildSchema(storage, defineSchema({
      members: table({ customer_id: customer, team_id: c.integer().notNull(), lead_id: c.integer(), id: c.integer().notNull() }, {
        primaryKey: ['customer_id', 'id'],
        foreignKeys: [
          { columns: ['customer_id', 'team_id'], references: { table: 'teams', columns: ['customer_id', 'id'] } },
          { columns: ['customer_id', 'lead_id'], references: { table: 'members', columns: ['customer_id', 'id'] } },
        ],
      }),
      teams: table({ customer_id: customer, id: c.integer().notNull(), speaker_id: c.integer() }, {
        primaryKey: ['customer_id', 'id'],
        foreignKeys: [{ columns: ['customer_id', 'speaker_id'], references: { table: 'members', columns: ['customer_id', 'id'] } }],
      }),
      roots: table({ id: c.integer().primaryKey(), root_id: c.integer().notNull().references('roots', 'id') }),
      one_each: table({ root_id: c.integer().primaryKey().references('roots', 'id') }),
      pairs: table({ customer_id: customer, team_id: c.integer().notNull(), member_id: c.integer().notNull() }, {
        primaryKey: ['customer_id', 'team_id', 'member_id'],
        foreignKeys: [
          { columns: ['customer_id', 'team_id'], references: { table: 'teams', columns: ['customer_id', 'id'] } },
          { columns: ['customer_id', 'member_id'], references: { table: 'members', columns: ['customer_id', 'id'] } },
        ],
      }),
    }))
    expect((await fill(storage)).map(({ table, added }) => [table, added]).toSorted()).toEqual([['members', 3], ['one_each', 3], ['pairs', 3], ['roots', 3], ['teams', 3]])
    const teams = await rowsOf(storage, 'teams')
    // Each has a member that could speak for it, and one has no speaker all the same.
    expect(teams.filter((row) => row['speaker_id'] === null)).toHaveLength(1)
    if (storage.dialect === 'sqlite') expect((await storage.query({ sql: 'pragma foreign_key_check' })).rows).toEqual([])
  })

  it('refer to nothing where that is taken, in some row, or where there is nothing to refer to', async () => {
    await using storage = await engine.open()
    await buildSchema(storage, defineSchema({
      a_root: table({ id: c.integer().primaryKey() }),
      child: table({ id: c.integer().primaryKey(), root_id: c.integer().references('a_root', 'id'), up_id: c.integer().references('child', 'id') }),
      // The two refer to each other, and one of them stays empty.
      one: table({ id: c.integer().primaryKey(), never_id: c.integer().references('never', 'id') }),
      never: table({ id: c.integer().primaryKey(), one_id: c.integer().notNull().references('one', 'id') }, { checks: [{ expression: 'id > 5 and id < 5' }] }),
    }))
    // As the one above, but without a key by which its rows could be changed.
    for (const sql of ['create table keyless (code integer unique, two_id integer)', 'create table two (id integer primary key, code integer not null references keyless (code))']) await storage.query({ sql })
    await storage.query({ sql: storage.dialect === 'sqlite' ? 'alter table keyless add column again integer references two (id)' : 'alter table keyless add foreign key (two_id) references two (id)' })
    const added = Object.fromEntries((await fill(storage)).map(({ table, added }) => [table, added]))
    expect(added).toEqual({ a_root: 3, child: 3, one: 3, never: 0, keyless: 3, two: 3 })
    const child = await rowsOf(storage, 'child')
    for (const column of ['root_id', 'up_id']) expect(child.filter((row) => row[column] === null), column).toHaveLength(1)
    expect((await rowsOf(storage, 'one')).map((row) => row['never_id'])).toEqual([null, null, null])
  })

  it('satisfy checks, as far as their text or luck says how', async () => {
    await using storage = await engine.open()
    await buildSchema(storage, defineSchema({
      orders: table(
        { id: c.integer().primaryKey(), price: c.numeric(6, 2).notNull(), code: c.text().notNull(), email: c.text(), status: c.text().notNull(), first: c.date(), last: c.date() },
        {
          checks: [
            { name: 'ck_price', expression: 'price > 0 and price <= 10' },
            { name: 'ck_code', expression: `length(code) = 4` },
            { name: 'ck_email', expression: `email like '%@%'` },
            { name: 'ck_status', expression: `status in ('open', 'shut')` },
            { name: 'ck_order', expression: 'first <= last' },
          ],
        },
      ),
      settings: table({ id: c.integer().primaryKey() }, { checks: [{ expression: 'id = 1' }] }),
    }))
    expect(await fill(storage)).toEqual([{ table: 'orders', added: 4, problem: undefined }, { table: 'settings', added: 1, problem: expect.stringContaining('None of') }])
  })

  it('refer to rows of their own table, whichever of them has to be drawn again', async () => {
    await using storage = await engine.open()
    await buildSchema(storage, defineSchema({
      few: table({ id: c.integer().primaryKey(), up: c.integer().notNull().references('few', 'id') }, { checks: [{ expression: 'id in (10, 20, 30, 40, 50)' }] }),
      pairs: table({ id: c.integer().primaryKey(), twin: c.integer().notNull().unique().references('pairs', 'id') }),
    }))
    expect(await fill(storage, { rowsPerTable: 5 })).toEqual([{ table: 'few', added: 5, problem: undefined }, { table: 'pairs', added: 5, problem: undefined }])
  })

  it('say which table stays empty and why, and fill the others', async () => {
    await using storage = await engine.open()
    await buildSchema(storage, defineSchema({
      never: table({ id: c.integer().primaryKey() }, { checks: [{ name: 'ck_never', expression: 'id > 5 and id < 5' }] }),
      child: table({ id: c.integer().primaryKey(), never_id: c.integer().notNull().references('never', 'id') }),
      other: table({ id: c.integer().primaryKey() }),
    }))
    expect(await fill(storage)).toEqual([
      { table: 'never', added: 0, problem: expect.stringContaining('ck_never') },
      { table: 'child', added: 0, problem: expect.stringMatching(/fk_child_never_id.*"never"/) },
      { table: 'other', added: 3, problem: undefined },
    ])
  })

  it('leave alone what is there, and are added where they are asked for', async () => {
    await using storage = await engine.open()
    await buildSchema(storage, defineSchema({ users: table({ id: c.integer().primaryKey(), name: c.text().unique() }), empty: table({ id: c.integer().primaryKey() }) }))
    await storage.query({ sql: `insert into users values (1, 'Ann')` })
    expect((await fill(storage)).map(({ table }) => table)).toEqual(['empty'])
    expect(await rowsOf(storage, 'users')).toEqual([{ id: 1, name: 'Ann' }])
    await fill(storage, { tables: ['users'], rowsPerTable: 2, seed: 7 })
    const users = await rowsOf(storage, 'users')
    expect(users).toHaveLength(3)
    expect(users).toContainEqual({ id: 1, name: 'Ann' })
  })

  it('are the same for the same seed, and others for another', async () => {
    const made = async (seed: number): Promise<readonly Row[]> => {
      await using storage = await engine.open()
      await buildSchema(storage, everyType)
      await fill(storage, { seed })
      return await rowsOf(storage, 'things')
    }
    expect(await made(3)).toEqual(await made(3))
    expect(await made(3)).not.toEqual(await made(4))
  })

  it("fill every table of Tidemark's own database", async () => {
    await using storage = await engine.open()
    await new Migrator({ storage, revisions }).upgrade()
    const own = (await fill(storage)).filter(({ table }) => !table.startsWith('tidemark_'))
    expect(own.length).toBeGreaterThan(15)
    expect(own.filter(({ added }) => added < 3)).toEqual([])
  })
})

it('fit types of PostgreSQL that no builder makes', async () => {
  await using storage = await engineNamed('pglite memory').open()
  await storage.query({ sql: `create domain short as varchar(3) check (value <> '')` })
  await storage.query({
    sql: `create table odd (id integer generated always as identity primary key, n smallint not null, t time not null, i interval not null, ip inet not null, words text[] not null,
      c char(3) not null, j json not null, r int4range not null, s short not null, at timestamp not null, f real not null, m money not null, b bit(4) not null, v tsvector not null)`,
  })
  expect(await fill(storage)).toEqual([{ table: 'odd', added: 3, problem: undefined }])
})

it('are written as PostgreSQL reads them, for each type of which that is known', async () => {
  await using storage = await engineNamed('pglite memory').open()
  const types = [
    'smallint', 'real', 'timestamp(3) without time zone', 'json', 'character(3)', 'bit(5)', 'integer[]', 'oid', 'time without time zone', 'time(3) with time zone', 'interval', 'money', 'inet', 'cidr', 'macaddr',
    'bit varying', 'xml', 'point', 'tsvector', 'int4range', 'int8range', 'numrange', 'daterange', 'tstzrange',
  ]
  for (const declaredType of types) {
    const { edges } = valuesFor(liveColumn('a', { type: { kind: 'other' }, declaredType }), 'postgres')
    expect(edges.length, declaredType).toBeGreaterThan(0)
    // Those of all types would be too many for one of its own.
    expect(edges.length, declaredType).toBeLessThan(5)
    for (const value of edges) await storage.query({ sql: `select ($1::${declaredType})::text`, parameters: [value] })
  }
})

it('fit what SQLite lets people declare', async () => {
  await using storage = await engineNamed('sqljs memory').open()
  await storage.query({ sql: 'create table loose (a, b smallint not null, c decimal(3), d "anything at all" not null)' })
  await storage.query({ sql: 'create table firm (a integer primary key, b text not null, c real not null, d blob not null, e any not null) strict, without rowid' })
  await storage.query({ sql: 'create table Upper (id integer primary key, up integer not null references UPPER(ID))' })
  expect((await fill(storage)).map(({ table, added }) => [table, added])).toEqual([['Upper', 3], ['firm', 3], ['loose', 3]])
})

async function fill(storage: Storage, options?: Parameters<typeof fillTables>[2]): ReturnType<typeof fillTables> {
  return fillTables(storage, await introspect(storage), options)
}

async function rowsOf(storage: Storage, table: string): Promise<readonly Row[]> {
  return (await storage.query({ sql: `select * from ${table}` })).rows
}
