import { describe, expect, it } from 'vitest'
import { lockedTransaction } from '../../src/migrate/lock.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import { defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

const things = defineRevision({ id: 'a1', down: [], message: 'things', createdAt: '2026-11-20T18:00:00Z', upgrade: (op) => op.createTable('things', { id: c.integer().primaryKey() }), downgrade: (op) => op.dropTable('things') })

describe('a migration of a sql.js file that another process writes', () => {
  it('waits as long as it was told or until it is cancelled, and says which', async () => {
    const place = await engineNamed('sqljs file').place()
    await using one = await place.open()
    await using two = await place.open()
    const migrator = (timeoutMs?: number): Migrator => new Migrator({ storage: two, revisions: [things], lock: { timeoutMs } })
    await whileWritten(one, async () => {
      await expect(migrator(60).upgrade()).rejects.toMatchObject({ code: 'migration_locked', retryable: true })
      await expect(migrator().upgrade('head', { signal: AbortSignal.timeout(60) })).rejects.toMatchObject({ code: 'aborted' })
      await expect(migrator().upgrade('head', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
    })
    expect((await migrator().upgrade()).steps).toHaveLength(1)
  })

  it('waits that long also on a storage that waits less for its turn', async () => {
    const place = await engineNamed('sqljs file').place()
    await using one = await place.open()
    await using two = await place.open({ waitTimeoutMs: 10 })
    const migrator = new Migrator({ storage: two, revisions: [things] })
    let waiting: ReturnType<typeof migrator.upgrade> | undefined
    await whileWritten(one, async () => {
      await expect(new Migrator({ storage: two, revisions: [things], lock: { timeoutMs: 60 } }).upgrade()).rejects.toMatchObject({ code: 'migration_locked' })
      waiting = migrator.upgrade()
      await new Promise((resolve) => setTimeout(resolve, 60))
    })
    expect((await waiting)?.steps).toHaveLength(1)
  })

  it('is not cut off by the end of a wait that is over', async () => {
    await using storage = await engineNamed('sqljs memory').open()
    const slow = { ...things, async upgrade(op: Parameters<typeof things.upgrade>[0]) {
      await things.upgrade(op)
      await new Promise((resolve) => setTimeout(resolve, 80))
      await op.insert('things', [{ id: 1 }])
    } }
    await new Migrator({ storage, revisions: [slow], lock: { timeoutMs: 40 } }).upgrade()
    expect((await storage.query({ sql: 'select id from things' })).rows).toEqual([{ id: 1 }])
  })
})

describe('the lock', () => {
  it('is not what is to blame when the database cannot be reached', async () => {
    const storage = await engineNamed('sqljs memory').open()
    await storage.close()
    await expect(lockedTransaction(storage, { name: 'things', setting: undefined }, async () => undefined)).rejects.toMatchObject({ code: 'storage_closed' })
  })

  it.each([['with', undefined], ['without', false]] as const)('is no matter for the rows that refer to a table which is rebuilt (%s it)', async (_, lock) => {
    await using storage = await engineNamed('sqljs memory').open()
    const wider = defineRevision({ ...things, id: 'b2', down: ['a1'], upgrade: (op) => op.alterColumn('things', 'id', { type: c.bigint() }) })
    const migrator = new Migrator({ storage, revisions: [things, wider], lock })
    await migrator.upgrade('a1')
    for (const sql of ['create table notes (thing integer references things (id) on delete cascade)', 'insert into things values (1)', 'insert into notes values (1)']) await storage.query({ sql })
    expect((await migrator.upgrade()).steps[0]?.operations).toMatchObject([{ grade: 'rebuild' }])
    expect((await storage.query({ sql: 'select thing from notes' })).rows).toEqual([{ thing: 1 }])
  })
})

async function whileWritten(storage: Storage, run: () => Promise<void>): Promise<void> {
  await storage.transaction(async (tx) => {
    await tx.query({ sql: 'create table writing (id integer)' })
    await run()
  })
}
