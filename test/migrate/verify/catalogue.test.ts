/** What tells two states of a database apart besides its rows. */
import { describe, expect, it } from 'vitest'
import { type Catalogue, compareCatalogues, readCatalogue } from '../../../src/migrate/verify/catalogue.ts'
import { engineNamed } from '../../support/engines.ts'

async function changes(engine: string, before: readonly string[], change: readonly string[]): Promise<readonly string[]> {
  await using storage = await engineNamed(engine).open()
  for (const sql of before) await storage.query({ sql })
  const first = await readCatalogue(storage)
  for (const sql of change) await storage.query({ sql })
  return compareCatalogues(first, await readCatalogue(storage)).map(({ object, kind }) => `${kind}: ${object}`)
}

describe.each(['sqljs memory', 'pglite memory'])('a catalogue on %s', (engine) => {
  const table = `create table t (id integer primary key, a text not null default 'x', constraint ck_a check (a <> ''))`

  it('names each object that is not as it was', async () => {
    expect(await changes(engine, [table], [])).toEqual([])
    expect(await changes(engine, [table], ['create index ix on t (a)', 'alter table t add column b integer'])).toEqual(['unexpected: column "b" of table "t"', 'unexpected: index "ix" of table "t"'])
    expect(await changes(engine, [table, 'create index ix on t (a)'], ['drop index ix', 'create index ix on t (a desc)'])).toEqual(['different: index "ix" of table "t"'])
    expect(await changes(engine, [table, 'create view v as select a from t'], ['drop view v', 'create view v as select id from t'])).toEqual(['different: view "v"'])
  })

  it('tells of a table that is gone or new, not of all that belongs to it', async () => {
    expect(await changes(engine, [table], ['drop table t'])).toEqual(['missing: table "t"'])
    expect(await changes(engine, [], [table])).toEqual(['unexpected: table "t"'])
  })

  it('does not mind the order of columns', async () => {
    expect(await changes(engine, [table], ['drop table t', `create table t (a text not null default 'x', id integer primary key, constraint ck_a check (a <> ''))`])).toEqual([])
  })

  it('minds all that a declaration says of a column, a key or an index', async () => {
    const made = (rest: string): string => `create table t (id integer primary key, a text, b integer${rest})`
    const cases: readonly (readonly [one: string, two: string, found: string])[] = engine === 'sqljs memory' ? [
      [made(', c text'), made(', c varchar(9)'), 'column "c" of table "t"'],
      [made(', c text'), made(', c text not null'), 'column "c" of table "t"'],
      [made(`, c text default 'x'`), made(`, c text default 'y'`), 'column "c" of table "t"'],
      [made(`, c text default 'x'`), made(', c text'), 'column "c" of table "t"'],
      [made(', c integer generated always as (b * 2) stored'), made(', c integer generated always as (b * 3) stored'), 'column "c" of table "t"'],
      [made(', c integer generated always as (b * 2) stored'), made(', c integer'), 'column "c" of table "t"'],
      ['create table t (a text not null, b integer not null, primary key (a))', 'create table t (a text not null, b integer not null, primary key (a, b))', 'primary key of table "t"'],
      [made(', constraint uq unique (a)'), made(', constraint uq unique (a, b)'), 'unique "uq" of table "t"'],
      [made(`, constraint ck check (a <> '')`), made(`, constraint ck check (a <> 'x')`), 'check "ck" of table "t"'],
      [made(', constraint fk foreign key (b) references other (id)'), made(', constraint fk foreign key (b) references other (id) on delete cascade'), 'foreign key "fk" of table "t"'],
      [made(', constraint fk foreign key (b) references other (id)'), made(', constraint fk foreign key (b) references other (id) on update cascade'), 'foreign key "fk" of table "t"'],
      [made(', constraint fk foreign key (b) references other (id)'), made(', constraint fk foreign key (b) references third (id)'), 'foreign key "fk" of table "t"'],
      [`${made('')}; create index ix on t (a, b)`, `${made('')}; create index ix on t (b, a)`, 'index "ix" of table "t"'],
      [made(', ab integer, constraint uq unique (a, b)'), made(', ab integer, constraint uq unique (ab)'), 'unique "uq" of table "t"'],
      [`${made('')}; create index ix on t (a)`, `${made('')}; create unique index ix on t (a)`, 'index "ix" of table "t"'],
      [`${made('')}; create index ix on t (a)`, `${made('')}; create index ix on t (a) where b > 0`, 'index "ix" of table "t"'],
      [`${made('')}; create index ix on t (lower(a))`, `${made('')}; create index ix on t (upper(a))`, 'index "ix" of table "t"'],
      [made(', c integer generated always as (b * 2) stored'), made(', c integer generated always as (b * 2) virtual'), 'column "c" of table "t"'],
    ] : [
      [made(', c text'), made(', c text not null'), 'column "c" of table "t"'],
      [made(', constraint fk foreign key (b) references other (id)'), made(', constraint fk foreign key (b) references other (id) on delete cascade'), 'foreign key "fk" of table "t"'],
      [made(''), `${made('')}; comment on column t.a is 'x'`, 'column "a" of table "t"'],
      [made(''), `${made('')}; comment on table t is 'x'`, 'table "t"'],
      [`${made('')}; comment on column t.a is 'x'`, `${made('')}; comment on column t.a is 'y'`, 'column "a" of table "t"'],
      [`${made('')}; comment on table t is 'x'`, `${made('')}; comment on table t is 'y'`, 'table "t"'],
      [`${made('')}; create type mood as enum ('good')`, `${made('')}; alter type mood add value 'bad'`, 'enum "mood"'],
    ]
    await using storage = await engineNamed(engine).open()
    for (const parent of ['other', 'third']) await storage.query({ sql: `create table ${parent} (id integer primary key)` })
    for (const [one, two, found] of cases) {
      const states: Catalogue[] = []
      for (const statements of [one, two]) {
        for (const sql of statements.split('; ')) await storage.query({ sql })
        states.push(await readCatalogue(storage))
        await storage.query({ sql: 'drop table t' })
      }
      const [before, after] = states
      expect(before && after && compareCatalogues(before, after).map(({ object, kind }) => `${kind}: ${object}`), two).toEqual([`different: ${found}`])
    }
  })

  it('minds the name of a constraint, since a later revision may drop it by that', async () => {
    expect(await changes(engine, [table], ['drop table t', table.replace('ck_a', 'ck_b')])).toEqual(['missing: check "ck_a" of table "t"', 'unexpected: check "ck_b" of table "t"'])
  })
})

