/**
 * One transaction or savepoint on a connection: its statements in order, its end, and nothing after it. A statement that
 * failed spoils the scope on every engine, as it does on PostgreSQL; the first error is the one the caller sees.
 */
import { TidemarkError, abortedError } from '../errors.ts'
import type { Connection } from './driver.ts'
import { FifoGate, type GateWait } from './fifo-gate.ts'
import { checkedValues } from './statement-check.ts'
import type { Dialect, QueryResult, Statement, Transaction, TransactionOptions } from './storage.ts'

/** A transaction or, with a parent, a savepoint. */
export class TransactionScope implements Transaction {
  readonly dialect: Dialect
  readonly #connection: Connection
  readonly #wait: GateWait
  readonly #parent: TransactionScope | undefined
  readonly #depth: number
  readonly #gate = new FifoGate(1)
  /** Closing: what was issued before may still run, new calls are refused. */
  #state: 'open' | 'closing' | 'ended' = 'open'
  #failure: { readonly error: unknown } | undefined

  constructor(dialect: Dialect, connection: Connection, wait: GateWait, parent: TransactionScope | undefined) {
    this.dialect = dialect
    this.#connection = connection
    this.#wait = wait
    this.#parent = parent
    this.#depth = parent === undefined ? 0 : parent.#depth + 1
  }

  async query<R>(statement: Statement): Promise<QueryResult<R>> {
    const values = checkedValues(statement)
    return this.#inTurn(async () => {
      const result = await this.#interruptibly(() => this.#connection.run(statement.sql, values)).catch((error: unknown) => this.#spoil(error))
      return result as QueryResult<R>
    })
  }

  async transaction<T>(run: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    if (options !== undefined) throw new TypeError('A nested transaction takes no options: it shares those of the outer transaction')
    return this.#inTurn(async () => {
      const scope = new TransactionScope(this.dialect, this.#connection, this.#wait, this)
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
      if (signal?.aborted === true) throw abortedError('Cannot commit the transaction', signal)
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

  /** Where the engine can, it is told to stop when the signal aborts. */
  async #interruptibly<T>(run: () => Promise<T>): Promise<T> {
    const { signal } = this.#wait
    if (signal === undefined || this.#connection.cancel === undefined) return run()
    let cancelled: Promise<void> | undefined
    const abort = (): void => {
      cancelled = this.#connection.cancel?.()
    }
    signal.addEventListener('abort', abort)
    try {
      return await run()
    } catch (error) {
      throw cancelled === undefined ? error : abortedError('Cannot finish the statement', signal)
    } finally {
      signal.removeEventListener('abort', abort)
      // The request travels on its own: whatever runs next must not meet it.
      await cancelled
    }
  }

  #check(allowed: 'open' | 'closing'): void {
    if (this.#state !== 'open' && this.#state !== allowed) throw finishedError()
    if (this.#failure !== undefined) throw this.#failure.error
    if (this.#parent !== undefined) this.#parent.#check('closing')
  }

  #spoil(error: unknown): never {
    this.#failure ??= { error }
    throw error
  }
}

function finishedError(): TidemarkError {
  return new TidemarkError('transaction_finished', 'Cannot run the statement in this transaction', {
    why: 'The transaction has already ended.',
    next: 'Await every statement before the callback of the transaction returns, and do not keep `tx` for later.',
  })
}
