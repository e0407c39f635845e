import { describe, expect, it } from 'vitest'
import { TidemarkError } from '../../src/errors.ts'
import { createConnectionStorage } from '../../src/storage/connection-storage.ts'
import type { Connection } from '../../src/storage/driver.ts'

const failure = (what: string) => new TidemarkError('statement_failed', what, { why: 'so', next: 'no' })
const lost = new TidemarkError('storage_unavailable', 'lost', { why: 'so', next: 'no' })

/** Engines do not fail on demand, so the logic around failing connections is proven on scripted ones. */
function scripted(failures: Readonly<Record<string, Error>>, connections = 1, waitTimeoutMs = 1_000) {
  const log: string[] = []
  const step = async (name: string): Promise<void> => {
    log.push(name)
    const error = failures[name]
    if (error !== undefined) throw error
  }
  const connection: Connection = {
    run: async (sql) => {
      await step(sql)
      return { rows: [], affectedRows: 0 }
    },
    begin: () => step('begin'),
    commit: () => step('commit'),
    rollback: () => step('rollback'),
  }
  const storage = createConnectionStorage({
    name: 'scripted',
    dialect: 'postgres',
    capabilities: { transactionalDdl: true, durable: false, concurrentStatements: connections > 1, sharedWriters: false, fullText: 'none' },
    connections,
    acquire: async () => {
      await step('acquire')
      return connection
    },
    release: async (_, broken) => {
      log.push(broken ? 'discard' : 'release')
    },
    close: () => step('close'),
  }, { waitTimeoutMs })
  return { storage, log }
}

describe('a storage over connections', () => {
  it('commits and gives the connection back', async () => {
    const { storage, log } = scripted({})
    await storage.transaction((tx) => tx.query({ sql: 'a' }))
    expect(log).toEqual(['acquire', 'begin', 'a', 'commit', 'release'])
  })

  it('shows the first error when the rollback fails too, and discards the connection', async () => {
    const { storage, log } = scripted({ a: failure('first'), rollback: failure('second') })
    await expect(storage.transaction((tx) => tx.query({ sql: 'a' }))).rejects.toThrow('first')
    expect(log).toEqual(['acquire', 'begin', 'a', 'rollback', 'discard'])
  })

  it('rolls back when the commit fails', async () => {
    const { storage, log } = scripted({ commit: failure('commit') })
    await expect(storage.transaction(async () => undefined)).rejects.toThrow('commit')
    expect(log).toEqual(['acquire', 'begin', 'commit', 'rollback', 'release'])
  })

  it('discards a connection that cannot begin', async () => {
    const { storage, log } = scripted({ begin: failure('begin') })
    await expect(storage.transaction(async () => undefined)).rejects.toThrow('begin')
    expect(log).toEqual(['acquire', 'begin', 'discard'])
  })

  it('discards a connection that was lost during a statement, and keeps one that only refused it', async () => {
    const { storage, log } = scripted({ a: lost, b: failure('b') })
    await expect(storage.query({ sql: 'a' })).rejects.toBe(lost)
    await expect(storage.query({ sql: 'b' })).rejects.toThrow('b')
    expect(log).toEqual(['acquire', 'a', 'discard', 'acquire', 'b', 'release'])
  })

  it('spoils the outer transaction when a savepoint cannot be rolled back', async () => {
    const { storage, log } = scripted({ a: failure('first'), 'rollback to savepoint tidemark_1': failure('second') })
    await expect(storage.transaction(async (tx) => {
      await tx.transaction((inner) => inner.query({ sql: 'a' })).catch(() => undefined)
      await tx.query({ sql: 'b' })
    })).rejects.toThrow('first')
    expect(log).toEqual(['acquire', 'begin', 'savepoint tidemark_1', 'a', 'rollback to savepoint tidemark_1', 'rollback', 'release'])
  })

  it('lets the next one in when no connection can be had', async () => {
    const { storage } = scripted({ acquire: lost })
    await expect(storage.query({ sql: 'a' })).rejects.toBe(lost)
    await expect(storage.query({ sql: 'a' })).rejects.toBe(lost)
  })

  it('never has more connections out than the driver allows', async () => {
    const { storage, log } = scripted({}, 2)
    let most = 0
    let out = 0
    await Promise.all(Array.from({ length: 6 }, () => storage.transaction(async () => {
      out += 1
      most = Math.max(most, out)
      await new Promise((resolve) => setTimeout(resolve, 5))
      out -= 1
    })))
    expect(most).toBe(2)
    expect(log.filter((entry) => entry === 'commit')).toHaveLength(6)
  })

  it('has the engine stop the statement that runs when the signal aborts, and sends nothing before that is over', async () => {
    const log: string[] = []
    const stop = new AbortController()
    let fail: (error: Error) => void = () => undefined
    const connection: Connection = {
      run: (sql) => new Promise((_, reject) => {
        log.push(sql)
        fail = reject
        stop.abort()
      }),
      begin: async () => void log.push('begin'),
      commit: async () => void log.push('commit'),
      rollback: async () => void log.push('rollback'),
      cancel: async () => {
        log.push('cancel')
        fail(failure('stopped'))
        await new Promise((resolve) => setTimeout(resolve, 20))
        log.push('cancelled')
      },
    }
    const storage = createConnectionStorage({
      name: 'scripted', dialect: 'postgres', connections: 1,
      capabilities: { transactionalDdl: true, durable: false, concurrentStatements: false, sharedWriters: false, fullText: 'none' },
      acquire: async () => connection, release: async () => undefined, close: async () => undefined,
    })
    await expect(storage.transaction((tx) => tx.query({ sql: 'a' }), { signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' })
    expect(log).toEqual(['begin', 'a', 'cancel', 'cancelled', 'rollback'])
  })

  it('can be closed once more after a close that waited too long', async () => {
    const { storage, log } = scripted({}, 1, 20)
    let finish = (): void => undefined
    const open = storage.transaction(() => new Promise<void>((resolve) => (finish = resolve)))
    await expect(storage.close()).rejects.toMatchObject({ code: 'storage_busy' })
    await expect(storage.query({ sql: 'a' })).rejects.toMatchObject({ code: 'storage_closed' })
    finish()
    await open
    await storage.close()
    expect(log).toEqual(['acquire', 'begin', 'commit', 'release', 'close'])
  })
})
