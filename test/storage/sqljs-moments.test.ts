/** Moments of a sql.js file that are hard to meet by chance: in the middle of another's commit, and between two flushes. */
import { describe, expect, it } from 'vitest'
import { FaultyDisk } from '../support/faulty-disk.ts'
import { openOtherSqlite } from '../support/other-sqlite.ts'
import { openOnDisk, path } from '../support/sqljs-on-disk.ts'

const newDisk = (): FaultyDisk => new FaultyDisk(() => 0.5)

describe('a sql.js file', () => {
  it('that is opened while another process copies its commit into it is read again, not kept in halves', async () => {
    const { disk, tables, commit } = await diskWithTables()
    commit.begins = 'before'
    await using reader = await openOnDisk(disk)
    const { rows } = await reader.query<{ name: string }>({ sql: 'select name from sqlite_schema order by name' })
    expect(commit.state).toBe('done')
    expect(rows.map((row) => row.name)).toEqual(tables.map(renamed))
  })

  it('that changes while a statement is being prepared has the statement prepared again', async () => {
    const { disk, commit } = await diskWithTables()
    await using reader = await openOnDisk(disk)
    commit.begins = 'after'
    const { rows } = await reader.query({ sql: 'select count(*) as count from renamed_000' })
    expect(commit.state).toBe('done')
    expect(rows).toEqual([{ count: 0 }])
  })

  it('that another program never lets be read is refused, and can be tried again', async () => {
    const disk = newDisk()
    const writer = await openOnDisk(disk)
    await writer.query({ sql: 'create table notes (id integer primary key)' })
    await writer.close()
    const whole = disk.content(path)
    let looks = 0
    const restless = Object.assign(Object.create(disk) as FaultyDisk, {
      open: (...of: Parameters<FaultyDisk['open']>) => {
        const file = disk.open(...of)
        // Another version each time, and a schema that is none.
        const read = (target: Uint8Array, position: number): number => {
          const count = file.read(target, position)
          if (position === 24) target[3] = looks += 1
          else if (target.length > 100) target.fill(7, 100)
          return count
        }
        return { ...file, read }
      },
      stat: (name: string) => disk.stat(name),
    })
    await expect(openOnDisk(restless)).rejects.toMatchObject({ code: 'storage_busy', retryable: true, why: expect.stringContaining('Another program') })
    expect(disk.content(path)).toEqual(whole)
    await using storage = await openOnDisk(disk)
    expect((await storage.query({ sql: 'select * from notes' })).rows).toEqual([])
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

interface Commit {
  begins: 'never' | 'before' | 'after'
  state: 'to come' | 'copying' | 'done'
}

const renamed = (table: string): string => table.replace('table', 'renamed')

/**
 * A file whose schema takes many pages, and a commit of another process that changes them all: it begins, with the
 * first page, right before or after the version of the file is looked at, and is done when somebody looks for a redo file.
 */
async function diskWithTables(): Promise<{ disk: FaultyDisk; tables: readonly string[]; commit: Commit }> {
  const disk = newDisk()
  const tables = Array.from({ length: 90 }, (_, index) => `table_${String(index).padStart(3, '0')}`)
  const writer = await openOnDisk(disk)
  const inOne = (sqls: readonly string[]): Promise<void> =>
    writer.transaction(async (tx) => {
      for (const sql of sqls) await tx.query({ sql })
    })
  await inOne(tables.map((table) => `create table ${table} (id integer primary key, text text)`))
  const before = disk.content(path)
  await inOne(tables.map((table) => `alter table ${table} rename to ${renamed(table)}`))
  const after = disk.content(path)
  await writer.close()
  expect(after.length).toBe(before.length)

  const set = (bytes: Uint8Array): void => void disk.open(path, 'write').write(bytes, 0)
  set(before)
  const commit: Commit = { begins: 'never', state: 'to come' }
  const begin = (moment: Commit['begins']): void => {
    if (commit.begins !== moment || commit.state !== 'to come') return
    commit.state = 'copying'
    set(after.subarray(0, 4096))
  }
  const shared = Object.assign(Object.create(disk) as FaultyDisk, {
    open: (...of: Parameters<FaultyDisk['open']>) => {
      const file = disk.open(...of)
      const read = (target: Uint8Array, position: number): number => {
        const isVersion = position === 24 && target.length === 16
        if (isVersion) begin('before')
        const count = file.read(target, position)
        if (isVersion) begin('after')
        return count
      }
      return { ...file, read }
    },
    stat: (name: string) => {
      if (commit.state === 'copying' && name.endsWith('-redo')) {
        commit.state = 'done'
        set(after)
      }
      return disk.stat(name)
    },
  })
  return { disk: shared, tables, commit }
}
