import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { postgres } from '../../adapters/postgres/postgres.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { freshPostgresUrl } from '../support/engines.ts'

async function one(storage: Pick<Storage, 'query'>, sql: string): Promise<unknown> {
  return Object.values((await storage.query({ sql })).rows[0] ?? {})[0]
}

describe('PostgreSQL', () => {
  afterEach(() => {
    vi.doUnmock('pg')
  })

  it('is a server in UTC for every connection, whatever the server says', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl() })
    const zones = await Promise.all(Array.from({ length: 5 }, () => one(storage, 'show timezone')))
    expect(new Set(zones)).toEqual(new Set(['UTC']))
    expect(await one(storage, `select date_trunc('day', timestamptz '2026-03-03T01:00:00Z')`)).toBe('2026-03-03T00:00:00.000Z')
    expect(await one(storage, 'show application_name')).toBe('tidemark')
  })

  it('gives types that the port does not have as text', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl() })
    const { rows } = await storage.query({ sql: `select array['a','b'] as list, array[1,2] as numbers, interval '1 day' as span, '2026-03-03'::date as day, time '08:00' as time` })
    expect(rows).toEqual([{ list: '{a,b}', numbers: '{1,2}', span: '1 day', day: '2026-03-03', time: '08:00:00' }])
  })

  it('leaves the parsers of other users of `pg` alone', async () => {
    const url = await freshPostgresUrl()
    await using storage = await postgres({ url })
    expect(await one(storage, `select '2026-03-03'::date`)).toBe('2026-03-03')
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    expect((await client.query<{ day: unknown }>(`select '2026-03-03'::date as day`)).rows[0]?.day).toBeInstanceOf(Date)
    await client.end()
  })

  it('replaces connections that the server has ended', async () => {
    const url = await freshPostgresUrl()
    await using storage = await postgres({ url, connections: 2 })
    await using admin = await postgres({ url, connections: 1 })
    const endAll = (): Promise<unknown> => admin.query({ sql: 'select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()' })

    const error: unknown = await storage.transaction(async (tx) => {
      await one(tx, 'select 1')
      await endAll()
      await one(tx, 'select 1')
    }).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'storage_unavailable', retryable: true })
    expect(await one(storage, 'select 1')).toBe(1)

    await endAll()
    await vi.waitFor(async () => expect(await one(admin, 'select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()')).toBe(0))
    // Their sockets close just behind that.
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(await Promise.all([one(storage, 'select 1'), one(storage, 'select 2')])).toEqual([1, 2])
  })

  it('reports a statement on the storage inside a transaction that holds the last connection', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl(), connections: 1, waitTimeoutMs: 100 })
    await expect(storage.transaction(() => one(storage, 'select 1'))).rejects.toMatchObject({ code: 'storage_busy' })
    expect(await one(storage, 'select 1')).toBe(1)
  })

  it('names a deadlock as something that may be tried again', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl() })
    await storage.query({ sql: 'create table t (id integer primary key, n integer)' })
    await storage.query({ sql: 'insert into t values (1, 0), (2, 0)' })
    let held = 0
    let go = (): void => undefined
    const both = new Promise<void>((resolve) => (go = resolve))
    const cross = (first: number, second: number): Promise<void> => storage.transaction(async (tx) => {
      await tx.query({ sql: 'update t set n = n + 1 where id = $1', parameters: [first] })
      held += 1
      if (held === 2) go()
      await both
      await tx.query({ sql: 'update t set n = n + 1 where id = $1', parameters: [second] })
    })
    const outcomes = await Promise.allSettled([cross(1, 2), cross(2, 1)])
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(failed).toHaveLength(1)
    expect(failed[0]?.reason).toMatchObject({ code: 'storage_busy', retryable: true })
  })

  it.each([
    ['a wrong password', 'user or the password', (url: string) => url.replace('test-password', 'hush-4711')],
    ['a database that does not exist', 'does not exist', (url: string) => `${url}_missing`],
    ['a host that does not exist', 'ENOTFOUND', (url: string) => url.replace('localhost', 'missing.invalid')],
    ['no URL at all', 'postgres://', () => 'hush-4711 is no url'],
    ['a URL of something else', 'postgres://', (url: string) => url.replace('postgres:', 'mysql:')],
    ['a URL with a broken port', 'postgres://', (url: string) => url.replace(/:\d+\//, ':port/')],
    ['a password that is badly escaped', 'password', (url: string) => url.replace('test-password', '%zz-hush-4711')],
  ])('refuses to open with %s, and keeps the URL to itself', async (_, why, broken) => {
    const error: unknown = await postgres({ url: broken(await freshPostgresUrl()) }).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'storage_open_failed', why: expect.stringContaining(why), next: expect.any(String) })
    // Also not in what a logger prints: properties and causes.
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/hush-4711|test-password/)
  })

  it('refuses a server that does not answer PostgreSQL', async () => {
    const server = createServer((socket) => socket.end('no'))
    const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)))
    await expect(postgres({ url: `postgres://u:p@127.0.0.1:${port}/db` })).rejects.toMatchObject({ code: 'storage_open_failed' })
    server.close()
  })

  it('says how to install what is missing', async () => {
    vi.doMock('pg', () => {
      throw new Error('Cannot find package')
    })
    await expect(postgres({ url: 'postgres://localhost/x' })).rejects.toMatchObject({ code: 'engine_missing', next: expect.stringContaining('npm install pg') })
  })
})
