/**
 * The storage port written once over a tiny driver: queueing, transactions, savepoints, closing. Adapters bring
 * connections that run one statement; everything about order and outcome is decided here, the same for every engine.
 *
 * Invariants: a connection serves one statement or one transaction at a time; a statement that failed spoils its
 * (sub)transaction on every engine, as it does on PostgreSQL; the first error is the one the caller sees.
 */
import { TidemarkError, abortedError, isTidemarkError } from '../errors.ts'
import { FifoGate, type GateWait } from './fifo-gate.ts'
import { type BoundValue, bindableParameters } from './parameter.ts'
import { firstKeyword } from './first-keyword.ts'
import type { Dialect, QueryResult, Statement, Storage, StorageCapabilities, Transaction, TransactionOptions } from './storage.ts'

export interface BeginOptions {
  readonly foreignKeys: 'enforced' | 'suspended'
  /** Ends a wait for the engine itself, where it has one. */
  readonly signal: AbortSignal | undefined
}

/** One connection to an engine. Errors are already mapped to `TidemarkError`. */
export interface Connection {
  /** Runs exactly one statement, in the open transaction if there is one. */
  run(sql: string, values: readonly BoundValue[]): Promise<QueryResult>
  begin(options: BeginOptions): Promise<void>
  commit(): Promise<void>
  /** Must also succeed when the engine has already ended the transaction by itself. */
  rollback(): Promise<void>
}

/** What an adapter gives. */
export interface Driver {
  readonly name: string
  readonly dialect: Dialect
  readonly capabilities: StorageCapabilities
  /** How many connections may be out at a time; the storage never asks for more. */
  readonly connections: number
  acquire(): Promise<Connection>
  /** A broken connection is in an unknown state and must not be used again. */
  release(connection: Connection, broken: boolean): Promise<void>
  close(): Promise<void>
}

export interface ConnectionStorageOptions {
  /** How long a statement or transaction may wait for its turn before it fails with `storage_busy`. Default 60 000. */
  readonly waitTimeoutMs?: number | undefined
}

export const defaultWaitTimeoutMs = 60_000

export function createConnectionStorage(driver: Driver, options: ConnectionStorageOptions = {}): Storage {
  return new ConnectionStorage(driver, options.waitTimeoutMs ?? defaultWaitTimeoutMs)
}

class ConnectionStorage implements Storage {
  readonly name: string
  readonly dialect: Dialect
  readonly capabilities: StorageCapabilities
  readonly #driver: Driver
  readonly #timeoutMs: number
  readonly #gate: FifoGate
  #closing: Promise<void> | undefined
  #closed = false

  constructor(driver: Driver, timeoutMs: number) {
    this.name = driver.name
    this.dialect = driver.dialect
    this.capabilities = driver.capabilities
    this.#driver = driver
    this.#timeoutMs = timeoutMs
    this.#gate = new FifoGate(driver.connections)
  }

  async query<R>(statement: Statement): Promise<QueryResult<R>> {
    const values = checked(statement)
    const result = await this.#withConnection('run the statement', undefined, (connection) => connection.run(statement.sql, values))
    return result as QueryResult<R>
  }

