/**
 * Records that the API does not give, or in a form that cannot be read. Each stands here once, with how often it was tried
 * and when it is looked for again; what becomes readable leaves by itself. Nothing of the record's text is kept.
 */
import { sql } from 'kysely'
import type { TidemarkErrorCode } from '../errors.ts'
import type { RowOf } from '../model/schema.ts'
import type { QueryContext } from '../repositories/context.ts'
import { doublingPauseMs } from '../time/doubling-pause.ts'
import { bulkWrite } from './bulk-write.ts'
import type { SyncStream } from './types.ts'
import type { WriteTarget } from './write-target.ts'

/** A record that was tried in vain. */
export interface Unreadable {
  /** The same for the same record in every run: `id:7`, `after:6` (the one behind 6), `first`, `test:5` (the bugs of 5). */
  readonly key: string
  readonly entityId: number | null
  readonly code: TidemarkErrorCode
  /** In our words. */
  readonly reason: string
}

/** A record that could not be read, and when it is tried again. */
export interface QuarantineEntry extends Omit<Unreadable, 'code'> {
  readonly code: string
  /** Null for streams of the account as a whole. */
  readonly productId: number | null
  readonly stream: SyncStream
  readonly attempts: number
  readonly firstSeenAt: string
  readonly lastAttemptAt: string
  readonly nextRetryAt: string
}

export async function readQuarantine({ db, customerId }: QueryContext, productIds?: readonly number[]): Promise<readonly QuarantineEntry[]> {
  let rows = db.selectFrom('quarantine').selectAll().where('customer_id', '=', customerId)
  if (productIds !== undefined) rows = rows.where('product_id', 'in', productIds)
  return (await rows.orderBy('product_id').orderBy('stream').orderBy('key').execute()).map(toEntry)
}

/**
 * What a reading found is written down; what it settled (read, or seen to be gone) leaves.
 *
 * @param isSettled asked of what stands there and was not found again
 */
export async function updateQuarantine(
  target: WriteTarget, productId: number | null, stream: SyncStream, found: readonly Unreadable[], isSettled: (entry: QuarantineEntry) => boolean,
): Promise<void> {
  const { db, tx, customerId, now } = target
  const product = productId ?? 0
  const stored = await db
    .selectFrom('quarantine')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('product_id', '=', product)
    .where('stream', '=', stream)
    .execute()
  const storedByKey = new Map(stored.map((row) => [row.key, row]))
  const foundByKey = new Map(found.map((unreadable) => [unreadable.key, unreadable]))
  const settled = stored.filter((row) => !foundByKey.has(row.key) && isSettled(toEntry(row))).map((row) => row.key)
  if (settled.length > 0) {
    await sql`
      delete from quarantine
      where customer_id = ${customerId} and product_id = ${product} and stream = ${stream} and key in (${sql.join(settled)})`.execute(db)
  }
  const rows = [...foundByKey.values()].map(({ key, entityId, code, reason }) => {
    const before = storedByKey.get(key)
    const attempts = (before?.attempts ?? 0) + 1
    return {
      customer_id: customerId, product_id: product, stream, key, entity_id: entityId, error_code: code, reason, attempts,
      first_seen_at: before?.first_seen_at ?? now, last_attempt_at: now, next_retry_at: new Date(Date.parse(now) + doublingPauseMs(attempts, pause)).toISOString(),
    }
  })
  await bulkWrite(tx, 'quarantine', rows, { onConflict: 'update', keys: ['customer_id', 'product_id', 'stream', 'key'] })
}

/**
 * Forgets entries. Of their streams nothing is claimed any more, neither an age nor that they are complete, until a sync has
 * read them again and found what still cannot be read.
 */
export async function clearQuarantine({ db, customerId }: WriteTarget, productIds?: readonly number[]): Promise<number> {
  const scope = productIds === undefined ? sql`true` : sql`product_id in (${sql.join(productIds)})`
  await sql`
    update sync_streams set proven_at = null, last_success_at = null, last_error_code = 'api_malformed', last_error_at = coalesce(last_attempt_at, last_success_at)
    where customer_id = ${customerId} and exists (
      select 1 from quarantine as q
      where q.customer_id = sync_streams.customer_id and q.product_id = sync_streams.product_id and q.stream = sync_streams.stream)
      and ${scope}`.execute(db)
  const { numAffectedRows = 0n } = await sql`delete from quarantine where customer_id = ${customerId} and ${scope}`.execute(db)
  return Number(numAffectedRows)
}

const pause = { firstMs: 5 * 60_000, longestMs: 24 * 3_600_000 }

function toEntry(row: RowOf<'quarantine'>): QuarantineEntry {
  return {
    productId: row.product_id === 0 ? null : row.product_id,
    stream: row.stream,
    key: row.key,
    entityId: row.entity_id,
    code: row.error_code,
    reason: row.reason,
    attempts: row.attempts,
    firstSeenAt: row.first_seen_at,
    lastAttemptAt: row.last_attempt_at,
    nextRetryAt: row.next_retry_at,
  }
}
