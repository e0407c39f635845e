/**
 * The storage port written once over a tiny driver: queueing, transactions, closing. Adapters bring connections that run
 * one statement; everything about order and outcome is decided here, the same for every engine.
 *
 * Invariant: a connection serves one statement or one transaction at a time, and no broken one is used again.
 */
import { TidemarkError, abortedError, isTidemarkError } from '../errors.ts'
import type { Connection, Driver } from './driver.ts'
import { FifoGate } from './fifo-gate.ts'
import { checkedValues, requireRead } from './statement-check.ts'
import type { Dialect, QueryResult, Queryable, Statement, Storage, StorageCapabilities, Transaction, TransactionOptions } from './storage.ts'
import { TransactionScope } from './transaction-scope.ts'
import { waitLimit } from './wait-limit.ts'

/** What every storage over connections takes. */
export interface ConnectionStorageOptions {
  /** How long a statement or transaction may wait for its turn before it fails with `storage_busy`. Default 60 000. */
  readonly waitTimeoutMs?: number | undefined
}

export const defaultWaitTimeoutMs = 60_000

/** A storage over connections that run one statement each: adds queueing, transactions, savepoints and closing. */
export function createConnectionStorage(driver: Driver, options: ConnectionStorageOptions = {}): Storage {
  return new ConnectionStorage(driver, options.waitTimeoutMs ?? defaultWaitTimeoutMs)
}

class ConnectionStorage implements Storage {
  readonly name: string
  readonly dialect: Dialect
  readonly capabilities: StorageCapabilities
  readonly openShadow: (() => Promise<Storage>) | undefined
  readonly #driver: Driver
  readonly #timeoutMs: number
  readonly #gate: FifoGate
  #closing: Promise<void> | undefined
  #closed = false

  constructor(driver: Driver, timeoutMs: number) {
    this.name = driver.name
    this.dialect = driver.dialect
    this.capabilities = driver.capabilities
    this.openShadow = driver.openShadow
    this.#driver = driver
    this.#timeoutMs = timeoutMs
    this.#gate = new FifoGate(driver.connections)
  }

  async query<R>(statement: Statement): Promise<QueryResult<R>> {
    const values = checkedValues(statement)
    const result = await this.#withConnection('run the statement', undefined, (connection) => connection.run(statement.sql, values))
    return result as QueryResult<R>
  }

  async transaction<T>(run: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const { signal, foreignKeys = 'enforced' } = options
    return this.#withConnection('start the transaction', signal, async (connection, broken) => {
      await connection.begin({ foreignKeys, signal }).catch(broken)
      const scope = new TransactionScope(this.dialect, connection, waitLimit('run the statement', this.#timeoutMs, signal), undefined)
      return scope.complete(run, () => connection.commit(), () => connection.rollback().catch(broken))
    })
  }

  async snapshot<T>(read: (view: Queryable) => Promise<T>): Promise<T> {
    return this.#withConnection('read a snapshot', undefined, async (connection) => {
      let ended = false
      const view: Queryable = {
        query: async <R>(statement: Statement) => {
          if (ended) throw new TypeError('Cannot use a snapshot after its read is done: await every query')
          const values = checkedValues(statement)
          requireRead(statement)
          return (await connection.run(statement.sql, values)) as QueryResult<R>
        },
      }
      try {
        return await (connection.snapshot === undefined ? read(view) : connection.snapshot(() => read(view)))
      } finally {
        ended = true
      }
    })
  }

  close(): Promise<void> {
    this.#closed = true
    this.#closing ??= this.#shutDown().catch((error: unknown) => {
      this.#closing = undefined
      throw error
    })
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #shutDown(): Promise<void> {
    for (let taken = 0; taken < this.#driver.connections; taken += 1) {
      await this.#gate.enter(waitLimit('close the storage', this.#timeoutMs)).catch((error: unknown) => {
        while (taken-- > 0) this.#gate.leave()
        throw error
      })
    }
    await this.#driver.close()
  }

  async #withConnection<T>(
    task: string,
    signal: AbortSignal | undefined,
    use: (connection: Connection, broken: (error: unknown) => never) => Promise<T>,
  ): Promise<T> {
    if (this.#closed) throw closedError(task)
    const wait = waitLimit(task, this.#timeoutMs, signal)
    await this.#gate.enter(wait)
    try {
      const connection = await this.#driver.acquire()
      let broken = false
      const markBroken = (error: unknown): never => {
        broken = true
        throw error
      }
      try {
        if (signal?.aborted === true) throw abortedError(`Cannot ${task}`, signal)
        return await use(connection, markBroken)
      } catch (error) {
        broken ||= isTidemarkError(error, 'storage_unavailable')
        throw error
      } finally {
        await this.#driver.release(connection, broken)
      }
    } finally {
      this.#gate.leave()
    }
  }
}

function closedError(task: string): TidemarkError {
  return new TidemarkError('storage_closed', `Cannot ${task}`, {
    why: 'The storage has been closed.',
    next: 'Open the storage again, or close it later.',
  })
}
