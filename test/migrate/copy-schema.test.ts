import { describe, expect, it } from 'vitest'
import { copySchema } from '../../src/migrate/copy-schema.ts'
import { compareSchemas } from '../../src/schema/compare-schemas.ts'
import { introspect } from '../../src/schema/introspect.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'
import { catalogue } from './catalogue.ts'

const sqlite = [
  `create table parents (id integer primary key autoincrement, code text collate nocase not null unique on conflict ignore)`,
  `create table children (a varchar (20), -- why not
     b money default 'x', parent references parents on delete cascade deferrable initially deferred, primary key (a, b)) without rowid`,
  'create table odd (x any, y integer as (x + 1)) strict',
  'create index seek on children (b collate nocase desc) where b > 1',
  'create view seen as select * from parents',
  'create trigger log after insert on parents begin insert into children (a, b) values (new.id, new.code); end',
  'create trigger through instead of insert on seen begin insert into parents (code) values (new.code); end',
]

const postgres = [
  `create type mood as enum ('ok', 'it''s bad')`,
  'create sequence order_no as integer',
  `create table parents (id serial primary key, code text collate "C" not null, at timestamp default localtimestamp, place point, tags text[] not null default '{}', no integer default nextval('order_no'),
     unique nulls not distinct (code) deferrable)`,
  `create table children (id bigint generated always as identity, m mood default 'ok', parent integer references parents on delete cascade deferrable initially deferred, twice bigint generated always as (parent * 2) stored,
     primary key (id) include (m), check (m <> 'ok') no inherit, span int4range, exclude using gist (span with &&))`,
  'alter table parents add column favourite bigint references children (id)',
  'create unique index seek on parents using btree (lower(code) desc nulls last, id) include (at) where id > 0',
  'create index of_tags on parents using gin (tags)',
  'alter table children add check (parent > 0) not valid',
  `comment on table parents is 'it''s'`,
  `comment on column parents.code is 'x'`,
]

describe('copySchema', () => {
  it.each([['sqljs memory', sqlite], ['pglite memory', postgres], ['postgres', postgres]] as const)('makes everything again, empty, on %s', async (name, statements) => {
    await using source = await engineNamed(name).open()
    await using shadow = await engineNamed(name).open()
    await run(source, statements)
    if (name === 'sqljs memory') await source.query({ sql: `insert into parents (code) values ('secret')` })
    expect(await copySchema(source, shadow)).toEqual([])
    expect(await catalogue(shadow)).toEqual(await catalogue(source))
    expect(await compareSchemas(await introspect(source), await introspect(shadow))).toEqual({ differences: [], notComparable: [] })
    expect((await shadow.query({ sql: 'select count(*) as total from parents' })).rows).toEqual([{ total: 0 }])
  })

  it('refuses a database of another dialect', async () => {
    await using storage = await engineNamed('sqljs memory').open()
    await expect(copySchema({ dialect: 'postgres', query: () => Promise.reject(new Error('It is not asked')) }, storage)).rejects.toThrow(TypeError)
  })

  it('copies from a server into a database of this process, from a schema of another name', async () => {
    await using source = await engineNamed('postgres').open()
    await using shadow = await engineNamed('pglite memory').open()
    await source.transaction(async (tx) => {
      for (const sql of ['create schema app', 'set local search_path to app', ...postgres]) await tx.query({ sql })
      expect(await copySchema(tx, shadow)).toEqual([])
      expect(await compareSchemas(await introspect(tx), await introspect(shadow))).toEqual({ differences: [], notComparable: [] })
    })
  })

  it('leaves out virtual tables on SQLite, and what names them', async () => {
    await using source = await engineNamed('sqljs memory').open()
    await using shadow = await engineNamed('sqljs memory').open()
    await run(source, [
      'create table posts (id integer primary key, body text)', 'create virtual table words using fts4(body)',
      'create trigger fill after insert on posts begin insert into words (body) values (new.body); end', 'create view found as select * from "WORDS"', 'create view twice as select * from found',
    ])
    expect(await copySchema(source, shadow)).toEqual([
      { object: 'table "words"', why: 'Virtual tables are not copied.' },
      { object: 'view "found"', why: 'It names "WORDS", which is not copied.' },
      { object: 'view "twice"', why: 'It names "found", which is not copied.' },
      { object: 'trigger "fill"', why: 'It names "words", which is not copied.' },
    ])
    await shadow.query({ sql: 'alter table posts rename column body to content' })
  })

  it('names on PostgreSQL what it leaves out, and a column whose type the shadow lacks, and goes on', async () => {
    await using source = await engineNamed('postgres').open()
    await using shadow = await engineNamed('pglite memory').open()
    await run(source, [
      'create domain positive as integer check (value > 0)', 'create function fine(integer) returns boolean immutable language sql as $$ select $1 > 0 $$',
      'create table posts (id integer primary key, rank positive, body text, constraint fine check (fine(id)), constraint short check (length(body) < 9))',
      'create index by_rank on posts (rank)', 'create view seen as select * from posts', 'create policy own on posts using (true)',
      'create table logs (at date) partition by range (at)', `create table logs_1 partition of logs for values from ('2026-01-01') to ('2027-01-01')`,
    ])
    expect(await copySchema(source, shadow)).toEqual([
      { object: 'table "logs_1"', why: 'Partitions are not copied.' },
      { object: 'policy "own"', why: 'Policies are not copied.' },
      { object: 'view "seen"', why: 'Views are not copied.' },
      { object: 'column "posts"."rank"', why: 'type "positive" does not exist.' },
      { object: 'constraint "fine" of table "posts"', why: 'function fine(integer) does not exist.' },
      { object: 'index "by_rank"', why: 'column "rank" does not exist.' },
    ])
    const { tables } = await introspect(shadow)
    expect([...tables.keys()]).toEqual(['logs', 'posts'])
    expect(tables.get('posts')).toMatchObject({ columns: [{ name: 'id' }, { name: 'body' }], primaryKey: { columns: ['id'] }, checks: [{ name: 'short' }] })
  })

  it.each(['sqljs memory', 'pglite memory'])('copies only what is asked for, on %s', async (name) => {
    await using source = await engineNamed(name).open()
    await using shadow = await engineNamed(name).open()
    await run(source, ['create table a (id integer primary key)', 'create table b (id integer, a integer references a)', 'create index ib on b (id)', 'create index ia on a (id)'])
    const left = await copySchema(source, shadow, (_, table) => table === 'b')
    const [copied] = [...(await introspect(shadow)).tables.values()]
    expect([copied?.name, copied?.indexes.map((index) => index.name)]).toEqual(['b', ['ib']])
    // SQLite lets a foreign key point to nowhere.
    expect(left.map(({ object }) => object)).toEqual(name === 'sqljs memory' ? [] : ['constraint "b_a_fkey" of table "b"'])
  })
})

async function run(storage: Storage, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await storage.query({ sql })
}
