import { chmod, lstat, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { freshFolder } from '../support/engines.ts'
import { bundleKillWriter } from '../support/kill-writer-process.ts'
import { openOtherSqlite } from '../support/other-sqlite.ts'

async function freshFile(): Promise<string> {
  return join(await freshFolder(), 'tidemark.db')
}

async function openWithNotes(file: string): Promise<Storage> {
  const storage = await sqljs({ file, waitTimeoutMs: 300 })
  await storage.query({ sql: 'create table if not exists notes (id integer primary key, title text)' })
  return storage
}

async function addNote(storage: Storage, title: string): Promise<void> {
  await storage.query({ sql: 'insert into notes (title) values (?)', parameters: [title] })
}

async function titles(storage: Storage): Promise<readonly unknown[]> {
  return (await storage.query({ sql: 'select title from notes order by id' })).rows.map(({ title }) => title)
}

async function titlesInFile(file: string): Promise<readonly unknown[]> {
  const other = await openOtherSqlite(await readFile(file))
  expect(other.rows('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
  return other.rows('select title from notes order by id').map(({ title }) => title)
}

describe('a sql.js file', () => {
  it('is an ordinary SQLite file after every commit', async () => {
    const file = await freshFile()
    await using storage = await openWithNotes(file)
    await addNote(storage, 'statement')
    expect(await titlesInFile(file)).toEqual(['statement'])
    await storage.transaction(async (tx) => {
      await tx.query({ sql: `insert into notes (title) values ('transaction')` })
      expect(await titlesInFile(file)).toEqual(['statement'])
    })
    expect(await titlesInFile(file)).toEqual(['statement', 'transaction'])
  })

  it('opens a file that another SQLite has written, also one in WAL mode', async () => {
    const file = await freshFile()
    const other = await openOtherSqlite()
    other.rows('create table notes (id integer primary key, title text)')
    other.rows(`insert into notes (title) values ('theirs')`)
    const bytes = other.bytes()
    bytes.fill(2, 18, 20)
    await writeFile(file, bytes)
    await using storage = await sqljs({ file })
    expect(await titles(storage)).toEqual(['theirs'])
    expect(new Uint8Array(await readFile(file))).toEqual(bytes)
    await addNote(storage, 'ours')
    expect(await titlesInFile(file)).toEqual(['theirs', 'ours'])
  })

  it('does not exist before the first commit, and is not touched by reads', async () => {
    const file = await freshFile()
    await using storage = await sqljs({ file })
    await storage.query({ sql: 'select 1' })
    await storage.transaction((tx) => tx.query({ sql: 'select 1' }))
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' })
    await storage.query({ sql: 'create table notes (id integer primary key, title text)' })
    const before = await stat(file)
    await titles(storage)
    await storage.transaction((tx) => tx.query({ sql: 'with n as (select * from notes) select * from n' }))
    await storage.query({ sql: 'pragma table_info(notes)' })
    await storage.transaction(async (tx) => {
      await tx.query({ sql: `insert into notes (title) values ('undone')` })
      throw new Error('undo')
    }).catch(() => undefined)
    expect(await stat(file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs })
  })

  it('is readable by its owner only when new, and keeps its mode when not', async () => {
    const file = await freshFile()
    await using storage = await openWithNotes(file)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await chmod(file, 0o644)
    await addNote(storage, 'a')
    expect((await stat(file)).mode & 0o777).toBe(0o644)
  })

  it('leaves nothing else in its folder', async () => {
    const file = await freshFile()
    const storage = await openWithNotes(file)
    await addNote(storage, 'a')
    await storage.close()
    expect(await readdir(join(file, '..'))).toEqual([basename(file)])
  })

  it('is written through a symbolic link', async () => {
    const file = await freshFile()
    const link = join(await freshFolder(), 'link.db')
    await (await openWithNotes(file)).close()
    await symlink(file, link)
    await using storage = await sqljs({ file: link })
    await addNote(storage, 'a')
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect(await titlesInFile(file)).toEqual(['a'])
  })

  it.each([
    ['text', async (file: string) => writeFile(file, 'Dear diary, this is no database, and longer than a hundred bytes, so that no header check is too short for it.')],
    ['a short file', async (file: string) => writeFile(file, 'SQLite')],
    ['a SQLite header and nothing more', async (file: string) => writeFile(file, `SQLite format 3\0${'x'.repeat(200)}`)],
    ['a folder', async (file: string) => mkdir(file)],
  ])('that is %s is refused in three parts and left as it is', async (_, make) => {
    const file = await freshFile()
    await make(file)
    const before = await stat(file)
    const error: unknown = await sqljs({ file }).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'storage_open_failed', what: expect.stringContaining(file), why: expect.any(String), next: expect.any(String) })
    expect(await stat(file)).toMatchObject({ ino: before.ino, size: before.size, mtimeMs: before.mtimeMs })
    expect(await readdir(join(file, '..'))).toEqual([basename(file)])
  })

  it.each([['reads', 19], ['writes', 18]])('of a newer SQLite, in a format that this one neither knows nor %s, is refused and left as it is', async (_, place) => {
    const file = await freshFile()
    const other = await openOtherSqlite()
    other.rows('create table notes (id integer primary key, title text)')
    const bytes = other.bytes()
    bytes[place] = 3
    await writeFile(file, bytes)
    await expect(sqljs({ file })).rejects.toMatchObject({ code: 'storage_open_failed', why: expect.stringContaining('newer file format'), next: expect.stringContaining('newer version') })
    expect(new Uint8Array(await readFile(file))).toEqual(bytes)
    expect(await readdir(join(file, '..'))).toEqual([basename(file)])
  })

  it.each(['-wal', '-journal'])('beside which another program has left a %s is refused', async (suffix) => {
    const file = await freshFile()
    await (await openWithNotes(file)).close()
    await writeFile(file + suffix, 'unfinished')
    await expect(sqljs({ file })).rejects.toMatchObject({ code: 'storage_open_failed', why: expect.stringContaining(suffix) })
  })

  it('in a folder that does not exist is refused', async () => {
    const file = join(await freshFolder(), 'missing', 'tidemark.db')
    await expect(sqljs({ file })).rejects.toMatchObject({ code: 'storage_open_failed', why: expect.stringContaining('does not exist') })
  })

  it('that cannot be written fails the commit, and memory goes back to what the file has', async () => {
    const file = await freshFile()
    await using storage = await openWithNotes(file)
    await addNote(storage, 'kept')
    await mkdir(`${file}-redo.new`)
    await expect(storage.transaction((tx) => addNote({ ...storage, query: (statement) => tx.query(statement) }, 'lost'))).rejects.toMatchObject({ code: 'storage_unavailable' })
    await expect(addNote(storage, 'lost')).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(await titles(storage)).toEqual(['kept'])
    await rm(`${file}-redo.new`, { recursive: true })
    await addNote(storage, 'later')
    expect(await titles(storage)).toEqual(['kept', 'later'])
    expect(await titlesInFile(file)).toEqual(['kept', 'later'])
  })

  it('that another program changes is read again', async () => {
    const file = await freshFile()
    await using storage = await openWithNotes(file)
    const other = await openOtherSqlite(await readFile(file))
    other.rows(`insert into notes (title) values ('theirs')`)
    await writeFile(file, other.bytes())
    expect(await titles(storage)).toEqual(['theirs'])
  })

  it('that another program changes during a transaction is not overwritten', async () => {
    const file = await freshFile()
    await using storage = await openWithNotes(file)
    await expect(storage.transaction(async (tx) => {
      await tx.query({ sql: `insert into notes (title) values ('ours')` })
      const other = await openOtherSqlite(await readFile(file))
      other.rows(`insert into notes (title) values ('theirs')`)
      await writeFile(file, other.bytes())
    })).rejects.toMatchObject({ code: 'storage_busy', retryable: true })
    expect(await titlesInFile(file)).toEqual(['theirs'])
    expect(await titles(storage)).toEqual(['theirs'])
  })

  it('that is deleted is empty', async () => {
    const file = await freshFile()
    await using storage = await openWithNotes(file)
    await rm(file)
    await expect(titles(storage)).rejects.toMatchObject({ code: 'statement_failed' })
  })

  it('makes a writer wait for another one, but not for ever, and names it', async () => {
    const file = await freshFile()
    await using storage = await openWithNotes(file)
    await using other = await sqljs({ file })
    await other.transaction(async (tx) => {
      await tx.query({ sql: `insert into notes (title) values ('other')` })
      expect(await titles(storage)).toEqual([])
      await expect(addNote(storage, 'a')).rejects.toMatchObject({ code: 'storage_busy', retryable: true, why: expect.stringContaining(`process ${process.pid} (`) })
      await expect(storage.transaction(async () => undefined, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ code: 'aborted' })
    })
    await addNote(storage, 'b')
    expect(await titles(storage)).toEqual(['other', 'b'])
  })

  it('is written by two processes in turn, and neither loses anything', { timeout: 120_000 }, async () => {
    const file = await freshFile()
    const writer = (await bundleKillWriter('sqljs'))({ path: file, name: 'theirs' })
    await writer.begin()
    await writer.nextCommit()
    await using storage = await sqljs({ file })
    await storage.query({ sql: 'create table notes (id integer primary key, title text)' })
    for (let n = 0; n < 10; n += 1) await addNote(storage, 'ours')
    await writer.nextCommit()
    await writer.kill()
    expect(await titles(storage)).toEqual(Array.from({ length: 10 }, () => 'ours'))
    const { rows } = await storage.query<{ count: number }>({ sql: 'select count(*) as count from ledger' })
    expect(rows[0]?.count).toBeGreaterThanOrEqual(writer.commits.length)
  })
})
