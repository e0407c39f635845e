import { describe, expect, it } from 'vitest'
import { type RevisionChanges, changedRevisions } from '../../src/migrate/changed-revisions.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Op } from '../../src/migrate/op.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import { defaultNaming } from '../../src/schema/table.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

type Upgrade = (op: Op) => Promise<void>
const revision = (upgrade: Upgrade): Revision => defineRevision({ id: 'a1', down: [], message: 'x', createdAt: '2026-11-20T18:00:00Z', upgrade, downgrade: async () => undefined })
const changesOn = async (storage: Storage, upgrade: Upgrade): Promise<RevisionChanges> =>
  changedRevisions(await new Migrator({ storage, revisions: [revision(upgrade)] }).history(), { dialect: storage.dialect, naming: defaultNaming })

const posts = async (op: Op, { where = 'views > 1', length = 20, nullable = true } = {}): Promise<void> => {
  const title = c.text({ length })
  await op.createTable('posts', { id: c.integer().primaryKey(), title: nullable ? title : title.notNull(), views: c.bigint().notNull().default(0) }, { checks: [{ name: 'ck_views', expression: 'views >= 0' }] })
  await op.createIndex('ix_posts_views', 'posts', ['views'], { where })
  await op.insert('posts', [{ id: 1, title: 'secret' }])
  await op.execute('delete from posts where views > 100')
}

