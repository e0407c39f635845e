import fs from 'node:fs'
import { cp, mkdir, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as engines from '@electric-sql/pglite'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { preparedCluster } from '../../adapters/pglite/cluster.ts'
import { startInMemory } from '../../adapters/pglite/engine.ts'
import { openFolder, writeFiles } from '../../adapters/pglite/folder.ts'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { engineNamed, freshFolder, preparePglite } from '../support/engines.ts'

describe('PGlite', () => {
  beforeAll(preparePglite)
  afterEach(() => {
    vi.doUnmock('@electric-sql/pglite')
  })

  it('makes its folder, and finds the data in it again', async () => {
    const dir = join(await freshFolder(), 'made')
    const first = await pglite({ dir })
    expect(first.capabilities.durable).toBe(true)
    await first.query({ sql: 'create table t (n integer)' })
    await first.query({ sql: 'insert into t values ($1)', parameters: [7] })
    await first.close()
    expect((await readdir(dir)).filter((name) => name.startsWith('tidemark'))).toEqual([])
    // PGlite gives its files to everybody.
    expect((await stat(dir)).mode & 0o077).toBe(0)
    await using second = await pglite({ dir })
    expect((await second.query({ sql: 'select n from t' })).rows).toEqual([{ n: 7 }])
  })

  it('is in memory without a folder', async () => {
    await using storage = await pglite()
    expect(storage.capabilities.durable).toBe(false)
    expect((await storage.query({ sql: 'select 1 as one' })).rows).toEqual([{ one: 1 }])
  })

  it('works on a ready PGlite, and leaves it open', async () => {
    const engine = await startInMemory(engines, await preparedCluster())
    const storage = await pglite({ engine })
    expect((await storage.query({ sql: 'select 1 as one' })).rows).toEqual([{ one: 1 }])
    await storage.close()
    expect(engine.closed).toBe(false)
    await engine.close()
  })

  it('gives a shadow in memory, also for a folder', async () => {
    await using storage = await pglite({ dir: join(await freshFolder(), 'made') })
    await storage.query({ sql: 'create table t (n integer)' })
    await using shadow = await storage.openShadow?.()
    expect(shadow?.capabilities.durable).toBe(false)
    await expect(shadow?.query({ sql: 'select n from t' })).rejects.toMatchObject({ code: 'statement_failed' })
  })

  it('gives types that the port does not have as text', async () => {
    await using storage = await engineNamed('pglite memory').open()
    const { rows } = await storage.query({ sql: `select array['a','b'] as list, array[1,2] as numbers, interval '1 day' as span, '2026-03-03'::date as day, time '08:00' as time` })
    expect(rows).toEqual([{ list: '{a,b}', numbers: '{1,2}', span: '1 day', day: '2026-03-03', time: '08:00:00' }])
  })

  it.each([
    ['whose parent does not exist', async () => join(await freshFolder(), 'missing', 'here')],
    ['with files in it that are no database', async () => {
      const folder = await freshFolder()
      await writeFile(join(folder, 'letter.txt'), 'not a database')
      return folder
    }],
    ['whose database PGlite does not understand', async () => {
      const folder = await freshFolder()
      await writeFiles(folder, (await preparedCluster()) ?? [])
      await writeFile(join(folder, 'PG_VERSION'), '9\n')
      return folder
    }],
    ['that is a file', async () => {
      const file = join(await freshFolder(), 'file')
      await writeFile(file, 'not a database')
      return file
    }],
  ])('refuses a folder %s, in three parts', async (_, path) => {
    const error: unknown = await path().then((dir) => pglite({ dir })).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'storage_open_failed', what: expect.any(String), why: expect.any(String), next: expect.any(String) })
  })

  it('keeps nothing of a folder whose recovery failed: neither its lock, nor files, nor what lets Node not end', async () => {
    const dir = join(await freshFolder(), 'made')
    const left = `${dir}-left`
    const storage = await pglite({ dir })
    // As a process leaves it that is killed.
    await cp(dir, left, { recursive: true, filter: (name) => !name.endsWith('lock') })
    await storage.close()
    for (const name of await readdir(join(left, 'pg_wal'))) if (/^\d/.test(name)) await rm(join(left, 'pg_wal', name))
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const open = async (): Promise<number> => (process.platform === 'linux' ? (await readdir('/proc/self/fd')).length : 0)
    const before = { timers: timers(), open: await open() }
    for (let attempt = 0; attempt < 4; attempt += 1) await expect(pglite({ dir: left })).rejects.toMatchObject({ code: 'storage_open_failed' })
    // Other tests of the process may have let go of theirs meanwhile; four attempts would have left more than they hold.
    expect(timers()).toBeLessThan(before.timers + 4)
    expect(await open()).toBeLessThan(before.open + 4)
  })

  it('opens a folder once at a time, whatever it is called by, and names who has it open', async () => {
    const dir = join(await freshFolder(), 'made')
    const link = join(await freshFolder(), 'link')
    const first = await pglite({ dir })
    await symlink(dir, link)
    for (const path of [dir, link]) {
      await expect(pglite({ dir: path })).rejects.toMatchObject({ code: 'storage_busy', retryable: true, why: expect.stringContaining(`process ${process.pid} (`) })
    }
    await first.close()
    await (await pglite({ dir: link })).close()
    expect(await readdir(join(dir, '..'))).toEqual(['made'])
    expect(await readdir(dir)).not.toContain('tidemark.lock')
  })

  it.each([
    ['while its files were written', async (dir: string) => {
      await mkdir(join(dir, 'tidemark.new/base'), { recursive: true })
      await writeFile(join(dir, 'tidemark.new/PG_VERSION'), '18\n')
    }],
    ['while its files were moved into place', async (dir: string) => {
      await mkdir(join(dir, 'tidemark.new'))
      await writeFiles(join(dir, 'tidemark.new'), (await preparedCluster()) ?? [])
      for (const name of ['base', 'global']) await rename(join(dir, 'tidemark.new', name), join(dir, name))
    }],
  ])('makes a database again that was left %s', async (_, leave) => {
    const dir = await freshFolder()
    await leave(dir)
    await using storage = await pglite({ dir })
    expect((await storage.query({ sql: 'select 1 as one' })).rows).toEqual([{ one: 1 }])
    expect(await readdir(dir)).not.toContain('tidemark.new')
  })

  it.each(['tidemark.lock', 'postmaster.pid'])('opens a folder in which a process that was killed has left an empty %s', async (name) => {
    const dir = await freshFolder()
    await writeFiles(dir, (await preparedCluster()) ?? [])
    await writeFile(join(dir, name), '')
    await using storage = await pglite({ dir })
    expect((await storage.query({ sql: 'select 1 as one' })).rows).toEqual([{ one: 1 }])
  })

  it('leaves a folder to the next one when it could not be opened', async () => {
    const dir = await freshFolder()
    await symlink('postmaster.pid', join(dir, 'postmaster.pid'))
    await expect(openFolder(dir)).rejects.toMatchObject({ code: 'storage_open_failed' })
    await rm(join(dir, 'postmaster.pid'))
    const folder = await openFolder(dir)
    folder.unlock()
  })

  it('does not take a folder for filled when filling it failed', async () => {
    const dir = join(await freshFolder(), 'made')
    const folder = await openFolder(dir)
    const failure = new Error('disk full')
    await expect(folder.fill(async (inside) => {
      await writeFile(join(inside, 'PG_VERSION'), '18\n')
      throw failure
    })).rejects.toBe(failure)
    expect(await folder.isFilled()).toBe(false)
    folder.unlock()
    await (await pglite({ dir })).close()
  })

  it('makes its own database when it does not understand the prepared one', { timeout: 120_000 }, async () => {
    const other = ((await preparedCluster()) ?? []).map((file) => (file.path === 'PG_VERSION' ? { ...file, bytes: new TextEncoder().encode('9\n') } : file))
    await expect(startInMemory(engines, other)).rejects.toThrow()
    const cluster = await import('../../adapters/pglite/cluster.ts')
    const prepared = vi.spyOn(cluster, 'preparedCluster').mockResolvedValue(other)
    await using storage = await pglite({ dir: join(await freshFolder(), 'made') })
    expect((await storage.query({ sql: 'select 1 as one' })).rows).toEqual([{ one: 1 }])
    prepared.mockRestore()
  })

  it.each([
    { durability: 'commit', when: 'with each of ten commits' },
    { durability: 'relaxed', when: 'every 200 ms at most' },
  ] as const)('with durability $durability flushes $when', async ({ durability }) => {
    const dir = join(await freshFolder(), 'made')
    await using storage = await pglite({ dir, durability })
    await storage.query({ sql: 'create table t (n integer)' })
    await new Promise((resolve) => setTimeout(resolve, 400))
    const start = performance.now()
    const flushes = await countFlushes(async () => {
      for (let n = 0; n < 10; n += 1) await storage.transaction((tx) => tx.query({ sql: 'insert into t values ($1)', parameters: [n] }))
    })
    if (durability === 'commit') expect(flushes).toBe(10)
    else expect(flushes).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - start) / 200))
  })

  it.each(['commit', 'relaxed'] as const)('with durability "%s" keeps what recovery rests on', async (durability) => {
    await using storage = await pglite({ dir: join(await freshFolder(), 'made'), durability })
    const { rows } = await storage.query({ sql: `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'data_checksums') order by name` })
    expect(rows).toEqual(['data_checksums', 'fsync', 'full_page_writes'].map((name) => ({ name, setting: 'on' })))
  })

  it('with relaxed durability has flushed after a moment, and reads flush nothing', async () => {
    const dir = join(await freshFolder(), 'made')
    await using storage = await pglite({ dir, durability: 'relaxed' })
    await storage.query({ sql: 'create table t (n integer)' })
    const waitingOf = async (): Promise<unknown> => (await storage.query({ sql: 'select pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn() as waiting' })).rows
    expect(await waitingOf()).toEqual([{ waiting: true }])
    await vi.waitFor(async () => expect(await waitingOf()).toEqual([{ waiting: false }]), { timeout: 5_000, interval: 100 })
    expect(await countFlushes(async () => {
      await storage.query({ sql: 'select * from t' })
      await new Promise((resolve) => setTimeout(resolve, 400))
    })).toBe(0)
  })

  it('says how to install what is missing', async () => {
    vi.doMock('@electric-sql/pglite', () => {
      throw new Error('Cannot find package')
    })
    await expect(pglite()).rejects.toMatchObject({ code: 'engine_missing', next: expect.stringContaining('npm install @electric-sql/pglite') })
  })
})

/** How many flushes have reached the system. */
async function countFlushes(work: () => Promise<void>): Promise<number> {
  const flush = vi.spyOn(fs, 'fsyncSync')
  try {
    await work()
    return flush.mock.calls.length
  } finally {
    flush.mockRestore()
  }
}
