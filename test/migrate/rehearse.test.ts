/** A migration tried on a copy: what it does there is told, and the real database stays what it was. */
import { describe, expect, it } from 'vitest'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Op } from '../../src/migrate/op.ts'
import { type Rehearsal, rehearse } from '../../src/migrate/rehearse/rehearse.ts'
import { defineRevision, type Revision, type RevisionSpec } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import { introspect } from '../../src/schema/introspect.ts'
import { defaultNaming, defineSchema } from '../../src/schema/table.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'
import { catalogue } from './catalogue.ts'

const createdAt = '2026-11-28T18:00:00Z'

const base = revision('a1', {
  async upgrade(op) {
    await op.createTable('teams', { id: c.integer().primaryKey(), name: c.text().notNull() })
    await op.createTable('users', {
      id: c.integer().primaryKey(), team_id: c.integer().references('teams', 'id'), boss_id: c.integer().references('users', 'id'), name: c.text().notNull(), bio: c.text(), photo: c.bytes(), profile: c.json(),
      joined: c.instant(), score: c.real(), big: c.bigint(), upper_name: c.text().generated('upper(name)'),
    }, { indexes: [{ columns: ['name'] }] })
  },
  downgrade: async (op) => {
    await op.dropTable('users')
    await op.dropTable('teams')
  },
})
const notes = revision('a2', {
  async upgrade(op) {
    await op.createTable('notes', { id: c.integer().primaryKey(), user_id: c.integer().notNull().references('users', 'id'), body: c.text().notNull() })
    await op.execute(`insert into notes (id, user_id, body) select id, id, bio from users where bio is not null`)
    await op.dropColumn('users', 'bio')
  },
  downgrade: (op) => op.dropTable('notes'),
}, 'a1')
const tidy = revision('a3', {
  async upgrade(op) {
    await op.renameTable('users', 'people')
    await op.batch('people', (t) => t.alterColumn('name', { name: 'full_name' }))
    await op.execute(`delete from notes where user_id = 2`)
    await op.execute(`update people set full_name = 'Nobody' where id = 3`)
  },
  downgrade: async () => undefined,
}, 'a2')
const revisions = [base, notes, tidy]

