import { describe, expect, it } from 'vitest'
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
    expect((await migrator(60).upgrade()).steps).toHaveLength(1)
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

async function whileWritten(storage: Storage, run: () => Promise<void>): Promise<void> {
  await storage.transaction(async (tx) => {
    await tx.query({ sql: 'create table writing (id integer)' })
    await run()
  })
}