  async transaction<T>(run: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const { signal, foreignKeys = 'enforced' } = options
    return this.#withConnection('start the transaction', signal, async (connection, broken) => {
      await connection.begin({ foreignKeys, signal }).catch(broken)
      const scope = new Scope(this.dialect, connection, waitLimit('run the statement', this.#timeoutMs, signal), undefined)
      return scope.complete(run, () => connection.commit(), () => connection.rollback().catch(broken))
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
        if (signal?.aborted === true) throw abortedError(`Cannot ${task}.`, signal)
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

/** A transaction or, with a parent, a savepoint. */
class Scope implements Transaction {
  readonly dialect: Dialect
  readonly #connection: Connection
  readonly #wait: GateWait
  readonly #parent: Scope | undefined
  readonly #depth: number
  readonly #gate = new FifoGate(1)
  /** Closing: what was issued before may still run, new calls are refused. */
  #state: 'open' | 'closing' | 'ended' = 'open'
  #failure: { readonly error: unknown } | undefined

  constructor(dialect: Dialect, connection: Connection, wait: GateWait, parent: Scope | undefined) {
    this.dialect = dialect
    this.#connection = connection
    this.#wait = wait
    this.#parent = parent
    this.#depth = parent === undefined ? 0 : parent.#depth + 1
  }

  async query<R>(statement: Statement): Promise<QueryResult<R>> {
    const values = checked(statement)
    return this.#inTurn(async () => {
      const result = await this.#connection.run(statement.sql, values).catch((error: unknown) => this.#spoil(error))
      return result as QueryResult<R>
    })
  }

  async transaction<T>(run: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    if (options !== undefined) throw new TypeError('A nested transaction takes no options: it shares those of the outer transaction')
    return this.#inTurn(async () => {
      const scope = new Scope(this.dialect, this.#connection, this.#wait, this)
      const savepoint = `tidemark_${scope.#depth}`
      const control = async (verb: string): Promise<void> => {
        await this.#connection.run(`${verb} ${savepoint}`, [])
      }
      await control('savepoint').catch((error: unknown) => this.#spoil(error))
      return scope.complete(run, () => control('release savepoint'), async () => {
        // Without the savepoint the outer transaction cannot be told apart from what failed in it.
        await control('rollback to savepoint').then(() => control('release savepoint')).catch((error: unknown) => this.#spoil(scope.#failure?.error ?? error))
      })
    })
  }

  /** Runs the callback to its end and commits, or rolls back and throws the first error. */
  async complete<T>(run: (tx: Transaction) => Promise<T>, commit: () => Promise<void>, rollback: () => Promise<void>): Promise<T> {
    try {
      const result = await run(this)
      this.#state = 'closing'
      await this.#settled()
      this.#state = 'ended'
      if (this.#failure !== undefined) throw this.#failure.error
      const { signal } = this.#wait
      if (signal?.aborted === true) throw abortedError('Cannot commit the transaction.', signal)
      await commit()
      return result
    } catch (error) {
      this.#state = 'ended'
      await this.#settled()
      await rollback().catch(() => undefined)
      throw error
    }
  }

  async #settled(): Promise<void> {
    await this.#gate.enter()
    this.#gate.leave()
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#check('open')
    await this.#gate.enter(this.#wait)
    try {
      this.#check('closing')
      return await work()
    } finally {
      this.#gate.leave()
    }
  }

  #check(allowed: 'open' | 'closing'): void {
    if (this.#state !== 'open' && this.#state !== allowed) throw finishedError()
    if (this.#failure !== undefined) throw this.#failure.error
    const { signal } = this.#wait
    if (signal?.aborted === true) throw abortedError('Cannot run the statement.', signal)
    if (this.#parent !== undefined) this.#parent.#check('closing')
  }

  #spoil(error: unknown): never {
    this.#failure ??= { error }
    throw error
  }
}

const transactionControl = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'savepoint', 'release'])

/** What is wrong with a statement is said before the engine sees it, so that it does not spoil a transaction. */
function checked({ sql, parameters }: Statement): readonly BoundValue[] {
  const keyword = firstKeyword(sql)
  if (keyword === '') throw refusedError('Its text holds no statement.', 'Give the text of one statement.')
  if (transactionControl.has(keyword)) {
    throw refusedError('It begins or ends a transaction behind the back of the storage.', 'Use `transaction` of the storage, or of the transaction for a savepoint.')
  }
  return bindableParameters(parameters)
}

function refusedError(why: string, next: string): TidemarkError {
  return new TidemarkError('statement_failed', 'Cannot run the statement.', { why, next })
}

function waitLimit(task: string, timeoutMs: number, signal?: AbortSignal): GateWait {
  return {
    timeoutMs,
    signal,
    onAbort: (aborted) => abortedError(`Cannot ${task}.`, aborted),
    onTimeout: () =>
      new TidemarkError('storage_busy', `Cannot ${task}.`, {
        why: `It waited ${timeoutMs} ms for its turn. A statement on the storage itself inside its own transaction would wait for itself for ever; so would one on the outer transaction inside a nested one.`,
        next: 'Inside a transaction use the `tx` that its callback is given; otherwise make the transactions shorter, or try again.',
        retryable: true,
      }),
  }
}

function closedError(task: string): TidemarkError {
  return new TidemarkError('storage_closed', `Cannot ${task}.`, {
    why: 'The storage has been closed.',
    next: 'Open the storage again, or close it later.',
  })
}

function finishedError(): TidemarkError {
  return new TidemarkError('transaction_finished', 'Cannot run the statement in this transaction.', {
    why: 'The transaction has already ended.',
    next: 'Await every statement before the callback of the transaction returns, and do not keep `tx` for later.',
  })
}