describe.each(['sqljs memory', 'sqljs file', 'pglite memory', 'postgres'].map((name) => engineNamed(name)))('a rehearsal on $name', (engine) => {
  it('tells for each step how long it took, what was done, and what became of the rows', async () => {
    await using storage = await filled(engine)
    const progress: string[] = []
    const startedAt = performance.now()
    const report = await rehearse({ storage, revisions, onProgress: ({ phase, what, index, total }) => progress.push(`${phase} ${what} ${index}/${total}`) })
    const passedMs = performance.now() - startedAt
    expect(progress).toEqual(['copy teams 1/2', 'copy users 2/2', 'run a2 1/2', 'run a3 2/2'])
    expect(report).toMatchObject({ dialect: storage.dialect, from: ['a1'], notCopied: [] })
    expect(report.failure).toBeUndefined()
    expect(report.copied).toEqual([{ table: 'teams', rows: 2, complete: true }, { table: 'users', rows: 4, complete: true }])
    expect(report.steps.map(({ revision, message, direction, operations }) => [revision, message, direction, operations.map(({ summary }) => summary)])).toEqual([
      ['a2', 'a2', 'upgrade', ['createTable notes', 'execute', 'dropColumn users.bio']],
      ['a3', 'a3', 'upgrade', ['renameTable users to people', 'batch people: alterColumn people.full_name', 'execute', 'execute'].map((summary, position) => (position === 1 ? expect.stringContaining('alterColumn people') : summary))],
    ])
    expect(report.steps.every(({ durationMs }) => Number.isInteger(durationMs) && durationMs >= 0)).toBe(true)
    expect(report.steps.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeLessThan(passedMs)
    expect(told(report)).toEqual([
      { notes: '0 → 3, 3 added', teams: '2 → 2', users: '4 → 4, bio loses 3' },
      { notes: '3 → 2, 1 lost', people: '4 → 4, 1 changed, full_name changes 1, upper_name changes 1', teams: '2 → 2' },
    ])
  })

  it('touches nothing of the real database', async () => {
    await using storage = await filled(engine)
    const before = await everything(storage)
    await rehearse({ storage, revisions })
    await rehearse({ storage, revisions: [base, failing], target: 'f1' })
    expect(await everything(storage)).toEqual(before)
    expect(await new Migrator({ storage, revisions }).current()).toEqual(['a1'])
  })

  it('copies every value as it is', async () => {
    await using storage = await filled(engine)
    const shadow = await storage.openShadow!()
    let contents: unknown
    const peek = revision('a2', { upgrade: async (op) => { contents = (await op.query('select * from users order by id')).rows }, downgrade: async () => undefined }, 'a1')
    await rehearse({ storage, revisions: [base, peek], shadows: { [storage.dialect]: async () => shadow } })
    expect(contents).toEqual((await storage.query({ sql: 'select * from users order by id' })).rows)
    await expect(shadow.query({ sql: 'select 1' })).rejects.toMatchObject({ code: 'storage_closed' })
  })

  it('ends where a step fails, with the error that the migration would throw', async () => {
    await using storage = await filled(engine)
    const report = await rehearse({ storage, revisions: [base, { ...notes }, { ...failing, down: ['a2'] }] })
    expect(report.steps.map(({ revision }) => revision)).toEqual(['a2'])
    expect(report.failure).toMatchObject({ code: 'revision_failed', details: { revision: 'f1', at: ['a1'] }, cause: { code: 'unique_violated' }, next: expect.stringContaining('tidemark migrate upgrade head') })
  })

  it('goes down too, unless there is no way back', async () => {
    await using storage = await filled(engine)
    await new Migrator({ storage, revisions: [base, notes] }).upgrade()
    const report = await rehearse({ storage, revisions: [base, notes], direction: 'downgrade', target: 'a1' })
    expect(told(report)).toEqual([{ notes: '3 → 0, 3 lost', teams: '2 → 2', users: '4 → 4' }])
    const final = defineRevision({ ...notes, downgrade: undefined, irreversible: 'the words are gone' })
    await expect(rehearse({ storage, revisions: [base, final], direction: 'downgrade', target: 'base' })).rejects.toMatchObject({ code: 'revision_irreversible' })
    expect((await storage.query({ sql: 'select count(*) as n from notes' })).rows).toEqual([{ n: 3 }])
  })

  it('lets numbers that the database gives go on after the rows that are there', async () => {
    await using storage = await engine.open()
    const key = storage.dialect === 'sqlite' ? 'integer primary key autoincrement' : 'integer generated by default as identity primary key'
    await storage.query({ sql: `create table counted (id ${key}, name text)` })
    await storage.query({ sql: `insert into counted (name) values ('a'), ('b')` })
    const more = revision('a1', { upgrade: (op) => op.execute(`insert into counted (name) values ('c')`), downgrade: async () => undefined })
    expect(told(await rehearse({ storage, revisions: [more] }))).toEqual([{ counted: '2 → 3, 1 added' }])
  })

  it('can be stopped while rows are copied, and before each revision', async () => {
    await using storage = await filled(engine)
    for (const [last, expected] of [['teams', ['teams']], ['a2', ['teams', 'users', 'a2']]] as const) {
      const stop = new AbortController()
      const told: string[] = []
      const running = rehearse({ storage, revisions, signal: stop.signal, onProgress: ({ what }) => {
        told.push(what)
        if (what === last) stop.abort()
      } })
      await expect(running).rejects.toMatchObject({ code: 'aborted' })
      expect(told).toEqual(expected)
    }
    await storage.query({ sql: 'select 1' })
  })
})

describe('a rehearsal', () => {
  const open = (): Promise<Storage> => filled(engineNamed('sqljs memory'))

  it('repeats the command that was asked for, with all its targets', async () => {
    await using storage = await open()
    const { failure } = await rehearse({ storage, revisions: [base, notes, failing], target: ['a2', 'f1'] })
    expect(failure).toMatchObject({ code: 'revision_failed', next: expect.stringContaining('`tidemark migrate upgrade a2 f1`') })
  })

  it('names what is left unnamed by the convention of the schema, or by the one that is given', async () => {
    await using storage = await open()
    const unique = revision('a2', {
      async upgrade(op) {
        await op.addColumn('teams', 'code', c.text().unique())
        await op.dropConstraint('only_teams_code', 'teams')
      },
      downgrade: async () => undefined,
    }, 'a1')
    const naming = { ...defaultNaming, unique: 'only_%' }
    const failures = [{ schema: defineSchema({}, { naming }) }, { naming, schema: defineSchema({}) }, { naming }, {}].map(async (options) => (await rehearse({ storage, revisions: [base, unique], ...options })).failure?.code)
    expect(await Promise.all(failures)).toEqual([undefined, undefined, undefined, 'revision_failed'])
  })

  it('goes up where there is no way back, and down only where it is said how far', async () => {
    await using storage = await open()
    const final = defineRevision({ ...notes, downgrade: undefined, irreversible: 'the words are gone' })
    expect((await rehearse({ storage, revisions: [base, final] })).steps).toHaveLength(1)
    await expect(rehearse({ storage, revisions, direction: 'downgrade' })).rejects.toBeInstanceOf(TypeError)
  })

  it('is refused where a database is half-way', async () => {
    await using storage = await open()
    const stepwise = defineRevision({ ...failing, transaction: false, async upgrade(op) {
      await op.createIndex('ix_teams_name', 'teams', ['name'])
      await failing.upgrade(op)
    } })
    await expect(new Migrator({ storage, revisions: [base, stepwise] }).upgrade()).rejects.toMatchObject({ code: 'revision_failed' })
    await expect(rehearse({ storage, revisions: [base, stepwise] })).rejects.toMatchObject({ code: 'revision_half_way' })
  })

  it('fails as its shadow does', async () => {
    await using storage = await open()
    const error = new Error('no room')
    await expect(rehearse({ storage, revisions, shadows: { sqlite: async () => { throw error } } })).rejects.toBe(error)
  })

  it('sees a change of one character in a long text', async () => {
    await using storage = await open()
    const edited = revision('a2', { upgrade: (op) => op.execute(`update users set bio = substr(bio, 1, 5000) || 'X' || substr(bio, 5002) where id = 1`), downgrade: async () => undefined }, 'a1')
    expect(told(await rehearse({ storage, revisions: [base, edited] }))).toEqual([{ teams: '2 → 2', users: '4 → 4, 1 changed, bio changes 1' }])
  })
})

describe('a copy of SQLite', () => {
  it('has triggers, but does not run them while rows come', async () => {
    await using storage = await filled(engineNamed('sqljs memory'))
    await storage.query({ sql: 'create table log (name text)' })
    await storage.query({ sql: 'create trigger logged after insert on users begin insert into log values (new.name); end' })
    const one = revision('a2', { upgrade: (op) => op.execute(`insert into users (id, name) values (50, 'Zoe')`), downgrade: async () => undefined }, 'a1')
    expect(told(await rehearse({ storage, revisions: [base, one] }))).toEqual([{ log: '0 → 1, 1 added', teams: '2 → 2', users: '4 → 5, 1 added' }])
  })

  it('keeps tables of every kind, also of many pages', async () => {
    await using storage = await engineNamed('sqljs memory').open()
    await storage.query({ sql: 'create table many (name text)' })
    await storage.query({ sql: `insert into many with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) select 'name ' || i from n` })
    await storage.query({ sql: 'delete from many where rowid % 3 = 0' })
    await storage.query({ sql: 'create table keyed (a text, b int, primary key (a, b)) without rowid' })
    await storage.query({ sql: `insert into keyed values ('x', 1), ('x', 2)` })
    await storage.query({ sql: 'create table odd (rowid text, x)' })
    await storage.query({ sql: `insert into odd values ('one', 9007199254740993), ('two', x'00ff')` })
    // More values than one statement takes.
    const columns = Array.from({ length: 20 }, (_, index) => `c${index}`)
    await storage.query({ sql: `create table wide (${columns.join(', ')})` })
    await storage.query({ sql: `insert into wide with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) select ${columns.map((_, index) => `i * ${index + 1}`).join(', ')} from n` })
    let contents: unknown
    const peek = revision('a1', { upgrade: async (op) => { contents = [await op.query('select * from wide'), await op.query('select rowid, name from many'), await op.query('select * from keyed'), await op.query('select oid as o, * from odd')] }, downgrade: async () => undefined })
    await rehearse({ storage, revisions: [peek] })
    expect(contents).toEqual([await storage.query({ sql: 'select * from wide' }), await storage.query({ sql: 'select rowid, name from many' }), await storage.query({ sql: 'select * from keyed' }), await storage.query({ sql: 'select oid as o, * from odd' })])
  })

  it('does without virtual tables, and says so', async () => {
    await using storage = await engineNamed('sqljs memory').open()
    await storage.query({ sql: 'create virtual table found using fts4(body)' })
    expect((await rehearse({ storage, revisions: [revision('a1', { upgrade: async () => undefined, downgrade: async () => undefined })] })).notCopied).toEqual([{ object: 'table "found"', why: 'Virtual tables are not copied.' }])
  })
})

it('a copy of PGlite has the rows of all partitions in one table', async () => {
  await using storage = await engineNamed('pglite memory').open()
  await storage.query({ sql: 'create table parts (id integer, at date) partition by range (at)' })
  await storage.query({ sql: `create table parts_old partition of parts for values from (minvalue) to ('2026-01-01')` })
  await storage.query({ sql: `create table parts_new partition of parts for values from ('2026-01-01') to (maxvalue)` })
  await storage.query({ sql: `insert into parts values (1, '2025-01-01'), (2, '2027-01-01')` })
  const none = revision('a1', { upgrade: async () => undefined, downgrade: async () => undefined })
  expect((await rehearse({ storage, revisions: [none] })).copied).toEqual([{ table: 'parts', rows: 2, complete: true }])
})

it('a copy of PGlite has all rows, however few would be taken from a server', async () => {
  await using storage = await filled(engineNamed('pglite memory'))
  expect((await rehearse({ storage, revisions: [base], sampleRows: 1 })).copied).toEqual([{ table: 'teams', rows: 2, complete: true }, { table: 'users', rows: 4, complete: true }])
})

describe('a sample of a PostgreSQL server', () => {
  const none = revision('a2', { upgrade: async () => undefined, downgrade: async () => undefined }, 'a1')

  it('has whole tables as far as they are small, and keys that hold', async () => {
    await using storage = await engineNamed('postgres').open()
    await new Migrator({ storage, revisions: [base] }).upgrade()
    await storage.query({ sql: `insert into teams select n, 'team ' || n from generate_series(1, 300) as n` })
    // Half of the users are under one of the other half, in the same team.
    await storage.query({ sql: `insert into users (id, team_id, boss_id, name) select n, n % 300 + 1, case when n > 600 then n - 600 end, 'user ' || n from generate_series(1, 1200) as n` })
    let pairs: unknown
    const peek = { ...none, upgrade: async (op: Op) => { pairs = (await op.query('select count(*) as n from users as u join users as boss on boss.id = u.boss_id')).rows[0] } }
    const report = await rehearse({ storage, revisions: [base, peek], sampleRows: 50 })
    expect(report.failure).toBeUndefined()
    expect(report.copied).toEqual([{ table: 'teams', rows: 50, complete: false }, { table: 'users', rows: 38, complete: false }])
    expect(pairs).toEqual({ n: 13 })
  })

  it('does without rows that refer to others which were not taken, in a circle of keys', async () => {
    await using storage = await engineNamed('postgres').open()
    await storage.query({ sql: 'create table groups (id integer primary key, speaker integer)' })
    await storage.query({ sql: 'create table members (id integer primary key, group_id integer not null references groups (id))' })
    await storage.query({ sql: 'insert into groups select n, case when n % 2 = 0 then n + 50 end from generate_series(1, 100) as n' })
    await storage.query({ sql: 'insert into members select n, (n - 1) % 100 + 1 from generate_series(1, 200) as n' })
    await storage.query({ sql: 'alter table groups add foreign key (speaker) references members (id)' })
    // Of ten groups five have a speaker, who is in none of the ten.
    const report = await rehearse({ storage, revisions: [revision('a1', { upgrade: async () => undefined, downgrade: async () => undefined })], sampleRows: 10 })
    expect(report.copied).toEqual([{ table: 'groups', rows: 5, complete: false }, { table: 'members', rows: 5, complete: false }])
  })

  it('needs no sample where the rows are fewer', async () => {
    await using storage = await filled(engineNamed('postgres'))
    const report = await rehearse({ storage, revisions: [base, none], sampleRows: 4, shadows: { postgres: () => engineNamed('pglite memory').open() } })
    expect(report.copied).toEqual([{ table: 'teams', rows: 2, complete: true }, { table: 'users', rows: 4, complete: true }])
  })

  it('lists what it cannot copy', async () => {
    await using storage = await filled(engineNamed('postgres'))
    await storage.query({ sql: 'create view names as select name from users' })
    expect((await rehearse({ storage, revisions: [base, none] })).notCopied).toEqual([{ object: 'view "names"', why: 'Views are not copied.' }])
  })
})

const failing = revision('f1', { upgrade: (op) => op.execute(`insert into users (id, name) values (1, 'Ann again')`), downgrade: async () => undefined }, 'a1')

function revision(id: string, { upgrade, downgrade }: Pick<RevisionSpec, 'upgrade' | 'downgrade'>, below?: string): Revision {
  return defineRevision({ id, down: below === undefined ? [] : [below], message: id, createdAt, upgrade, downgrade })
}

async function filled(engine: { open(): Promise<Storage> }): Promise<Storage> {
  const storage = await engine.open()
  await new Migrator({ storage, revisions: [base] }).upgrade()
  const place = (position: number): string => (storage.dialect === 'sqlite' ? '?' : `$${position}`)
  await storage.query({ sql: `insert into teams values (1, 'Red'), (2, 'Blue')` })
  const columns = ['id', 'team_id', 'boss_id', 'name', 'bio', 'photo', 'profile', 'joined', 'score', 'big']
  for (const row of [
    [1, 1, 1, 'Ann', 'long '.repeat(2_000), Uint8Array.of(0, 255), { tags: ['ü', null, 1.5] }, '2026-03-03T08:00:00.123Z', 0.1, 9_007_199_254_740_993n],
    [2, 1, 1, 'Ben', 'x', null, [], null, -1e-7, -1],
    [3, 2, 2, 'Cleo 🐚', '', new Uint8Array(), {}, '9999-12-31T23:59:59.999Z', 1e300, 0],
    [4, null, null, 'Dan', null, null, null, null, null, null],
  ]) await storage.query({ sql: `insert into users (${columns.join(', ')}) values (${columns.map((_, position) => place(position + 1)).join(', ')})`, parameters: row })
  return storage
}

/** The whole database: objects, and the rows of every table, those of the kit as well. */
async function everything(storage: Storage): Promise<unknown> {
  const rows: Record<string, unknown> = {}
  for (const table of (await introspect(storage)).tables.keys()) rows[table] = (await storage.query({ sql: `select * from ${table} order by 1` })).rows
  const schemas = storage.dialect === 'postgres' ? (await storage.query({ sql: 'select nspname from pg_namespace order by 1' })).rows : []
  return { objects: await catalogue(storage, []), rows, schemas }
}

/** `4 → 4, 1 lost, bio loses 3`, by table. */
function told({ steps }: Rehearsal): readonly Record<string, string>[] {
  return steps.map(({ tables }) => Object.fromEntries(tables.map(({ table, rowsBefore, rowsAfter, lostRows, addedRows, changedRows, columns }) => [table, [
    `${rowsBefore} → ${rowsAfter}`,
    ...[[lostRows, 'lost'], [addedRows, 'added'], [changedRows, 'changed']].flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])),
    ...columns.flatMap(({ column, lostValues, changedValues }) => [...(lostValues > 0 ? [`${column} loses ${lostValues}`] : []), ...(changedValues > 0 ? [`${column} changes ${changedValues}`] : [])]),
  ].join(', ')])))
}

