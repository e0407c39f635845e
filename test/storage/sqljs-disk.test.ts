import { describe, expect, it } from 'vitest'
import { connect } from '../../adapters/sqljs/file/connect.ts'
import type { Disk } from '../../adapters/sqljs/file/disk.ts'
import { readRedo } from '../../adapters/sqljs/file/redo-file.ts'
import { storageOn } from '../../adapters/sqljs/storage-on.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { FaultyDisk } from '../support/faulty-disk.ts'
import { openOtherSqlite } from '../support/other-sqlite.ts'
import { openOnDisk, path } from '../support/sqljs-on-disk.ts'

const page = 4096

async function diskWithNotes(count = 3): Promise<FaultyDisk> {
  const disk = new FaultyDisk(() => 0.5)
  await using storage = await openOnDisk(disk)
  await storage.query({ sql: 'create table notes (id integer primary key, body text)' })
  await storage.transaction(async (tx) => {
    for (let id = 1; id <= count; id += 1) await tx.query({ sql: 'insert into notes values (?, ?)', parameters: [id, `note ${id} `.repeat(200)] })
  })
  return disk
}

async function ids(storage: Storage): Promise<readonly unknown[]> {
  return (await storage.query<{ id: number }>({ sql: 'select id from notes order by id' })).rows.map(({ id }) => id)
}

function addNote(storage: Storage, id: number, size: number): Promise<unknown> {
  return storage.query({ sql: 'insert into notes values (?, ?)', parameters: [id, 'x'.repeat(size)] })
}

/** The next commit gets as far as its redo file, and the process ends. */
async function unfinished(disk: FaultyDisk, work: (storage: Storage) => Promise<unknown>): Promise<FaultyDisk> {
  for (let calls = 1; ; calls += 1) {
    const copy = disk.afterKill()
    copy.crashAfter(calls)
    const storage = await openOnDisk(copy)
    await work(storage).catch(() => undefined)
    await storage.close().catch(() => undefined)
    const next = copy.afterKill()
    if (next.files().includes(`${path}-redo`)) return next
  }
}

describe('a sql.js file on a full disk', () => {
  it.each([
    ['for the new pages', page],
    ['for the redo file', 40 * page],
  ])('refuses a commit that has no room %s, keeps what there is, and goes on when there is room', async (_, room) => {
    const disk = await diskWithNotes()
    await using storage = await openOnDisk(disk)
    const before = disk.content(path)
    disk.capacity = before.length + room
    const large = (): Promise<unknown> => storage.transaction(async (tx) => {
      await tx.query({ sql: `update notes set body = body || 'y'` })
      await tx.query({ sql: 'insert into notes values (9, ?)', parameters: ['x'.repeat(38 * page)] })
    })
    await expect(large()).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true, why: expect.stringMatching(/disk is full.*earlier ones are there/) })
    expect(await ids(storage)).toEqual([1, 2, 3])
    expect(disk.content(path)).toEqual(before)
    expect(disk.files()).toEqual([path])
    disk.capacity = Infinity
    await large()
    expect(await ids(storage)).toEqual([1, 2, 3, 9])
  })

  it('refuses the first commit of all without leaving a file', async () => {
    const disk = new FaultyDisk(() => 0.5)
    disk.capacity = 100
    await using storage = await openOnDisk(disk)
    await expect(storage.query({ sql: 'create table notes (id integer primary key, body text)' })).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(disk.files()).toEqual([])
    disk.capacity = Infinity
    await storage.query({ sql: 'create table notes (id integer primary key, body text)' })
    expect(await ids(storage)).toEqual([])
  })
})