it('a catalogue of SQLite minds what its texts say beyond a declaration, and not how they are typed', async () => {
  const plain = 'create table t (id integer primary key, a text)'
  for (const other of ['create table t (id integer primary key autoincrement, a text)', 'create table t (id integer primary key, a text collate nocase)', 'create table t (id integer primary key, a text) strict']) {
    expect(await changes('sqljs memory', [plain], ['drop table t', other])).toHaveLength(1)
  }
  expect(await changes('sqljs memory', [plain], ['drop table t', 'CREATE  TABLE "t" (/* the key */ "id" INTEGER PRIMARY KEY,\n a TEXT)'])).toEqual([])
  // Constraints without a name are told apart by what they say.
  expect(await changes('sqljs memory', ['create table t (a integer, check (a > 0), check (a < 9), unique (a))'], ['drop table t', 'create table t (a integer, check (a > 0), unique (a), unique (a))'])).toEqual(['missing: check a < 9 of table "t"'])
  expect(await changes('sqljs memory', [], ['create virtual table f using fts4(body)'])).toEqual(['unexpected: virtual table "f"'])
})

it('a catalogue of PostgreSQL holds functions, triggers, sequences, policies and types', async () => {
  const made = [
    `create function touch() returns trigger language plpgsql as 'begin return new; end'`, 'create trigger touched before update on t for each row execute function touch()', 'create sequence counter',
    'create policy own on t using (id > 0)', 'create domain short as varchar(3)', 'create type pair as (a integer, b text)', 'create materialized view m as select 1 as one',
    'alter table t add constraint once exclude (id with =)',
  ]
  expect((await changes('pglite memory', ['create table t (id integer)'], made)).toSorted()).toEqual([
    'different: table "t"', 'unexpected: exclusion "once" of table "t"', 'unexpected: function "touch"()', 'unexpected: materialized view "m"', 'unexpected: policy "own" of table "t"',
    'unexpected: sequence "counter"', 'unexpected: trigger "touched" of table "t"', 'unexpected: type "pair"', 'unexpected: type "short"',
  ])
  expect(await changes('pglite memory', [made[0]!], ['drop function touch()', made[0]!.replace('return new', 'return null')])).toEqual(['different: function "touch"()'])
  // Only SQLite keeps a text as it was typed.
  expect(await changes('pglite memory', [made[0]!], ['drop function touch()', made[0]!.replace('return new', 'RETURN new')])).toEqual(['different: function "touch"()'])
  expect(await changes('pglite memory', [`create type mood as enum ('ab', 'c')`], ['drop type mood', `create type mood as enum ('a', 'bc')`])).toEqual(['different: enum "mood"'])
})
