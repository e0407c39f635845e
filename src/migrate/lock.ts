/**
 * Keeps two runners apart. A runner that waited reads the version rows only once it holds the lock, so it sees what the
 * other one did. PostgreSQL: an advisory lock of a transaction, which no crash and no connection pooler can leave behind.
 * SQLite: the storage's own writer lock, which a transaction holds anyway. In one process runners queue before all that.
 */
import { TidemarkError, abortedError, isTidemarkError } from '../errors.ts'
import { FifoGate } from '../storage/fifo-gate.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import { longestTimerMs } from '../time/longest-timer.ts'

/** How long to wait for another runner, or `false` when the caller guarantees that there is none. */
export type LockSetting = false | { readonly timeoutMs?: number | undefined } | undefined

export interface LockOptions {
  /** What is locked; runners with different version tables do not meet. */
  readonly name: string
  readonly setting: LockSetting
  /** Ends the wait, and the transaction that `run` is given. */
  readonly signal?: AbortSignal | undefined
}

/**
 * One transaction under the lock, with foreign keys suspended where the engine needs that for a rebuild.
 *
 * @throws TidemarkError `migration_locked` when the lock was not free in time, `aborted`, and whatever `run` throws
 */
export async function lockedTransaction<T>(storage: Storage, lock: LockOptions, run: (tx: Transaction) => Promise<T>): Promise<T> {
  if (lock.setting === false) return storage.transaction(run, { signal: lock.signal, foreignKeys: 'suspended' })
  return inTurn(storage, lock, (deadline) => firstWithLock(storage, lock, deadline, run))
}

/**
 * Holds the lock while `run` makes transactions of its own on the storage. Where only one connection is there, no other
 * can hold it: one process then has its own queue, and on SQLite every transaction has to look whether another process
 * has come between.
 *
 * @throws TidemarkError `migration_locked`, `aborted`, `operation_not_supported` on a shared server with one connection,
 * and whatever `run` throws
 */
export async function lockedRun<T>(storage: Storage, lock: LockOptions, run: () => Promise<T>): Promise<T> {
  if (lock.setting === false) return run()
  const { concurrentStatements, sharedWriters } = storage.capabilities
  if (storage.dialect === 'postgres' && sharedWriters && !concurrentStatements) throw needsTwoConnections()
  return inTurn(storage, lock, async (deadline) => {
    if (!concurrentStatements) return run()
    let outcome: { readonly value: T } | undefined
    try {
      await firstWithLock(storage, lock, deadline, async (tx) => {
        await stayIdle(tx)
        outcome = { value: await run() }
      })
    } catch (error) {
      // All was done and committed: that the lock was lost meanwhile, or the run cancelled at its very end, changes nothing.
      if (outcome === undefined) throw error
    }
    if (outcome === undefined) throw new TypeError('The run under the lock has ended without an outcome')
    return outcome.value
  })
}

/** The server must not end the transaction that only holds the lock, and nothing must have to wait for that. */
async function stayIdle(tx: Transaction): Promise<void> {
  // Older servers do not have it.
  await tx.query({ sql: `select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout'` })
  // Last, for it is no query: the cursor of a query keeps its snapshot until the next statement, and an index that is built
  // concurrently waits for all snapshots.
  await tx.query({ sql: 'set local idle_in_transaction_session_timeout = 0' })
}

const gates = new WeakMap<Storage, Map<string, FifoGate>>()

/** Runners on the same storage, one after the other, in the order of their arrival. */
async function inTurn<T>(storage: Storage, { name, setting, signal }: LockOptions, run: (deadline: Deadline) => Promise<T>): Promise<T> {
  const deadline = new Deadline((setting === false ? undefined : setting?.timeoutMs) ?? 60_000)
  const byName = gates.get(storage) ?? new Map<string, FifoGate>()
  gates.set(storage, byName)
  const gate = byName.get(name) ?? new FifoGate(1)
  byName.set(name, gate)
  await gate.enter({ timeoutMs: deadline.leftMs(), onTimeout: () => locked(deadline), signal, onAbort: waitAborted })
  try {
    return await run(deadline)
  } finally {
    gate.leave()
  }
}

/**
 * Tries again in a new transaction each time. Waiting inside of one would hold a snapshot, for which an index that is built
 * concurrently under the lock would wait in turn, and the server would not notice.
 */
async function firstWithLock<T>(storage: Storage, { name, signal }: LockOptions, deadline: Deadline, run: (tx: Transaction) => Promise<T>): Promise<T> {
  for (;;) {
    const outcome = await transactionInTime(storage, signal, deadline, async (tx) => ((await hasLock(tx, name)) ? { value: await run(tx) } : undefined))
    if (outcome !== undefined) return outcome.value
    if (deadline.leftMs() === 0) throw locked(deadline)
    await new Promise((resolve) => setTimeout(resolve, Math.min(100, deadline.leftMs())))
  }
}

async function hasLock(tx: Transaction, name: string): Promise<boolean> {
  if (tx.dialect !== 'postgres') return true
  const { rows } = await tx.query<{ taken: boolean }>({
    sql: `select pg_try_advisory_xact_lock(hashtextextended('tidemark migrate ' || current_schema() || '.' || $1, 0)) as taken`,
    parameters: [name],
  })
  return rows[0]?.taken === true
}

/** A transaction that has to begin before the deadline; how long it then takes is its own affair. Undefined when it is worth another try. */
async function transactionInTime<T>(storage: Storage, signal: AbortSignal | undefined, deadline: Deadline, run: (tx: Transaction) => Promise<T>): Promise<T | undefined> {
  const ending = new AbortController()
  const abort = (): void => ending.abort(signal?.reason)
  if (signal?.aborted === true) abort()
  signal?.addEventListener('abort', abort)
  const timer = setTimeout(() => ending.abort(), deadline.leftMs())
  let running = false
  try {
    return await storage.transaction(
      (tx) => {
        clearTimeout(timer)
        // The time can also run out while the transaction begins.
        running = !ending.signal.aborted
        return run(tx)
      },
      { signal: ending.signal, foreignKeys: 'suspended' },
    )
  } catch (error) {
    if (running || !(isTidemarkError(error, 'aborted') || isTidemarkError(error, 'storage_busy'))) throw error
    if (signal?.aborted === true) throw waitAborted(signal)
    // The storage may be one that waits less.
    if (deadline.leftMs() > 0) return undefined
    throw locked(deadline, error)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

class Deadline {
  readonly timeoutMs: number
  readonly #at: number

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs
    this.#at = performance.now() + timeoutMs
  }

  leftMs(): number {
    return Math.min(longestTimerMs, Math.max(0, this.#at - performance.now()))
  }
}

function locked({ timeoutMs }: Deadline, cause?: unknown): TidemarkError {
  return new TidemarkError('migration_locked', 'Cannot migrate the database', {
    why: `Another runner held the migration lock for ${timeoutMs} ms.`,
    next: 'Wait until it is done and try again, or allow a longer wait with `lock: { timeoutMs }` or `--lock-timeout`.',
    cause,
    retryable: true,
  })
}

function waitAborted(signal: AbortSignal): TidemarkError {
  return abortedError('Cannot migrate the database', signal)
}

function needsTwoConnections(): TidemarkError {
  return new TidemarkError('operation_not_supported', 'Cannot run a revision without a transaction', {
    why: 'The storage has one connection, and a second one has to hold the migration lock meanwhile.',
    next: 'Open the storage with at least two connections, or pass `lock: false` when nobody else migrates this database.',
  })
}
