import { describe, expect, it } from 'vitest'
import { postgres } from '../../adapters/postgres/postgres.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { freshPostgresUrl } from '../support/engines.ts'

async function one(storage: Pick<Storage, 'query'>, sql: string): Promise<unknown> {
  return Object.values((await storage.query({ sql })).rows[0] ?? {})[0]
}

/** How many statements of others run on the database that look like this. */
async function running(admin: Storage, text: string): Promise<number> {
  const { rows } = await admin.query<{ count: number }>({
    sql: `select count(*) as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and query like $1`,
    parameters: [`%${text}%`],
  })
  return rows[0]?.count ?? 0
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('time-outs of PostgreSQL', () => {
  it('are set on every connection: none for statements, one for locks and one for idle transactions', async () => {
    const url = await freshPostgresUrl()
    await using plain = await postgres({ url, waitTimeoutMs: 7_000 })
    expect(await one(plain, 'show statement_timeout')).toBe('0')
    expect(await one(plain, 'show lock_timeout')).toBe('7s')
    expect(await one(plain, 'show idle_in_transaction_session_timeout')).toBe('5min')

    await using own = await postgres({ url, statementTimeoutMs: 1_500, lockTimeoutMs: 0, idleTransactionTimeoutMs: 60_000 })
    const shown = await Promise.all(Array.from({ length: 3 }, () => one(own, `select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')`)))
    expect(shown).toEqual(Array(3).fill('1500ms 0 1min'))
  })

  it('are those of the URL, the role or the database where no option says otherwise', async () => {
    const url = `${await freshPostgresUrl()}?options=${encodeURIComponent('-c statement_timeout=3s -c lock_timeout=4s -c idle_in_transaction_session_timeout=5s')}`
    const shown = `select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')`
    await using plain = await postgres({ url })
    expect(await one(plain, shown)).toBe('3s 4s 5s')
    await using own = await postgres({ url, statementTimeoutMs: 0, lockTimeoutMs: 0, idleTransactionTimeoutMs: 0 })
    expect(await one(own, shown)).toBe('0 0 0')
  })

  it('refuse what is no time', async () => {
    const url = await freshPostgresUrl()
    for (const wrong of [{ statementTimeoutMs: -1 }, { lockTimeoutMs: 1.5 }, { idleTransactionTimeoutMs: Number.NaN }, { customerId: 0 }, { connections: 0 }]) {
      await expect(postgres({ url, ...wrong })).rejects.toBeInstanceOf(RangeError)
    }
  })

  it('end a statement that runs too long, and leave the connection usable', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl(), statementTimeoutMs: 100, connections: 1 })
    await expect(storage.query({ sql: 'select pg_sleep(30)' })).rejects.toMatchObject({
      code: 'storage_busy', retryable: true, why: expect.stringContaining('time-out for statements'), next: expect.stringContaining('statementTimeoutMs'), details: { sqlState: '57014' },
    })
    expect(await one(storage, 'select 1')).toBe(1)
  })

  it('end a wait for a lock', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl(), lockTimeoutMs: 100 })
    await storage.query({ sql: 'create table t (n integer)' })
    await storage.transaction(async (tx) => {
      await tx.query({ sql: 'lock table t' })
      await expect(storage.query({ sql: 'select * from t' })).rejects.toMatchObject({
        code: 'storage_busy', retryable: true, why: expect.stringContaining('held the lock'), next: expect.stringContaining('lockTimeoutMs'), details: { sqlState: '55P03' },
      })
    })
  })

  it('end a transaction that does nothing, and its locks with it', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl(), idleTransactionTimeoutMs: 100 })
    await storage.query({ sql: 'create table t (n integer)' })
    let free: unknown
    const idle = storage.transaction(async (tx) => {
      await tx.query({ sql: 'lock table t' })
      free = await one(storage, 'select count(*) from t')
      await tx.query({ sql: 'select 1' })
    })
    await expect(idle).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true, why: expect.stringContaining('done nothing for too long'), details: { sqlState: '25P03' } })
    expect(free).toBe(0)
  })
})

describe('a transaction on PostgreSQL whose signal aborts', () => {
  it('cancels its statement on the server, rolls back, and leaves the connection usable', async () => {
    const url = await freshPostgresUrl()
    await using storage = await postgres({ url, connections: 1 })
    await using admin = await postgres({ url, connections: 1 })
    await storage.query({ sql: 'create table t (n integer)' })
    const stop = new AbortController()
    const work = storage.transaction(async (tx) => {
      await tx.query({ sql: 'insert into t values (1)' })
      await tx.query({ sql: 'select pg_sleep(120)' })
    }, { signal: stop.signal })
    await until(async () => (await running(admin, 'pg_sleep')) === 1)
    const reason = new Error('enough')
    stop.abort(reason)
    await expect(work).rejects.toMatchObject({ code: 'aborted', cause: reason })
    expect(await running(admin, 'pg_sleep')).toBe(0)
    // The request was for that one statement: nothing that comes after on the same connection is hit.
    for (let round = 0; round < 20; round += 1) expect(await one(storage, 'select count(*) from t')).toBe(0)
  })

  it('also cancels inside a nested transaction, and a wait for a lock', async () => {
    const url = await freshPostgresUrl()
    await using storage = await postgres({ url })
    await using admin = await postgres({ url, connections: 1 })
    await storage.query({ sql: 'create table t (n integer)' })
    await admin.transaction(async (tx) => {
      await tx.query({ sql: 'lock table t' })
      const stop = new AbortController()
      const work = storage.transaction((outer) => outer.transaction(async (inner) => {
        setTimeout(() => stop.abort(), 50)
        await inner.query({ sql: 'insert into t values (1)' })
      }), { signal: stop.signal })
      await expect(work).rejects.toMatchObject({ code: 'aborted' })
    })
    expect(await one(storage, 'select count(*) from t')).toBe(0)
  })

  it('never hits a statement of somebody else, however the moments fall', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl(), connections: 1 })
    for (let round = 0; round < 30; round += 1) {
      const stop = new AbortController()
      const work = storage.transaction(async (tx) => {
        setTimeout(() => stop.abort(), round % 6)
        for (let step = 0; step < 6; step += 1) await tx.query({ sql: 'select pg_sleep(0.001)' })
      }, { signal: stop.signal })
      const next = one(storage, 'select pg_sleep(0.002)')
      await work.catch((error: unknown) => expect(error).toMatchObject({ code: 'aborted' }))
      await next
    }
  })
})