describe.each(['sqljs memory', 'pglite memory', 'postgres'].map(engineNamed))('a revision that was applied on $name', (engine) => {
  it('is unchanged when it does the same, however it is written', async () => {
    await using storage = await engine.open()
    await new Migrator({ storage, revisions: [revision((op) => posts(op))] }).upgrade()
    expect(await changesOn(storage, async (op) => { await posts(op, {}) })).toEqual({ changed: [], notComparable: [] })
  })

  it('is told with what changed', async () => {
    await using storage = await engine.open()
    await new Migrator({ storage, revisions: [revision((op) => posts(op))] }).upgrade()
    const changes = async (upgrade: Upgrade): Promise<readonly string[] | undefined> => (await changesOn(storage, upgrade)).changed[0]?.changes
    expect(await changes((op) => posts(op, { where: 'views > 0' }))).toEqual(['operation 2: createIndex ix_posts_views on posts: where "views > 0" was "views > 1"'])
    expect(await changes((op) => posts(op, { length: 30 }))).toEqual(['operation 1: createTable posts: column "title" type length 30 was 20'])
    expect(await changes((op) => posts(op, { nullable: false }))).toEqual(['operation 1: createTable posts: column "title" nullable false was true'])
    expect(await changes(async (op) => {
      await op.setTableComment('posts', 'new')
      await posts(op)
      await op.dropIndex('ix_posts_views', 'posts')
    })).toEqual(['operation 1: setTableComment posts is new', 'operation 6: dropIndex ix_posts_views on posts is new'])
    expect(await changes(async (op) => op.createTable('posts', { id: c.integer().primaryKey() }))).toEqual([
      'operation 1: createTable posts: check "ck_views" is gone; column "title" is gone; column "views" is gone',
      'operation 2 was createIndex ix_posts_views on posts, which is gone', 'operation 3 was insert posts, which is gone', 'operation 4 was execute, which is gone',
    ])
    expect(await changes(async (op) => {
      await op.createTable('posts', { views: c.bigint().notNull().default(0), id: c.integer().primaryKey(), title: c.text({ length: 20 }) }, { checks: [{ name: 'ck_views', expression: 'views >= 0' }] })
      await op.createIndex('ix_posts_views', 'posts', ['views'], { where: 'views > 1' })
      await op.insert('posts', [{ id: 1, title: 'other secret' }])
      await op.execute('delete from posts where views > 99')
    })).toEqual([
      'operation 1: createTable posts: columns in another order', 'operation 3: insert posts: other rows',
      'operation 4: execute: sql "delete from posts where views > 99" was "delete from posts where views > 100"',
    ])
    expect(await changes(async (op) => {
      await op.createTable('blogs', { id: c.integer().primaryKey() })
      await op.createIndex('ix_posts_views', 'posts', ['views'], { where: 'views > 1' })
      await op.insert('posts', [{ id: 1, title: 'secret' }])
      await op.execute('delete from posts where views > 100')
    })).toEqual(['operation 1: createTable blogs: was createTable posts'])
  })

  it('is told with what changed in a batch', async () => {
    await using storage = await engine.open()
    const batch = (length: number) => async (op: Op): Promise<void> => {
      await op.createTable('posts', { id: c.integer().primaryKey(), title: c.text() })
      await op.batch('posts', async (t) => {
        await t.addColumn('note', c.text())
        await t.alterColumn('title', { type: c.text({ length }) })
      })
    }
    await new Migrator({ storage, revisions: [revision(batch(10))] }).upgrade()
    expect((await changesOn(storage, batch(20))).changed).toEqual([
      { revision: 'a1', changes: ['operation 2: batch posts: addColumn posts.note, alterColumn posts.title: operation 2: alterColumn posts.title: type length 20 was 10'] },
    ])
  })

  it('cannot be compared when it asks the database, also where it hides that, or throws', async () => {
    await using storage = await engine.open()
    await new Migrator({ storage, revisions: [revision((op) => posts(op))] }).upgrade()
    const asking = { changed: [], notComparable: [{ revision: 'a1', reason: expect.stringContaining('op.query') }] }
    expect(await changesOn(storage, async (op) => { await op.query('select 1'); await posts(op) })).toEqual(asking)
    expect(await changesOn(storage, async (op) => { await op.query('select 1').catch(() => undefined); await posts(op) })).toEqual(asking)
    expect(await changesOn(storage, async (op) => { if (!op.offline) await op.query('select 1') })).toEqual(asking)
    expect(await changesOn(storage, async () => { throw new RangeError('x') })).toEqual({ changed: [], notComparable: [{ revision: 'a1', reason: expect.stringContaining('RangeError') }] })
  })

  it('is compared with what it does on this dialect', async () => {
    await using storage = await engine.open()
    const byDialect = (other = 1) => async (op: Op): Promise<void> => op.createTable(`t_${op.dialect}`, { id: c.integer().primaryKey().default(op.dialect === storage.dialect ? 1 : other) })
    await new Migrator({ storage, revisions: [revision(byDialect())] }).upgrade()
    expect(await changesOn(storage, byDialect(2))).toEqual({ changed: [], notComparable: [] })
  })

  it('is left out when it was stamped, undone, or never run', async () => {
    await using storage = await engine.open()
    const create = revision((op) => op.createTable('t', { id: c.integer().primaryKey() }))
    const drop = { ...create, downgrade: (op: Op) => op.dropTable('t') }
    const other: Upgrade = async () => undefined
    expect((await changesOn(storage, other)).changed).toEqual([])
    await new Migrator({ storage, revisions: [create] }).stamp('a1')
    expect((await changesOn(storage, other)).changed).toEqual([])
    await new Migrator({ storage, revisions: [create] }).stamp('base')
    await new Migrator({ storage, revisions: [create] }).upgrade()
    expect((await changesOn(storage, other)).changed).toEqual([{ revision: 'a1', changes: ['operation 1 was createTable t, which is gone'] }])
    // A stamp does not undo what was run.
    await new Migrator({ storage, revisions: [create] }).stamp('base')
    await new Migrator({ storage, revisions: [create] }).stamp('a1')
    expect((await changesOn(storage, other)).changed).toHaveLength(1)
    await new Migrator({ storage, revisions: [drop] }).downgrade('base')
    await new Migrator({ storage, revisions: [create] }).stamp('a1')
    expect((await changesOn(storage, other)).changed).toEqual([])
  })
})
