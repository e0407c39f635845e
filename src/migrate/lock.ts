/**
 * Keeps two runners apart. Each step holds the lock for its own transaction and reads the version rows inside it, so
 * that whoever waited sees what the other one did. PostgreSQL: an advisory lock of the transaction, which no crash and
 * no connection pooler can leave behind. Elsewhere the storage's own writer lock, which its transaction holds anyway.
 */
import { TidemarkError, isTidemarkError } from '../errors.ts'
import type { Storage, Transaction } from '../storage/storage.ts'

export interface LockOptions {
  /** What is locked; runners with different version tables do not meet. */
  readonly name: string
  readonly timeoutMs: number
}

/** @throws TidemarkError `migration_locked` when the lock was not free in time, and whatever `run` throws */
export async function lockedTransaction<T>(storage: Storage, { name, timeoutMs }: LockOptions, run: (tx: Transaction) => Promise<T>): Promise<T> {
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(), timeoutMs)
  let running = false
  try {
    return await storage.transaction(
      async (tx) => {
        if (tx.dialect === 'postgres') await takeAdvisoryLock(tx, name, timeoutMs)
        clearTimeout(timer)
        running = true
        return run(tx)
      },
      // SQLite can switch enforcement off only before a transaction begins, and a revision may need a rebuild.
      { signal: waiting.signal, foreignKeys: 'suspended' },
    )
  } catch (error) {
    if (running || !(isTidemarkError(error, 'aborted') || isTidemarkError(error, 'storage_busy'))) throw error
    throw new TidemarkError('migration_locked', 'Cannot migrate the database', {
      why: `Another runner held the migration lock for ${timeoutMs} ms.`,
      next: 'Wait until it is done and try again, or allow a longer wait with `lockTimeoutMs`.',
      cause: error,
      retryable: true,
    })
  } finally {
    clearTimeout(timer)
  }
}

async function takeAdvisoryLock(tx: Transaction, name: string, timeoutMs: number): Promise<void> {
  const { rows } = await tx.query<{ lock_timeout: string }>({ sql: `select current_setting('lock_timeout') as lock_timeout` })
  const setTimeLimit = (value: string): Promise<unknown> => tx.query({ sql: `select set_config('lock_timeout', $1, true)`, parameters: [value] })
  // Zero would mean to wait for ever.
  await setTimeLimit(`${Math.max(1, timeoutMs)}ms`)
  await tx.query({ sql: `select pg_advisory_xact_lock(hashtextextended('tidemark migrate ' || current_schema() || '.' || $1, 0))::text as locked`, parameters: [name] })
  // What the revision itself waits for is its own affair.
  await setTimeLimit(rows[0]?.lock_timeout ?? '0')
}
