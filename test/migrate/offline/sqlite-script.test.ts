/** A script for SQLite, run by another build and version of SQLite, leaves what an online run leaves. */
import { describe, expect, it } from 'vitest'
import { revisions as tidemark } from '../../../migrations/index.ts'
import { Migrator } from '../../../src/migrate/migrator.ts'
import { offlineScript } from '../../../src/migrate/offline/offline-script.ts'
import { RevisionGraph } from '../../../src/migrate/graph.ts'
import type { Op } from '../../../src/migrate/op.ts'
import { defineRevision, type Revision } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'
import { type OtherDatabase, openOtherSqlite } from '../../support/other-sqlite.ts'
import { hostileHistory, nasty } from './hostile-history.ts'

const createdAt = '2026-11-20T18:00:00Z'

describe('a script for SQLite', () => {
  it.each([
    { name: 'a history of nasty texts', revisions: hostileHistory, fill: [`insert into tags values (2, 'x')`, `insert into posts (id, author_id, seen, title) values (77, 2, 'v5', '${nasty.replaceAll("'", "''")}')`], ranges: ['e5:b2', 'b2:a1', 'a1:base'] },
    { name: `Tidemark's own`, revisions: tidemark, fill: ['insert into products (customer_id, id, name, search_text) values (1, 2, \'P\', \'p\')'], ranges: ['head:3f6c1d0a9b27', '3f6c1d0a9b27:base'] },
  ])('leaves the database of an online run: $name, up, down with rows in it, and up again', async ({ revisions, fill, ranges }) => {
    const online = await engineNamed('sqljs memory').open()
    const other = await openOtherSqlite()
    const migrator = new Migrator({ storage: online, revisions })
    const both = async (direction: 'upgrade' | 'downgrade', range: string): Promise<void> => {
      const [, to = ''] = range.split(':')
      await (direction === 'upgrade' ? migrator.upgrade(to) : migrator.downgrade(migrator.graph.resolve(to)[0] ?? to))
      other.rows(await script(revisions, range, direction))
      expect(await contents(other), range).toEqual(await contentsOnline(online))
    }
    await both('upgrade', 'base:head')
    for (const sql of fill) {
      await online.query({ sql })
      other.rows(sql)
    }
    for (const range of ranges) await both('downgrade', range)
    await both('upgrade', 'base:head')
    other.close()
    await online.close()
  })

  it('begins in the middle of a history, with rows there, and stops before its end', async () => {
    const online = await engineNamed('sqljs memory').open()
    const migrator = new Migrator({ storage: online, revisions: hostileHistory, versionTable: 'ver sion"', historyTable: `his'tory` })
    await migrator.upgrade('a1')
    await online.query({ sql: `insert into posts (id, author_id) values (500, 1)` })
    const other = await openOtherSqlite()
    const names = { versionTable: 'ver sion"', historyTable: `his'tory` }
    other.rows(await script(hostileHistory, 'a1', 'upgrade', names))
    other.rows(`insert into posts (id, author_id) values (500, 1)`)
    await migrator.upgrade('b2')
    other.rows(await script(hostileHistory, 'a1:b2', 'upgrade', names))
    expect(await contents(other, Object.values(names))).toEqual(await contentsOnline(online, Object.values(names)))
    await migrator.upgrade('c3')
    other.rows(await script(hostileHistory, 'b2:c3', 'upgrade', names))
    expect(await contents(other, Object.values(names))).toEqual(await contentsOnline(online, Object.values(names)))
    other.close()
    await online.close()
  })

  it('keeps the AUTOINCREMENT mark of the database it meets, whatever it is', async () => {
    const [make, rebuild] = [
      defineRevision({ id: 'a1', down: [], message: 'x', createdAt, upgrade: (op) => op.execute('create table t (id integer primary key autoincrement, n text)'), downgrade: (op) => op.dropTable('t') }),
      defineRevision({ id: 'b2', down: ['a1'], message: 'x', createdAt, upgrade: (op) => op.alterColumn('t', 'n', { default: 'x' }), downgrade: async () => undefined }),
    ]
    const other = await openOtherSqlite()
    other.rows(await script([make, rebuild], 'a1'))
    other.rows(`insert into t values (900, 'a'); delete from t; insert into t values (7, 'b')`)
    other.rows(await script([make, rebuild], 'a1:b2'))
    expect(other.rows('insert into t (n) values (null) returning id')).toEqual([{ id: 901 }])
    expect(other.rows('select name, seq from sqlite_sequence')).toEqual([{ name: 't', seq: 901 }])
    other.close()
  })

  it('keeps the rows of child tables where foreign keys are enforced, and leaves them so', async () => {
    const make = defineRevision({
      id: 'a1', down: [], message: 'x', createdAt, downgrade: async () => undefined,
      async upgrade(op) {
        await op.createTable('t', { id: c.integer().primaryKey(), n: c.text() })
        await op.createTable('child', { id: c.integer().primaryKey(), t_id: c.integer().references('t', 'id', { onDelete: 'cascade' }) })
      },
    })
    const rebuild = defineRevision({ id: 'b2', down: ['a1'], message: 'x', createdAt, upgrade: (op) => op.alterColumn('t', 'n', { nullable: false }), downgrade: async () => undefined })
    const other = await openOtherSqlite()
    other.rows(await script([make, rebuild], 'a1'))
    other.rows(`insert into t values (1, 'x'); insert into child values (1, 1); pragma foreign_keys = on`)
    other.rows(await script([make, rebuild], 'a1:b2'))
    expect(other.rows('select t_id from child')).toEqual([{ t_id: 1 }])
    expect(other.rows('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }])
    other.close()
  })

  describe('that does not fit the database', () => {
    const history = [
      defineRevision({
        id: 'a1', down: [], message: 'x', createdAt, downgrade: (op) => op.dropTable('t'),
        upgrade: (op) => op.createTable('t', { id: c.integer().primaryKey(), n: c.text(), parent: c.integer().references('t', 'id') }),
      }),
      defineRevision({ id: 'b2', down: ['a1'], message: 'x', createdAt, upgrade: (op) => op.alterColumn('t', 'n', { type: c.integer(), nullable: false }), downgrade: async () => undefined }),
      defineRevision({ id: 'c3', down: ['b2'], message: 'x', createdAt, async upgrade(op) { await op.execute('delete from t where parent is null'); await op.createTable('other', { id: c.integer() }) }, downgrade: async () => undefined }),
    ]
    const wrongs = [
      { name: 'a value that is none of the new type', rows: `(1, 'one', null), (2, '2', null)`, range: 'a1:b2' },
      { name: 'a null', rows: `(1, null, null), (2, '2', null)`, range: 'a1:b2' },
      { name: 'a row that would lose what it refers to', rows: `(1, '1', null), (2, '2', 1)`, range: 'a1:c3' },
      { name: 'another place in the history', rows: `(1, '1', null)`, range: 'b2:c3' },
    ]

    it.each(wrongs)('changes nothing: $name', async ({ rows, range }) => {
      const other = await openOtherSqlite()
      other.rows(await script(history, 'a1'))
      other.rows(`insert into t values ${rows}`)
      const before = other.rows('select * from t')
      const text = await script(history, range)
      expect(() => other.rows(text)).toThrow()
      expect(other.rows('select * from main.t').length).toBe(before.length)
      other.close()
    })

    it.each(wrongs)('loses no rows and claims nothing when the shell runs on after the error: $name', async ({ rows, range }) => {
      const other = await openOtherSqlite()
      other.rows(await script(history, 'a1'))
      other.rows(`insert into t values ${rows}`)
      const total = other.rows('select * from t').length
      expect(other.runOn(await script(history, range))).not.toEqual([])
      // What the statement of the last revision deletes by itself is another matter.
      if (range === 'a1:b2') expect(other.rows('select * from main.t')).toHaveLength(total)
      expect(other.rows('select version_num from main.tidemark_version')).toEqual([{ version_num: range === 'a1:c3' ? 'b2' : 'a1' }])
      other.close()
    })
  })

  it('can be run again after one that stopped, in the same session', async () => {
    const history = [
      defineRevision({ id: 'a1', down: [], message: 'x', createdAt, upgrade: (op) => op.createTable('t', { n: c.text() }), downgrade: (op) => op.dropTable('t') }),
      defineRevision({ id: 'b2', down: ['a1'], message: 'x', createdAt, upgrade: (op) => op.alterColumn('t', 'n', { nullable: false }), downgrade: async () => undefined }),
    ]
    const other = await openOtherSqlite()
    other.rows(await script(history, 'a1'))
    other.rows('insert into t values (null)')
    const text = await script(history, 'a1:b2')
    expect(other.runOn(text)).not.toEqual([])
    other.rows(`update main.t set n = 'x'`)
    other.rows(text)
    expect(other.rows('select n from t')).toEqual([{ n: 'x' }])
    expect(() => other.rows('insert into t values (null)')).toThrow()
    other.close()
  })

  it('makes the history where another program has kept the version so far', async () => {
    const history = [
      defineRevision({ id: 'a1', down: [], message: 'x', createdAt, upgrade: (op) => op.createTable('t', { n: c.text() }), downgrade: (op) => op.dropTable('t') }),
      defineRevision({ id: 'b2', down: ['a1'], message: 'x', createdAt, upgrade: (op) => op.createTable('u', { n: c.text() }), downgrade: (op) => op.dropTable('u') }),
    ]
    const other = await openOtherSqlite()
    other.rows(`create table alembic_version (version_num varchar(32) not null primary key); insert into alembic_version values ('a1'); create table t (n text)`)
    other.rows(await script(history, 'a1:b2', 'upgrade', { versionTable: 'alembic_version' }))
    expect(other.rows('select version_num from alembic_version')).toEqual([{ version_num: 'b2' }])
    expect(other.rows('select revision, direction from tidemark_history')).toEqual([{ revision: 'b2', direction: 'upgrade' }])
    other.close()
  })

  it('may have foreign keys that refer to a key only when the revision is done', async () => {
    const revision = defineRevision({
      id: 'a1', down: [], message: 'x', createdAt, downgrade: async () => undefined,
      async upgrade(op) {
        await op.execute('create table t (id integer)')
        await op.execute('create table child (t_id integer references t (id))')
        await op.createIndex('ux', 't', ['id'], { unique: true })
      },
    })
    const other = await openOtherSqlite()
    other.rows(await script([revision], 'a1'))
    expect(() => other.rows('insert into child values (1)')).toThrow('FOREIGN KEY')
    other.close()
  })

  describe('of a revision that runs outside of a transaction', () => {
    const history = [
      defineRevision({
        id: 'a1', down: [], message: 'x', createdAt, downgrade: async () => undefined,
        async upgrade(op) {
          await op.createTable('t', { id: c.integer().primaryKey(), n: c.text() })
          await op.createTable('child', { id: c.integer().primaryKey(), t_id: c.integer().references('t', 'id', { onDelete: 'cascade' }) })
          await op.insert('t', [{ id: 1, n: 'one' }])
          await op.insert('child', [{ id: 1, t_id: 1 }])
        },
      }),
      defineRevision({
        id: 'b2', down: ['a1'], message: 'x', createdAt, transaction: false, downgrade: async () => undefined,
        async upgrade(op) {
          await op.alterColumn('t', 'n', { nullable: false })
          await op.execute('delete from t where id = 7')
        },
      }),
    ]

    it('rebuilds a table that others refer to as an online run does', async () => {
      await using online = await engineNamed('sqljs memory').open()
      await new Migrator({ storage: online, revisions: history }).upgrade()
      const other = await openOtherSqlite()
      other.rows(await script(history, 'base:b2'))
      expect(await contents(other)).toEqual(await contentsOnline(online))
      other.close()
    })

    it.each([
      { name: 'a null, before the rebuild', rows: `insert into t values (2, null)`, column: 0 },
      { name: 'a row that would lose what it refers to, before the deletion', rows: `insert into t values (7, 'x'); insert into child values (7, 7)`, column: 1 },
    ])('stops at what does not fit, and loses nothing when the shell runs on: $name', async ({ rows, column }) => {
      const other = await openOtherSqlite()
      other.rows(await script(history, 'a1'))
      other.rows(rows)
      const before = other.rows('select * from t')
      const text = await script(history, 'a1:b2')
      expect(() => other.rows(text)).toThrow()
      expect(other.rows('select * from main.t')).toEqual(before)
      expect(other.rows(`select "notnull" from pragma_table_info('t', 'main') where name = 'n'`)).toEqual([{ notnull: column }])
      other.runOn(text)
      expect(other.rows('select * from main.t')).toEqual(before)
      other.close()
    })
  })

  it.each([
    { range: 'a1', rows: [], runs: 1 },
    { range: 'a1', rows: ['a1'], runs: 0 },
    { range: 'a1:b2', rows: ['a1'], runs: 1 },
    { range: 'a1:b2', rows: [], runs: 0 },
    { range: 'a1:b2', rows: ['c3'], runs: 0 },
    { range: 'a1:b2', rows: ['a1', 'c3'], runs: 0 },
    { range: 'heads:a1', rows: ['b2', 'c3'], runs: 2 },
    { range: 'heads:a1', rows: ['b2'], runs: 0 },
    { range: 'heads:a1', rows: ['b2', 'x9'], runs: 0 },
    { range: 'heads:a1', rows: ['a1', 'b2', 'c3'], runs: 0 },
  ])('is for a database that stands where it begins, and nowhere else: $range on $rows', async ({ range, rows, runs }) => {
    const logging = (id: string, ...down: readonly string[]): Revision => {
      const log = (op: Op): Promise<void> => op.execute('insert into log values (?)', [id])
      return defineRevision({ id, down, message: id, createdAt, upgrade: log, downgrade: log })
    }
    const create = defineRevision({ id: 'a0', down: [], message: 'x', createdAt, upgrade: (op) => op.execute('create table if not exists log (id text)'), downgrade: async () => undefined })
    const history = [create, logging('a1', 'a0'), logging('b2', 'a1'), logging('c3', 'a1')]
    const other = await openOtherSqlite()
    other.rows(await script(history, 'a0'))
    other.rows(`delete from tidemark_version; ${rows.map((row) => `insert into tidemark_version values ('${row}');`).join(' ')}`)
    const text = await script(history, range, range.startsWith('heads') ? 'downgrade' : 'upgrade')
    if (runs > 0) other.rows(text)
    else expect(() => other.rows(text)).toThrow()
    expect(other.rows('select count(*) as n from main.log')).toEqual([{ n: runs }])
    if (runs === 0) expect(other.rows('select version_num from main.tidemark_version order by 1').map((row) => row['version_num'])).toEqual(rows)
    other.close()
  })

  it('needs a shadow, and says where one comes from', async () => {
    await expect(offlineScript({ graph: new RevisionGraph(tidemark), revisions: tidemark, dialect: 'sqlite' })).rejects.toMatchObject({ code: 'shadow_missing' })
  })
})

async function script(revisions: readonly Revision[], range: string, direction: 'upgrade' | 'downgrade' = 'upgrade', names = {}): Promise<string> {
  const shadow = await engineNamed('sqljs memory').open()
  try {
    return await offlineScript({ graph: new RevisionGraph(revisions), revisions, dialect: 'sqlite', range, direction, shadow, ...names })
  } finally {
    await shadow.close()
  }
}

const bookkeeping = ['tidemark_version', 'tidemark_history']
type Ask = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>

function contents(database: OtherDatabase, names?: readonly string[]): Promise<unknown> {
  return contentsOf(async (sql) => database.rows(sql), names)
}

function contentsOnline(storage: Storage, names?: readonly string[]): Promise<unknown> {
  return contentsOf(async (sql) => (await storage.query({ sql })).rows, names)
}

/** The texts of all objects, and all rows as literals, so that no driver has a say. Of the history, what does not depend on the clock. */
async function contentsOf(ask: Ask, [versions, history]: readonly string[] = bookkeeping): Promise<unknown> {
  const objects = await ask('select type, name, tbl_name, sql from sqlite_schema order by type, name')
  const rows: Record<string, unknown> = {}
  for (const name of objects.flatMap((object) => (object['type'] === 'table' ? [String(object['name'])] : []))) {
    const quote = (text: unknown): string => `"${String(text).replaceAll('"', '""')}"`
    const columns = (await ask(`select name from pragma_table_xinfo('${name.replaceAll("'", "''")}') order by cid`)).map((row) => `quote(${quote(row['name'])}) as ${quote(row['name'])}`)
    const query = name === history ? `select id, revision, direction, outcome, checksum, tool_version, started_at like '20__-__-__T__:__:__.___Z' as dated from ${quote(name)} order by id` : `select ${columns.join(', ')} from ${quote(name)} order by 1, 2`
    rows[name] = (await ask(name === versions ? `select version_num from ${quote(name)} order by 1` : query)).map((row) => ({ ...row }))
  }
  return { objects: objects.map((object) => ({ ...object })), rows }
}
