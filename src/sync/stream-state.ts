/** How far each stream can be trusted: what is known of it before a run, and what a step of a run adds to that. */
import { sql } from 'kysely'
import type { RowOf } from '../model/schema.ts'
import type { QueryContext } from '../repositories/context.ts'
import { doublingPauseMs } from '../time/doubling-pause.ts'
import type { SyncStream } from './types.ts'
import type { WriteTarget } from './write-target.ts'

export type StreamState = RowOf<'sync_streams'>
export type StreamStates = ReadonlyMap<string, StreamState>

/** What a step found out about its stream. Where a step fails, nothing of it counts. */
export interface Reading {
  /** All that can have changed was read: the stream is as of the beginning of the step. */
  readonly fresh: boolean
  /** Only from this moment on; null for all of it. */
  readonly completeFrom?: string | null | undefined
  /** Everything that is there is stored, whether or not all of it was read again. */
  readonly proven: boolean
  /** It was read from end to end. */
  readonly full: boolean
}

/** What a step read that reads all there is in one go. */
export const readInFull: Reading = { fresh: true, proven: true, full: true }

export async function readStreamStates({ db, customerId }: QueryContext): Promise<StreamStates> {
  const rows = await db.selectFrom('sync_streams').selectAll().where('customer_id', '=', customerId).execute()
  return new Map(rows.map((row) => [streamKey(row.product_id, row.stream), row]))
}

export function stateOf(states: StreamStates, productId: number | null, stream: SyncStream): StreamState | undefined {
  return states.get(streamKey(productId, stream))
}

/** A stamp is the moment the reading began: what changed upstream while it went on is not claimed to be known. */
export async function stampReading(
  { db, customerId }: WriteTarget, productId: number | null, stream: SyncStream, startedAt: string, reading: Reading,
): Promise<void> {
  const known = {
    ...(reading.fresh ? { last_success_at: startedAt, complete_from: reading.completeFrom ?? null } : {}),
    ...(reading.proven ? { proven_at: startedAt } : {}),
    ...(reading.full ? { full_read_at: startedAt } : {}),
  }
  const stamp = { last_attempt_at: startedAt, last_error_code: null, last_error_at: null, failures: 0, next_attempt_at: null, ...known }
  await db
    .insertInto('sync_streams')
    .values({ customer_id: customerId, product_id: productId ?? 0, stream, ...stamp })
    .onConflict((conflict) => conflict.columns(['customer_id', 'product_id', 'stream']).doUpdateSet(stamp))
    .execute()
}

/** What it was good for before, it still is. */
export async function stampFailure(
  { db, customerId, now }: WriteTarget, productId: number | null, stream: SyncStream, startedAt: string, errorCode: string,
): Promise<void> {
  const nextAfter = (failures: number): string => new Date(Date.parse(now) + doublingPauseMs(failures, pause)).toISOString()
  const stamp = { last_attempt_at: startedAt, last_error_code: errorCode, last_error_at: startedAt }
  const before = await db
    .selectFrom('sync_streams')
    .select('failures')
    .where('customer_id', '=', customerId)
    .where('product_id', '=', productId ?? 0)
    .where('stream', '=', stream)
    .executeTakeFirst()
  const failures = (before?.failures ?? 0) + 1
  await db
    .insertInto('sync_streams')
    .values({ customer_id: customerId, product_id: productId ?? 0, stream, ...stamp, failures, next_attempt_at: nextAfter(failures) })
    .onConflict((conflict) =>
      conflict.columns(['customer_id', 'product_id', 'stream']).doUpdateSet({ ...stamp, failures, next_attempt_at: nextAfter(failures) }))
    .execute()
}

/** What is gone upstream has no streams: should it come back, it is read from the beginning. */
export async function forgetStreams({ db, customerId }: WriteTarget, productIds: readonly number[]): Promise<void> {
  for (const table of ['sync_streams', 'quarantine'] as const) {
    await sql`delete from ${sql.table(table)} where customer_id = ${customerId} and product_id in (${sql.join(productIds)})`.execute(db)
  }
}

const pause = { firstMs: 60_000, longestMs: 6 * 3_600_000 }

/** Milliseconds since 1970 before which it is not tried again by itself; 0 for none. None is later than the longest pause, unless the clock has been set back. */
export function pausedUntilMs(state: StreamState | undefined, now: number): number {
  const until = instantMs(state?.next_attempt_at)
  return until > now + pause.longestMs ? 0 : until
}

/** Milliseconds since 1970; 0 for none. */
export function instantMs(instant: string | null | undefined): number {
  return instant === null || instant === undefined ? 0 : Date.parse(instant)
}

function streamKey(productId: number | null, stream: string): string {
  return `${productId ?? 0} ${stream}`
}
