/** The ledger of syncs: one row a run, one a step, and per stream how fresh and how complete it is. */
import type { Kysely } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import type { QueryContext } from '../repositories/context.ts'
import { kyselyFor } from '../storage/kysely.ts'
import type { SyncMode, SyncOutcome, SyncStep } from './types.ts'

export interface Ledger {
  readonly runId: number
  /** Records what a step did and, in the same transaction, how far its stream can now be trusted. */
  step(step: SyncStep, times: { readonly startedAt: string; readonly finishedAt: string; readonly completeFrom: string | null }): Promise<void>
  finish(result: {
    readonly outcome: SyncOutcome
    readonly finishedAt: string
    readonly requests: number
    readonly new: number
    readonly changed: number
    readonly unchanged: number
    readonly errorCode: string | null
  }): Promise<void>
}

/** Opens a run: ids are 1, 2, 3, … per customer. */
export async function openLedger(context: QueryContext, mode: SyncMode, startedAt: string): Promise<Ledger> {
  const { customerId, storage } = context
  const runId = await storage.transaction(async (tx) => {
    const db = kyselyFor<TidemarkDatabase>(tx, tx.dialect)
    const last = await db
      .selectFrom('sync_runs')
      .select((eb) => eb.fn.max<number | null>('id').as('id'))
      .where('customer_id', '=', customerId)
      .executeTakeFirst()
    const id = (last?.id ?? 0) + 1
    await db.insertInto('sync_runs').values({ customer_id: customerId, id, mode, started_at: startedAt }).execute()
    return id
  })

  return {
    runId,

    async step(step, times) {
      await storage.transaction(async (tx) => {
        const db = kyselyFor<TidemarkDatabase>(tx, tx.dialect)
        await db
          .insertInto('sync_run_steps')
          .values({
            customer_id: customerId,
            run_id: runId,
            product_id: step.productId ?? 0,
            stream: step.stream,
            outcome: step.outcome,
            started_at: times.startedAt,
            finished_at: times.finishedAt,
            new_count: step.new,
            changed_count: step.changed,
            unchanged_count: step.unchanged,
            quarantined_count: step.quarantined,
            error_code: step.error?.code ?? null,
          })
          .execute()
        await stampStream(db, customerId, step, times)
      })
    },

    async finish(result) {
      await context.db
        .updateTable('sync_runs')
        .set({
          finished_at: result.finishedAt,
          outcome: result.outcome,
          request_count: result.requests,
          new_count: result.new,
          changed_count: result.changed,
          unchanged_count: result.unchanged,
          error_code: result.errorCode,
        })
        .where('customer_id', '=', customerId)
        .where('id', '=', runId)
        .execute()
    },
  }
}

/** A success stamps the moment the reading began: what changed upstream while it ran is not claimed to be known. */
async function stampStream(
  db: Kysely<TidemarkDatabase>,
  customerId: number,
  step: SyncStep,
  times: { readonly startedAt: string; readonly completeFrom: string | null },
): Promise<void> {
  if (step.outcome === 'cancelled') return
  const succeeded = step.outcome === 'success'
  const stamp = succeeded
    ? { last_success_at: times.startedAt, complete_from: times.completeFrom, last_error_code: null, last_error_at: null }
    : { last_error_code: step.error?.code ?? 'internal', last_error_at: times.startedAt }
  await db
    .insertInto('sync_streams')
    .values({ customer_id: customerId, product_id: step.productId ?? 0, stream: step.stream, last_attempt_at: times.startedAt, ...stamp })
    .onConflict((conflict) => conflict.columns(['customer_id', 'product_id', 'stream']).doUpdateSet({ last_attempt_at: times.startedAt, ...stamp }))
    .execute()
}
