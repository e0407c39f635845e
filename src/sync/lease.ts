/**
 * One program at a time syncs a customer into a database, whatever processes and machines there are: whoever has the lease.
 * It has to be renewed, so that one of a killed process is free soon; and every write renews it in its own transaction, so
 * that a program whose lease was taken meanwhile (it slept, it hung) can write no more.
 */
import { sql, type RawBuilder } from 'kysely'
import { TidemarkError } from '../errors.ts'
import type { TidemarkDatabase } from '../model/schema.ts'
import type { QueryContext } from '../repositories/context.ts'
import { databaseNow } from '../storage/database-clock.ts'
import { kyselyFor } from '../storage/kysely.ts'
import type { Transaction } from '../storage/storage.ts'

/** Without a sign of life for so long, anybody may take it. */
export const leaseMs = 25_000
export const heartbeatMs = 5_000

export interface Lease {
  /** Names the run for which it is held; once it has an id. */
  assign(tx: Transaction, runId: number): Promise<void>
  /** @throws TidemarkError `sync_running` when somebody else has taken it */
  renew(tx: Transaction): Promise<void>
  /** Lets the next one in at once. Nothing happens when it was lost. */
  release(): Promise<void>
}

/** Who has it, and how far the run is for which it is held. */
export interface LeaseHolder {
  readonly holder: string
  readonly runId: number | null
  readonly acquiredAt: string
  readonly heartbeatAt: string
  readonly done: number
  readonly expected: number
}

const name = 'sync'

/**
 * Whether the lease that ends then is still held. None ends so late as when the clock has been set back since it was taken: a
 * program that lives renews it by the new one.
 *
 * @param expiresAt a column
 */
export function isHeld({ storage: { dialect }, now }: Pick<QueryContext, 'storage' | 'now'>, expiresAt: string): RawBuilder<boolean> {
  // Twice, since the clocks of machines differ.
  const at = (plusMs: number): RawBuilder<string> => databaseNow(dialect, now(), plusMs)
  return sql<boolean>`(${sql.ref(expiresAt)} > ${at(0)} and ${sql.ref(expiresAt)} <= ${at(2 * leaseMs)})`
}

/**
 * @param holder how the program is called where others see it
 * @throws TidemarkError `sync_running`, telling who has it, since when, and how far that is
 */
export async function takeLease(context: QueryContext, holder: string): Promise<Lease> {
  const { storage, customerId, db } = context
  const owner = crypto.randomUUID()
  const at = (plusMs = 0) => databaseNow(storage.dialect, context.now(), plusMs)
  const times = () => ({ heartbeat_at: at(), expires_at: at(leaseMs) })

  const taken = await db
    .insertInto('leases')
    .values({ customer_id: customerId, name, owner, holder, acquired_at: at(), ...times() })
    .onConflict((conflict) =>
      conflict
        .columns(['customer_id', 'name'])
        .doUpdateSet({ owner, holder, run_id: null, acquired_at: at(), ...times() })
        .where(({ not }) => not(isHeld(context, 'leases.expires_at'))),
    )
    .executeTakeFirst()
  if (taken.numInsertedOrUpdatedRows !== 1n) throw alreadyRunning(await readLeaseHolder(context))

  const own = (tx: Transaction) => kyselyFor<TidemarkDatabase>(tx, tx.dialect).updateTable('leases').where('customer_id', '=', customerId).where('name', '=', name).where('owner', '=', owner)
  const must = async (update: Promise<{ readonly numUpdatedRows: bigint }>): Promise<void> => {
    if ((await update).numUpdatedRows !== 1n) throw lost()
  }
  return {
    assign: (tx, runId) => must(own(tx).set({ run_id: runId, ...times() }).executeTakeFirst()),
    renew: (tx) => must(own(tx).set(times()).executeTakeFirst()),
    async release() {
      await db.deleteFrom('leases').where('customer_id', '=', customerId).where('name', '=', name).where('owner', '=', owner).execute()
    },
  }
}

/** Undefined when nobody has it. */
export async function readLeaseHolder({ db, customerId, storage, now }: QueryContext): Promise<LeaseHolder | undefined> {
  const row = await db
    .selectFrom('leases as l')
    .leftJoin('sync_runs as r', (join) => join.onRef('r.customer_id', '=', 'l.customer_id').onRef('r.id', '=', 'l.run_id'))
    .select(['l.holder', 'l.run_id', 'l.acquired_at', 'l.heartbeat_at', 'r.done_count', 'r.expected_count'])
    .where('l.customer_id', '=', customerId)
    .where('l.name', '=', name)
    .where(isHeld({ storage, now }, 'l.expires_at'))
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    holder: row.holder,
    runId: row.run_id,
    acquiredAt: row.acquired_at,
    heartbeatAt: row.heartbeat_at,
    done: row.done_count ?? 0,
    expected: row.expected_count ?? 0,
  }
}

function alreadyRunning(holder: LeaseHolder | undefined): TidemarkError {
  const who = holder === undefined ? 'Another sync of this customer' : `Another sync of this customer (${holder.runId === null ? 'just begun' : `run ${holder.runId}`}, by ${holder.holder})`
  const far = holder === undefined || holder.expected === 0 ? '' : ` and has done ${holder.done} of about ${holder.expected} parts`
  return new TidemarkError('sync_running', 'Cannot start a sync', {
    why: `${who} has been running${holder === undefined ? '' : ` since ${holder.acquiredAt}`}${far}.`,
    next: 'Wait for it to end, then sync again. If its program was killed, it lets go within half a minute.',
    retryable: true,
    details: { ...holder },
  })
}

function lost(): TidemarkError {
  return new TidemarkError('sync_running', 'Cannot go on with this sync', {
    why: 'It gave no sign of life for too long, and another sync of this customer has taken over.',
    next: 'Leave it to that one; what was written so far is kept.',
    retryable: true,
  })
}
