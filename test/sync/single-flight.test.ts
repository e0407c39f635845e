import { describe, expect, it } from 'vitest'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { openTidemark } from '../../src/mod.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { freshPostgresUrl } from '../support/engines.ts'

/** A Tidemark of its own pool, as another process has it; `gate` holds its API requests back. */
async function open(url: string, customerId: number, options: { readonly gate?: Promise<void>; readonly connections?: number; readonly started?: () => void; readonly idleTransactionTimeoutMs?: number } = {}): Promise<Tidemark> {
  const simulator = createSimulator({ scale: 'demo', token: 'secret' })
  return openTidemark({
    storage: await postgres({ url, connections: options.connections ?? 4, idleTransactionTimeoutMs: options.idleTransactionTimeoutMs }),
    customerId,
    testio: {
      token: 'secret',
      baseUrl: 'http://simulator.invalid/customer/v2/',
      async fetch(request) {
        options.started?.()
        await options.gate
        return simulator.fetch(request)
      },
    },
  })
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let release = (): void => undefined
  const opened = new Promise<void>((resolve) => (release = resolve))
  return { opened, open: () => release() }
}

describe('a sync on a PostgreSQL that several processes share', () => {
  it('refuses a second one of the same customer while it runs, and not of another customer', async () => {
    const url = await freshPostgresUrl()
    const [started, api] = [gate(), gate()]
    await using first = await open(url, 1, { started: started.open, gate: api.opened, idleTransactionTimeoutMs: 2_000 })
    await using second = await open(url, 1)
    await using other = await open(url, 2)
    const running = first.sync()
    // A sync that fails has to fail the test, not to keep it waiting.
    await Promise.race([started.opened, running])
    // Longer than an idle transaction may be.
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    await expect(second.sync()).rejects.toMatchObject({
      code: 'sync_running', retryable: true, what: 'Cannot start a sync', why: expect.stringContaining('Another process'), next: expect.any(String),
    })
    expect((await other.sync()).outcome).toBe('success')
    api.open()
    expect((await running).outcome).toBe('success')
    expect((await second.sync()).outcome).toBe('success')
  })

  it('lets the next one in when a process dies', async () => {
    const url = await freshPostgresUrl()
    const [started, api] = [gate(), gate()]
    await using first = await open(url, 1, { started: started.open, gate: api.opened })
    await using second = await open(url, 1)
    const running = first.sync()
    // A sync that fails has to fail the test, not to keep it waiting.
    await Promise.race([started.opened, running])
    // What the server sees of a process that is killed.
    await second.storage.query({ sql: 'select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()' })
    expect((await second.sync()).outcome).toBe('success')
    // The first one had lost nothing but its lock, and what it writes is written.
    api.open()
    expect((await running).outcome).toBe('success')
  })

  it('fails by its own error, not by that of the lock', async () => {
    const url = await freshPostgresUrl()
    await using tidemark = await open(url, 1)
    const stop = new AbortController()
    stop.abort()
    expect((await tidemark.sync({ signal: stop.signal })).outcome).toBe('cancelled')
    expect((await tidemark.sync()).outcome).toBe('success')
  })

  it('needs no lock, and so no second connection, on a pool of one', async () => {
    await using tidemark = await open(await freshPostgresUrl(), 1, { connections: 1 })
    expect((await tidemark.sync()).outcome).toBe('success')
  })
})
