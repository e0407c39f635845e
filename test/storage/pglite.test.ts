import { access, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { engineNamed, freshFolder } from '../support/engines.ts'

describe('PGlite', () => {
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
    await access(join(dir, 'PG_VERSION'))
    await using second = await pglite({ dir })
    expect((await second.query({ sql: 'select n from t' })).rows).toEqual([{ n: 7 }])
  })

  it('is in memory without a folder', async () => {
    await using storage = await pglite()
    expect(storage.capabilities.durable).toBe(false)
    expect((await storage.query({ sql: 'select 1 as one' })).rows).toEqual([{ one: 1 }])
  })

  it('works on a ready PGlite, and leaves it open', async () => {
    const engine = await PGlite.create()
    const storage = await pglite({ engine })
    expect((await storage.query({ sql: 'select 1 as one' })).rows).toEqual([{ one: 1 }])
    await storage.close()
    expect(engine.closed).toBe(false)
    await engine.close()
  })

  it('gives types that the port does not have as text', async () => {
    await using storage = await engineNamed('pglite memory').open()
    const { rows } = await storage.query({ sql: `select array['a','b'] as list, array[1,2] as numbers, interval '1 day' as span, '2026-03-03'::date as day, time '08:00' as time` })
    expect(rows).toEqual([{ list: '{a,b}', numbers: '{1,2}', span: '1 day', day: '2026-03-03', time: '08:00:00' }])
  })

  it.each([
    ['whose parent does not exist', async () => join(await freshFolder(), 'missing', 'here')],
    ['that is a file', async () => {
      const file = join(await freshFolder(), 'file')
      await writeFile(file, 'not a database')
      return file
    }],
  ])('refuses a folder %s, in three parts', async (_, path) => {
    const error: unknown = await path().then((dir) => pglite({ dir })).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'storage_open_failed', what: expect.any(String), why: expect.any(String), next: expect.any(String) })
  })

  it('opens a folder once at a time', async () => {
    const dir = join(await freshFolder(), 'made')
    const first = await pglite({ dir })
    await expect(pglite({ dir })).rejects.toMatchObject({ code: 'storage_busy', retryable: true })
    await first.close()
    await (await pglite({ dir })).close()
    expect(await readdir(join(dir, '..'))).toEqual(['made'])
  })

  it('says how to install what is missing', async () => {
    vi.doMock('@electric-sql/pglite', () => {
      throw new Error('Cannot find package')
    })
    await expect(pglite()).rejects.toMatchObject({ code: 'engine_missing', next: expect.stringContaining('npm install @electric-sql/pglite') })
  })
})
