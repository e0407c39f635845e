import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgres } from '../../adapters/postgres/postgres.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { type EmbeddedServer, createServerFolder } from '../support/embedded-postgres.ts'
import { freshPostgresUrl } from '../support/engines.ts'

async function one(storage: Pick<Storage, 'query'>, sql: string): Promise<unknown> {
  return Object.values((await storage.query({ sql })).rows[0] ?? {})[0]
}

describe('PostgreSQL that is restarted while a storage is open', () => {
  let server: EmbeddedServer

  beforeAll(async () => {
    server = await createServerFolder()
    await server.start()
  })
  afterAll(() => server.remove())

  it('fails what was running, and serves the next statement as if nothing had been', async () => {
    await using storage = await postgres({ url: `${server.url}/postgres`, connections: 3, preparedStatements: true })
    await storage.query({ sql: 'create table kept (n integer)' })
    await storage.query({ sql: 'insert into kept values (1)' })
    // Three connections that lie idle, three statements each with a name.
    for (let round = 0; round < 3; round += 1) await Promise.all([1, 2, 3].map((n) => one(storage, `select ${n} from pg_sleep(0.02)`)))

    let opened = (): void => undefined
    const isOpen = new Promise<void>((resolve) => (opened = resolve))
    const inFlight = storage.query({ sql: 'select pg_sleep(60)' }).catch((error: unknown) => error)
    const inTransaction = storage.transaction(async (tx) => {
      await tx.query({ sql: 'insert into kept values (2)' })
      opened()
      await tx.query({ sql: 'select pg_sleep(60)' })
    }).catch((error: unknown) => error)
    await isOpen
    await server.stop()
    for (const failure of await Promise.all([inFlight, inTransaction])) {
      expect(failure).toMatchObject({ code: 'storage_unavailable', retryable: true, why: expect.stringContaining('lost'), next: expect.stringContaining('try again') })
    }
    await expect(one(storage, 'select 1')).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true })

    await server.start()
    expect(await one(storage, 'select count(*) from kept')).toBe(1)
    expect(await Promise.all([1, 2, 3, 4].map((n) => one(storage, `select ${n} from pg_sleep(0.02)`)))).toEqual([1, 2, 3, 4])
    await storage.transaction((tx) => tx.query({ sql: 'insert into kept values (3)' }))
    expect(await one(storage, 'select count(*) from kept')).toBe(2)
  })

  it('may be restarted between two statements of a transaction: the transaction fails, and nothing of it stays', async () => {
    await using storage = await postgres({ url: `${server.url}/postgres`, connections: 1 })
    await storage.query({ sql: 'create table torn (n integer)' })
    const work = storage.transaction(async (tx) => {
      await tx.query({ sql: 'insert into torn values (1)' })
      await server.stop()
      await server.start()
      await tx.query({ sql: 'insert into torn values (2)' })
    })
    await expect(work).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true, details: { sqlState: '57P01' } })
    expect(await one(storage, 'select count(*) from torn')).toBe(0)
  })
})

describe('a connection to PostgreSQL that ended while nobody looked', () => {
  it('is replaced before a statement is sent on it', async () => {
    const url = await freshPostgresUrl()
    await using storage = await postgres({ url, connections: 2 })
    await using admin = await postgres({ url, connections: 1 })
    await Promise.all([1, 2].map(() => one(storage, 'select pg_sleep(0.02)')))
    const ended = one(admin, 'select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()')
    await new Promise((resolve) => setImmediate(resolve))
    // As after the sleep of a laptop: the connections are gone, and the event loop has not run since.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_300)
    expect(await Promise.all([one(storage, 'select 1'), one(storage, 'select 2')])).toEqual([1, 2])
    expect(await ended).toBe(2)
  })
})
