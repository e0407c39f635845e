import fs from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { pglite } from '../../adapters/pglite/pglite.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { freshFolder, preparePglite } from '../support/engines.ts'

describe('a PGlite folder on a full disk', () => {
  beforeAll(preparePglite)
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('refuses a commit that has no room, keeps what there is, and goes on when there is room', async () => {
    const { dir, storage } = await folderWithNotes()
    const disk = diskWithRoom(100_000)
    const large = (): Promise<unknown> => storage.transaction((tx) => tx.query({ sql: `insert into notes select n, repeat('x', 500) from generate_series(10, 5000) n` }))
    await expect(large()).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true, why: expect.stringContaining('disk of the database is full'), next: expect.any(String) })
    expect(await ids(storage)).toEqual([1, 2, 3])
    disk.room = Infinity
    await large()
    await storage.close()
    await using again = await pglite({ dir })
    expect(await ids(again)).toHaveLength(3 + 4991)
  })

  it.each([
    ['commit', 'Earlier commits are kept'],
    ['relaxed', 'those of the last moments may be lost'],
  ] as const)('is over when PostgreSQL cannot log a commit (durability "%s"), and has all before it when it is opened with room', async (durability, promise) => {
    const { dir, storage } = await folderWithNotes(durability)
    await flushed(storage)
    const disk = diskWithRoom(0)
    const outcome = async (): Promise<void> => {
      // The next commit begins a new file of the log.
      await storage.query({ sql: 'select pg_switch_wal()' })
      await storage.query({ sql: `insert into notes values (4, 'lost')` })
      await flushed(storage)
    }
    const stopped = { code: 'storage_unavailable', retryable: false, why: expect.stringMatching(new RegExp(`^The disk is full. .*${promise}`)), next: expect.stringContaining('open it again') }
    await expect(outcome()).rejects.toMatchObject(stopped)
    // Neither does it hang, nor does it write any more.
    await expect(ids(storage)).rejects.toMatchObject(stopped)
    await expect(storage.transaction(ids)).rejects.toMatchObject(stopped)
    await storage.close()

    // As where what a file has is written to a new place.
    disk.room = -Infinity
    await expect(pglite({ dir })).rejects.toMatchObject({ code: 'storage_open_failed', why: 'The disk is full.' })
    disk.room = Infinity
    await using again = await pglite({ dir })
    expect((await ids(again)).slice(0, 3)).toEqual([1, 2, 3])
    await again.query({ sql: `insert into notes values (5, 'later')` })
    expect(await ids(again)).toContain(5)
  })
})

async function folderWithNotes(durability?: 'commit' | 'relaxed'): Promise<{ dir: string; storage: Storage }> {
  const dir = join(await freshFolder(), 'made')
  const storage = await pglite({ dir, durability })
  await storage.query({ sql: 'create table notes (id integer primary key, body text)' })
  await storage.query({ sql: `insert into notes values (1, 'a'), (2, 'b'), (3, 'c')` })
  return { dir, storage }
}

async function ids(storage: Pick<Storage, 'query'>): Promise<readonly unknown[]> {
  return (await storage.query<{ id: number }>({ sql: 'select id from notes order by id' })).rows.map(({ id }) => id)
}

async function flushed(storage: Storage): Promise<void> {
  await vi.waitFor(
    async () => expect((await storage.query({ sql: 'select pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn() as waiting' })).rows).toEqual([{ waiting: false }]),
    { timeout: 5_000, interval: 50 },
  )
}

/** From now on the files of PGlite can grow by so many bytes; what they have can be written again. */
function diskWithRoom(bytes: number): { room: number } {
  const disk = { room: bytes }
  const write = fs.writeSync
  vi.spyOn(fs, 'writeSync').mockImplementation(((fd: number, content: Uint8Array, offset: number, length: number, position: number) => {
    // Node itself writes the text of a lock.
    if (typeof position !== 'number') return write(fd, content)
    const growth = Math.max(0, position + length - fs.fstatSync(fd).size)
    if (growth > disk.room) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    disk.room -= growth
    return write(fd, content, offset, length, position)
  }) as typeof fs.writeSync)
  return disk
}
