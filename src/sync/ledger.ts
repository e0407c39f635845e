/** The ledger of syncs: one row a run, one a step. A run that ends without saying so is closed as interrupted by others. */
import { sql } from 'kysely'
import type { QueryContext } from '../repositories/context.ts'
import type { GroupWriter } from './group-writer.ts'
import { isHeld, type Lease } from './lease.ts'
import type { WriteCounts } from './record-writer.ts'
import type { ResolvedSyncOptions, SyncOutcome, SyncStep } from './types.ts'
import type { WriteTarget } from './write-target.ts'

export interface RunProgress extends WriteCounts {
  readonly done: number
  readonly expected: number
  readonly requests: number
  readonly quarantined: number
}

export interface Ledger {
  readonly runId: number
  step(step: SyncStep, startedAt: string): Promise<void>
  /** Also keeps the lease. */
  progress(progress: RunProgress): Promise<void>
  finish(progress: RunProgress, outcome: SyncOutcome, errorCode: string | null): Promise<void>
}

/** Opens a run under the lease: ids are 1, 2, 3, … per customer. Whatever run is still open is an orphan. */
export async function openLedger(
  { customerId }: QueryContext, books: GroupWriter, lease: Lease, options: ResolvedSyncOptions, holder: string,
): Promise<Ledger> {
  const runId = await books.write(async (target) => {
    const { db } = target
    await db.updateTable('sync_runs').set(interrupted).where('customer_id', '=', customerId).where('finished_at', 'is', null).execute()
    const last = await db
      .selectFrom('sync_runs')
      .select((eb) => eb.fn.max<number | null>('id').as('id'))
      .where('customer_id', '=', customerId)
      .executeTakeFirst()
    const id = (last?.id ?? 0) + 1
    const { mode, products = null, since } = options
    await db
      .insertInto('sync_runs')
      .values({ customer_id: customerId, id, mode, product_ids: products, since, holder, started_at: target.now, heartbeat_at: target.now })
      .execute()
    await lease.assign(target.tx, id)
    return id
  })

  const update = (target: WriteTarget, progress: RunProgress, end: { readonly finished_at?: string; readonly outcome?: SyncOutcome; readonly error_code?: string | null }) =>
    target.db
      .updateTable('sync_runs')
      .set({
        heartbeat_at: target.now,
        done_count: progress.done,
        expected_count: progress.expected,
        request_count: progress.requests,
        new_count: progress.new,
        changed_count: progress.changed,
        unchanged_count: progress.unchanged,
        deleted_count: progress.deleted,
        quarantined_count: progress.quarantined,
        ...end,
      })
      .where('customer_id', '=', customerId)
      .where('id', '=', runId)
      .where('finished_at', 'is', null)
      .execute()

  return {
    runId,
    step: (step, startedAt) =>
      books.write(async ({ db, now }) => {
        await db
          .insertInto('sync_run_steps')
          .values({
            customer_id: customerId,
            run_id: runId,
            product_id: step.productId ?? 0,
            stream: step.stream,
            outcome: step.outcome,
            started_at: startedAt,
            finished_at: now,
            new_count: step.new,
            changed_count: step.changed,
            unchanged_count: step.unchanged,
            deleted_count: step.deleted,
            quarantined_count: step.quarantined,
            request_count: step.requests,
            error_code: step.error?.code ?? null,
            error_message: step.error?.message ?? null,
          })
          .execute()
      }),
    progress: (progress) => books.write(async (target) => void (await update(target, progress, {}))),
    finish: (progress, outcome, errorCode) =>
      books.write(async (target) => void (await update(target, progress, { finished_at: target.now, outcome, error_code: errorCode }))),
  }
}

/** Closes the runs that nobody works on any more; none when all is well, and then nothing is written. */
export async function closeOrphans(context: QueryContext): Promise<void> {
  const { db, customerId } = context
  const orphan = sql<boolean>`finished_at is null and not exists (
    select 1 from leases as l where l.customer_id = sync_runs.customer_id and l.run_id = sync_runs.id and ${isHeld(context, 'l.expires_at')})`
  const found = await db.selectFrom('sync_runs').select('id').where('customer_id', '=', customerId).where(orphan).execute()
  if (found.length === 0) return
  await db.updateTable('sync_runs').set(interrupted).where('customer_id', '=', customerId).where(orphan).execute()
}

/** Its last sign of life is the best that is known of its end. */
const interrupted = { outcome: 'interrupted' as const, finished_at: sql<string>`coalesce(heartbeat_at, started_at)` }
