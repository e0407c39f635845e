/**
 * Keeps two processes from syncing one customer at once, where the database is shared and has a connection to spare:
 * PostgreSQL with a pool. The lock is an advisory lock of a transaction that does nothing else; no crash, and no pooler
 * between, can leave it behind. Elsewhere nothing is held. Writes are safe without it; it spares the API a second run.
 */
import { TidemarkError } from '../errors.ts'
import type { Storage } from '../storage/storage.ts'

/** @throws TidemarkError `sync_running` when another process holds the lock, and whatever `run` throws */
export async function singleFlight<T>(storage: Storage, customerId: number, run: () => Promise<T>): Promise<T> {
  const { sharedWriters, concurrentStatements } = storage.capabilities
  if (storage.dialect !== 'postgres' || !sharedWriters || !concurrentStatements) return run()
  let done: { readonly result: T } | undefined
  try {
    await storage.transaction(async (tx) => {
      // It is meant to do nothing for as long as the sync takes.
      await tx.query({ sql: `select set_config('idle_in_transaction_session_timeout', '0', true)` })
      const { rows } = await tx.query<{ free: boolean }>({
        sql: `select pg_try_advisory_xact_lock(hashtextextended('tidemark sync ' || current_schema() || '.' || $1, 0)) as free`,
        parameters: [String(customerId)],
      })
      if (rows[0]?.free !== true) throw runningElsewhere()
      done = { result: await run() }
    })
  } catch (error) {
    // A lock that was lost on the way does not undo what was synced.
    if (done === undefined) throw error
  }
  if (done === undefined) throw new TypeError('A transaction has ended without its callback')
  return done.result
}

function runningElsewhere(): TidemarkError {
  return new TidemarkError('sync_running', 'Cannot start a sync', {
    why: 'Another process is syncing this customer into the same database.',
    next: 'Wait for it to end, then sync again.',
    retryable: true,
  })
}