describe('a sql.js file on a disk that may not be written', () => {
  it('is read, and refuses a commit in three parts', async () => {
    const disk = await diskWithNotes()
    disk.isReadOnly = true
    await using storage = await openOnDisk(disk)
    await expect(addNote(storage, 4, 10)).rejects.toMatchObject({ code: 'storage_unavailable', why: expect.stringContaining('may not be written'), next: expect.any(String) })
    expect(await ids(storage)).toEqual([1, 2, 3])
  })

  it('says where a commit is that it could not finish', async () => {
    const disk = await unfinished(await diskWithNotes(), (storage) => addNote(storage, 4, 10))
    disk.isReadOnly = true
    await expect(openOnDisk(disk)).rejects.toMatchObject({ code: 'storage_unavailable', why: expect.stringContaining(`${path}-redo`) })
    disk.isReadOnly = false
    await using storage = await openOnDisk(disk)
    expect(await ids(storage)).toEqual([1, 2, 3, 4])
  })
})

describe('an unfinished commit beside a sql.js file', () => {
  it('is finished by a storage that was open all the time', async () => {
    const disk = await diskWithNotes()
    await using storage = await openOnDisk(disk)
    expect(await ids(storage)).toEqual([1, 2, 3])
    // Another process, which does not finish.
    const other = await unfinished(disk, (writer) => addNote(writer, 4, 10))
    const redo = disk.open(`${path}-redo`, 'write')
    await redo.write(other.content(`${path}-redo`), 0)
    expect(await ids(storage)).toEqual([1, 2, 3, 4])
    expect(disk.files()).toEqual([path])
  })

  it.each([
    ['is cut short', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
    ['is empty', () => new Uint8Array(0)],
    ['has a wrong byte', (bytes: Uint8Array) => bytes.map((byte, index) => (index === 500 ? byte ^ 1 : byte))],
    ['is something else', () => new TextEncoder().encode('Dear diary '.repeat(100))],
  ])('that %s was never made, and is dropped', async (_, damage) => {
    const disk = await unfinished(await diskWithNotes(), (storage) => addNote(storage, 4, 10))
    const bytes = damage(disk.content(`${path}-redo`))
    await disk.open(`${path}-redo`, 'replace').write(bytes, 0)
    const before = disk.content(path)
    await using storage = await openOnDisk(disk)
    expect(await ids(storage)).toEqual([1, 2, 3])
    expect(disk.files()).toEqual([path])
    expect(disk.content(path)).toEqual(before)
  })

  it('is left for a person to decide when another program has changed the file since', async () => {
    const disk = await unfinished(await diskWithNotes(), (storage) => addNote(storage, 4, 10))
    const other = await openOtherSqlite(disk.content(path))
    for (let id = 100; id < 103; id += 1) other.rows(`insert into notes values (${id}, 'theirs')`)
    await disk.open(path, 'replace').write(other.bytes(), 0)
    await expect(openOnDisk(disk)).rejects.toMatchObject({ code: 'storage_open_failed', next: expect.stringContaining(`Delete "${path}-redo"`) })
    await disk.remove(`${path}-redo`)
    await using storage = await openOnDisk(disk)
    expect(await ids(storage)).toEqual([1, 2, 3, 100, 101, 102])
  })

  it('holds the pages that were changed, and no others', async () => {
    const disk = await unfinished(await diskWithNotes(2000), (storage) => storage.query({ sql: `update notes set body = 'short' where id = 1000` }))
    const size = disk.stat(`${path}-redo`)?.size ?? 0
    const redo = readRedo(disk.open(`${path}-redo`, 'read'), size)
    expect(redo?.pages.has(0)).toBe(true)
    expect(redo?.pages.size).toBeLessThanOrEqual(4)
    expect(disk.content(path).length).toBeGreaterThan(500 * page)
  })
})

describe('a sql.js file that cannot be read any more', () => {
  it('is not left open, nor is what is beside it', async () => {
    const disk = await unfinished(await diskWithNotes(), (storage) => addNote(storage, 4, 10))
    const failing = failingDisk(disk)
    failing.isBroken = true
    await expect(openOnDisk(failing.disk)).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(failing.openFiles).toBe(0)
    await disk.remove(`${path}-redo`)
    await expect(openOnDisk(failing.disk)).rejects.toMatchObject({ code: 'storage_open_failed' })
    expect(failing.openFiles).toBe(0)
  })

  it('is left to others when a transaction cannot even be undone', async () => {
    const failing = failingDisk(await diskWithNotes())
    let isLocked = false
    const lock = { acquire: async () => { isLocked = true }, release: () => { isLocked = false }, isThere: () => isLocked }
    await using storage = storageOn(await connect({ path, disk: failing.disk, lock }, 0), 'kept')
    await expect(storage.transaction(async (tx) => {
      await tx.query({ sql: 'pragma cache_size = 10' })
      for (let id = 10; id < 400; id += 1) await tx.query({ sql: 'insert into notes values (?, ?)', parameters: [id, 'x'.repeat(page)] })
      failing.isBroken = true
      throw new Error('undo')
    })).rejects.toThrow()
    expect(isLocked).toBe(false)
    failing.isBroken = false
    expect(await ids(storage)).toEqual([1, 2, 3])
  })
})

/** One whose files can be opened, and not read while it is broken. */
function failingDisk(inner: Disk): { readonly disk: Disk; isBroken: boolean; openFiles: number } {
  const failing = {
    isBroken: false,
    openFiles: 0,
    disk: {
      stat: (name) => inner.stat(name),
      open(name, access) {
        const file = inner.open(name, access)
        failing.openFiles += 1
        return {
          ...file,
          read(target, position) {
            if (failing.isBroken) throw Object.assign(new Error('Input/output error'), { code: 'EIO' })
            return file.read(target, position)
          },
          close() {
            failing.openFiles -= 1
            file.close()
          },
        }
      },
      rename: (from, to) => inner.rename(from, to),
      remove: (name) => inner.remove(name),
      syncFolder: (name) => inner.syncFolder(name),
    } satisfies Disk,
  }
  return failing
}

describe('the size of a sql.js file', () => {
  it('shrinks with VACUUM, and writing goes on', async () => {
    const disk = await diskWithNotes(500)
    await using storage = await openOnDisk(disk)
    const before = disk.content(path).length
    await storage.query({ sql: 'delete from notes where id > 3' })
    await storage.query({ sql: 'vacuum' })
    expect(disk.content(path).length).toBeLessThan(before / 10)
    await addNote(storage, 4, 3 * page)
    await addNote(storage, 5, 10)
    expect(await ids(storage)).toEqual([1, 2, 3, 4, 5])
    expect((await openOtherSqlite(disk.content(path))).rows('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })

  it.each([512, 1024, 8192, 65_536])('can be of pages of %i bytes', async (pageSize) => {
    const disk = await diskWithNotes(50)
    await using storage = await openOnDisk(disk)
    await storage.query({ sql: `pragma page_size = ${pageSize}` })
    await storage.query({ sql: 'vacuum' })
    await addNote(storage, 90, 10)
    await storage.transaction(async (tx) => {
      await tx.query({ sql: 'delete from notes where id = 1' })
      throw new Error('undo')
    }).catch(() => undefined)
    await using again = await openOnDisk(disk)
    expect(await ids(again)).toHaveLength(51)
    const other = await openOtherSqlite(disk.content(path))
    expect(other.rows('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(other.rows('pragma page_size')).toEqual([{ page_size: pageSize }])
  })

  it('does not matter for what is rolled back, however much was written', async () => {
    const disk = await diskWithNotes(3)
    await using storage = await openOnDisk(disk)
    const before = disk.content(path)
    await storage.transaction(async (tx) => {
      // More than the cache holds, so that SQLite writes before the end.
      await tx.query({ sql: 'pragma cache_size = 10' })
      for (let id = 10; id < 400; id += 1) await tx.query({ sql: 'insert into notes values (?, ?)', parameters: [id, 'x'.repeat(page)] })
      throw new Error('undo')
    }).catch(() => undefined)
    expect(disk.content(path)).toEqual(before)
    expect(await ids(storage)).toEqual([1, 2, 3])
    await addNote(storage, 4, 10)
    expect(await ids(storage)).toEqual([1, 2, 3, 4])
  })
})

describe('a sql.js file that SQLite would journal by itself', () => {
  it.each(['pragma journal_mode = wal', 'PRAGMA main.journal_mode=delete', 'pragma locking_mode(exclusive)'])('refuses %s', async (sql) => {
    await using storage = await openOnDisk(await diskWithNotes())
    await expect(storage.query({ sql })).rejects.toMatchObject({ code: 'statement_failed' })
    await expect(storage.transaction((tx) => tx.query({ sql }))).rejects.toMatchObject({ code: 'statement_failed' })
    expect((await storage.query({ sql: 'pragma journal_mode' })).rows).toEqual([{ journal_mode: 'memory' }])
  })
})

describe('relaxed durability of a sql.js file', () => {
  const commits = async (storage: Storage): Promise<void> => {
    for (let id = 4; id <= 30; id += 1) await addNote(storage, id, 10)
  }

  it('writes many commits together, and sees them at once', async () => {
    const disk = await diskWithNotes()
    await using storage = await openOnDisk(disk, 60)
    const before = { calls: disk.calls, bytes: disk.content(path) }
    await commits(storage)
    expect(await ids(storage)).toHaveLength(30)
    expect([disk.calls, disk.content(path)]).toEqual([before.calls, before.bytes])
    await expect.poll(async () => (await openOtherSqlite(disk.content(path))).rows('select count(*) as n from notes')).toEqual([{ n: 30 }])
    expect(disk.calls - before.calls).toBeLessThan(15)
  })

  it('writes what is left when it is closed', async () => {
    const disk = await diskWithNotes()
    const storage = await openOnDisk(disk, 60_000)
    await commits(storage)
    await storage.close()
    expect((await openOtherSqlite(disk.content(path))).rows('select count(*) as n from notes')).toEqual([{ n: 30 }])
  })

  it('keeps commits apart from a transaction that is rolled back among them', async () => {
    const disk = await diskWithNotes()
    const storage = await openOnDisk(disk, 5)
    await addNote(storage, 4, 10)
    await storage.transaction(async (tx) => {
      await tx.query({ sql: 'pragma cache_size = 10' })
      for (let id = 10; id < 100; id += 1) await tx.query({ sql: 'insert into notes values (?, ?)', parameters: [id, 'x'.repeat(page)] })
      // Long enough for the flush to become due.
      await new Promise((resolve) => setTimeout(resolve, 20))
      throw new Error('undo')
    }).catch(() => undefined)
    expect(await ids(storage)).toEqual([1, 2, 3, 4])
    await storage.close()
    expect((await openOtherSqlite(disk.content(path))).rows('select id from notes').map(({ id }) => id)).toEqual([1, 2, 3, 4])
  })

  it('loses whole commits only, and the last ones', async () => {
    const disk = await diskWithNotes()
    const storage = await openOnDisk(disk, 60_000)
    await commits(storage)
    const next = disk.afterKill()
    await storage.close()
    await using after = await openOnDisk(next)
    expect(await ids(after)).toEqual([1, 2, 3])
  })

  it('tells the next caller what could not be written', async () => {
    const disk = await diskWithNotes()
    await using storage = await openOnDisk(disk, 5)
    disk.isReadOnly = true
    await addNote(storage, 4, 10)
    await new Promise((resolve) => setTimeout(resolve, 40))
    await expect(ids(storage)).rejects.toMatchObject({ code: 'storage_unavailable', why: expect.stringContaining('lost') })
    expect(await ids(storage)).toEqual([1, 2, 3])
  })
})
