import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Migrator } from '../../src/migrate/migrator.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

// The text that Alembic sends, and ids as it makes them: the last 12 digits of a UUID, which may be all figures.
const alembicTable = `
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)`
const [base, left, right, merge] = ['1975ea83b712', '027c6a30b0ac', '123456789012', 'ae1027a6acf5'] as const
const revision = (id: string, down: readonly string[], table: string): Revision =>
  defineRevision({ id, down, message: table, createdAt: '2026-11-20T18:00:00Z', upgrade: (op) => op.createTable(table, { id: c.integer().primaryKey() }), downgrade: (op) => op.dropTable(table) })
const revisions = [revision(base, [], 'base'), revision(left, [base], 'left_side'), revision(right, [base], 'right_side')]

describe.each(['sqljs memory', 'pglite memory', 'postgres'].map(engineNamed))('a database that Alembic managed on $name', (engine) => {
  let storage: Storage
  beforeEach(async () => {
    storage = await engine.open()
    await storage.query({ sql: alembicTable })
  })
  afterEach(() => storage.close())

  const migrator = (...more: readonly Revision[]): Migrator => new Migrator({ storage, revisions: [...revisions, ...more], versionTable: 'alembic_version' })
  const stand = async (...ids: readonly string[]): Promise<void> => {
    for (const [index, id] of ids.entries()) {
      await storage.query({ sql: `INSERT INTO alembic_version (version_num) VALUES ('${id}')` })
      await storage.query({ sql: `create table ${['base', 'left_side', 'right_side'][[base, left, right].findIndex((known) => known === id)] ?? `t${index}`} (id integer primary key)` })
    }
  }
  /** As Alembic asks for it. */
  const rows = async (): Promise<unknown[]> => (await storage.query({ sql: 'SELECT alembic_version.version_num FROM alembic_version' })).rows.map((row) => row['version_num']).toSorted()
  const form = async (): Promise<unknown> => storage.dialect === 'sqlite'
    ? (await storage.query({ sql: `select sql from sqlite_schema where tbl_name = 'alembic_version' order by name` })).rows
    : [
        (await storage.query({ sql: `select column_name, data_type, character_maximum_length, is_nullable from information_schema.columns where table_name = 'alembic_version'` })).rows,
        (await storage.query({ sql: `select conname, contype::text, pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = 'alembic_version'::regclass and contype = 'p'` })).rows,
      ]

  it('goes on from its row, and is left as Alembic reads it', async () => {
    await stand(base)
    const before = await form()
    expect(await migrator().status()).toEqual({ current: base, atHead: false })
    await migrator().upgrade(left)
    expect([await rows(), await form()]).toEqual([[left], before])
    // What Alembic does next: one row changes.
    expect((await storage.query({ sql: `UPDATE alembic_version SET version_num='${base}' WHERE alembic_version.version_num = '${left}'` })).affectedRows).toBe(1)
    await storage.query({ sql: 'drop table left_side' })
    expect(await migrator().current()).toEqual([base])
  })

  it('goes on from several rows, through a merge and back', async () => {
    await stand(left, right)
    const before = await form()
    const merged = migrator(revision(merge, [left, right], 'merged'))
    expect((await merged.upgrade()).steps.map((step) => step.revision)).toEqual([merge])
    expect(await rows()).toEqual([merge])
    await merged.downgrade(left)
    expect(await rows()).toEqual([left, right].toSorted())
    await merged.upgrade('head', { transaction: 'none' })
    await merged.downgrade(right, { transaction: 'none' })
    expect([await rows(), await form()]).toEqual([[left, right].toSorted(), before])
    expect(await merged.stamp(merge)).toEqual([merge])
    expect(await merged.stamp([left, right], { purge: true })).toEqual([left, right].toSorted())
    expect([await rows(), await form()]).toEqual([[left, right].toSorted(), before])
  })

  it('has no table of Tidemark but the history', async () => {
    await stand(base)
    await migrator().upgrade('heads')
    const sql = storage.dialect === 'sqlite' ? `select name from sqlite_schema where type = 'table' order by 1` : `select tablename as name from pg_tables where schemaname = current_schema() order by 1`
    expect((await storage.query({ sql })).rows.map((row) => row['name'])).toEqual(['alembic_version', 'base', 'left_side', 'right_side', 'tidemark_history'])
  })

  it('can be one that Tidemark made for Alembic', async () => {
    const before = await form()
    await storage.query({ sql: 'drop table alembic_version' })
    await migrator().upgrade('heads')
    expect(await rows()).toEqual([left, right].toSorted())
    if (storage.dialect === 'postgres') expect(await form()).toEqual(before)
    else expect(JSON.stringify(await form())).toMatch(/version_num.*VARCHAR\(32\) NOT NULL.*alembic_version_pkc.*PRIMARY KEY/)
  })

  it('counts what Alembic says is applied as finished, also where a run of Tidemark ended half-way', async () => {
    await stand(base)
    const failing: Revision = { ...revision(merge, [base], 'merged'), transaction: false, async upgrade(op) {
      await op.createTable('merged', { id: c.integer().primaryKey() })
      await op.execute('insert into nothing values (1)')
    } }
    await expect(migrator(failing).upgrade(merge)).rejects.toMatchObject({ code: 'revision_failed' })
    expect(await migrator(failing).halfWay()).toMatchObject({ revision: merge })
    await storage.query({ sql: `UPDATE alembic_version SET version_num='${merge}' WHERE alembic_version.version_num = '${base}'` })
    expect(await migrator(failing).halfWay()).toBeUndefined()
    await migrator(failing).upgrade('heads')
    await migrator(failing).downgrade(`${merge}@${base}`)
    await expect(migrator(failing).upgrade('heads')).rejects.toMatchObject({ details: { standing: ['createTable merged'] } })
  })
})
