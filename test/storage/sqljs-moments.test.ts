/** Moments of a sql.js file that are hard to meet by chance: in the middle of another's commit, and between two flushes. */
import { describe, expect, it } from 'vitest'
import { FaultyDisk } from '../support/faulty-disk.ts'
import { openOtherSqlite } from '../support/other-sqlite.ts'
import { openOnDisk, path } from '../support/sqljs-on-disk.ts'

const newDisk = (): FaultyDisk => new FaultyDisk(() => 0.5)

describe('a sql.js file', () => {
  it('that is opened while another process copies its commit into it is read again, not kept in halves', async () => {
    const disk = newDisk()
    const names = async (storage: Awaited<ReturnType<typeof openOnDisk>>): Promise<readonly string[]> =>
      (await storage.query<{ name: string }>({ sql: 'select name from sqlite_schema order by name' })).rows.map((row) => row.name)
    const tables = Array.from({ length: 90 }, (_, index) => `table_${String(index).padStart(3, '0')}`)
    const writer = await openOnDisk(disk)
    await writer.transaction(async (tx) => {
      for (const table of tables) await tx.query({ sql: `create table ${table} (id integer primary key, text text)` })
    })
    const before = disk.content(path)
    // In place, so that every page of the schema changes and nothing is added.
    await writer.transaction(async (tx) => {
      for (const table of tables) await tx.query({ sql: `alter table ${table} rename to ${table.replace('table', 'renamed')}` })
    })
    const after = disk.content(path)
    await writer.close()
    expect(after.length).toBe(before.length)

    // Where the other process is: it has written the first page, and is done when the reader next asks for the redo file.
    let state: 'before' | 'copying' | 'done' = 'before'
    const set = async (bytes: Uint8Array): Promise<void> => disk.open(path, 'write').write(bytes, 0)
    await set(before)
    const shared = Object.assign(Object.create(disk) as FaultyDisk, {
      open: (...[name, access]: Parameters<FaultyDisk['open']>) => {
        if (state === 'before' && access === 'read') {
          state = 'copying'
          void set(after.subarray(0, 4096))
        }
        return disk.open(name, access)
      },
      stat: (name: string) => {
        if (state === 'copying' && name.endsWith('-redo')) {
          state = 'done'
          void set(after)
        }
        return disk.stat(name)
      },
    })
    await using reader = await openOnDisk(shared)
    expect(await names(reader)).toEqual(tables.map((table) => table.replace('table', 'renamed')))
    expect(state).toBe('done')
  })

  it('with relaxed durability is flushed in time also when commits leave timers no turn', async () => {
    const disk = newDisk()
    await using storage = await openOnDisk(disk, 20)
    await storage.query({ sql: 'create table notes (id integer primary key)' })
    let timers = 0
    const timer = setInterval(() => { timers += 1 }, 1)
    for (const start = performance.now(); performance.now() - start < 100; ) await storage.query({ sql: 'insert into notes default values' })
    clearInterval(timer)
    expect(disk.files()).toContain(path)
    expect(timers).toBeLessThan(20)
  })

  it('with relaxed durability goes on after a VACUUM that has made it smaller, and keeps what follows', async () => {
    const disk = newDisk()
    const storage = await openOnDisk(disk, 60_000)
    await storage.query({ sql: 'create table notes (id integer primary key, body blob)' })
    for (const rows of [200, 1]) {
      await storage.query({ sql: `insert into notes (body) with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows}) select zeroblob(4000) from n` })
      await storage.query({ sql: 'delete from notes' })
      await storage.query({ sql: 'vacuum' })
    }
    await storage.query({ sql: `insert into notes values (7, 'kept')` })
    expect((await storage.query({ sql: 'select id from notes' })).rows).toEqual([{ id: 7 }])
    await storage.close()
    const other = await openOtherSqlite(disk.content(path))
    expect(other.rows('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(other.rows('select id from notes')).toEqual([{ id: 7 }])
    other.close()
  })

  it('is alone in its folder after a close, whatever a writer that died has left', async () => {
    const disk = newDisk()
    const writer = await openOnDisk(disk)
    await writer.query({ sql: 'create table notes (id integer primary key)' })
    for (const left of [`${path}.new`, `${path}-redo.new`]) await disk.open(left, 'write').write(new Uint8Array(100), 0)
    await writer.close()
    expect(disk.files()).toEqual([path])
  })
})
