import { describe, expect, it } from 'vitest'
import { Migrator } from '../../src/migrate/migrator.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { FaultyDisk } from '../support/faulty-disk.ts'
import { openOnDisk, path } from '../support/sqljs-on-disk.ts'
import { catalogue } from './catalogue.ts'

const notes = defineRevision({
  id: 'a1', down: [], message: 'notes', createdAt: '2026-11-20T18:00:00Z',
  async upgrade(op) {
    await op.createTable('notes', { id: c.integer().primaryKey(), body: c.text() })
    await op.insert('notes', Array.from({ length: 40 }, (_, id) => ({ id, body: `note ${id} `.repeat(200) })))
  },
  downgrade: (op) => op.dropTable('notes'),
})
const copied = defineRevision({
  id: 'b2', down: ['a1'], message: 'copy', createdAt: '2026-11-20T18:00:00Z',
  async upgrade(op) {
    await op.createTable('tags', { id: c.integer().primaryKey() })
    // A rebuild, and more rows than the disk has room for.
    await op.alterColumn('notes', 'body', { type: c.text({ length: 5_000 }) })
    await op.execute('insert into notes select id + 1000, body from notes')
  },
  downgrade: async () => undefined,
})

async function filled(): Promise<FaultyDisk> {
  const disk = new FaultyDisk(() => 0.5)
  await using storage = await openOnDisk(disk)
  await new Migrator({ storage, revisions: [notes] }).upgrade()
  disk.capacity = disk.content(path).length + 3 * 4096
  return disk
}

const stateOf = async (storage: Storage): Promise<unknown> => [await catalogue(storage), (await storage.query({ sql: 'select * from notes order by id' })).rows]
const migrator = (storage: Storage, ...revisions: readonly Revision[]): Migrator => new Migrator({ storage, revisions })

describe('a migration of a sql.js file on a full disk', () => {
  it.each(['each', 'all'] as const)('leaves everything as it was, says so, and is done when there is room (%s)', async (transaction) => {
    const disk = await filled()
    await using storage = await openOnDisk(disk)
    const [before, bytes] = [await stateOf(storage), disk.content(path)]
    await expect(migrator(storage, notes, copied).upgrade('head', { transaction })).rejects.toMatchObject({
      code: 'revision_failed', retryable: true, why: expect.stringContaining('disk is full'), next: expect.stringMatching(/as a whole or not at all.*`tidemark migrate upgrade head`/),
      details: { revision: 'b2' }, cause: { code: 'storage_unavailable' },
    })
    expect(await stateOf(storage)).toEqual(before)
    expect(disk.content(path)).toEqual(bytes)
    expect(await migrator(storage, notes, copied).status()).toEqual({ current: 'a1', atHead: false })
    disk.capacity = Infinity
    await migrator(storage, notes, copied).upgrade('head', { transaction })
    expect((await storage.query({ sql: 'select count(*) as total from notes' })).rows).toEqual([{ total: 80 }])
  })

  it('keeps what was committed of a run without a transaction, and goes on from there when there is room', async () => {
    const disk = await filled()
    // Enough for the first operation.
    disk.capacity += 12 * 4096
    await using storage = await openOnDisk(disk)
    const error: unknown = await migrator(storage, notes, copied).upgrade('head', { transaction: 'none' }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'revision_failed', details: { standing: expect.arrayContaining(['createTable tags']) }, cause: { code: 'storage_unavailable' } })
    expect(await migrator(storage, notes, copied).halfWay()).toMatchObject({ revision: 'b2' })
    disk.capacity = Infinity
    await migrator(storage, notes, copied).upgrade()
    expect((await storage.query({ sql: 'select count(*) as total from notes' })).rows).toEqual([{ total: 80 }])
    expect(await migrator(storage, notes, copied).halfWay()).toBeUndefined()
  })
})
