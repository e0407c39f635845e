/**
 * How old the data behind an answer is: decided by the streams it was read from, never by the clock of the reader.
 * The list of products is always among them, since it decides what there is to read.
 */
import { sql, type RawBuilder } from 'kysely'
import type { SyncStream } from '../sync/types.ts'
import type { QueryContext } from './context.ts'

/** How old the data behind an answer is, and whether all of it is there. */
export interface Freshness {
  /** The oldest stamp of the data that was used, as an instant; null when any of it was never fetched. */
  readonly asOf: string | null
  readonly ageSeconds: number | null
  /** Older than the refresh interval, or never fetched. */
  readonly stale: boolean
  /** Some of it was never read completely, the last attempt failed, or the API keeps records back (see the quarantine). */
  readonly incomplete: boolean
}

export interface FreshnessScope {
  /** None: the list of products alone. */
  readonly streams: readonly Exclude<SyncStream, 'products' | 'reject_reasons'>[]
  /** A condition on `products.id`; left out: all products. */
  readonly products?: ((productId: RawBuilder<number>) => RawBuilder<boolean>) | undefined
}

export interface FreshnessRow {
  readonly scope_products: number
  readonly fresh_streams: number
  readonly oldest_success: string | null
  readonly stream_problems: number
}

/** What a statement that gives one row takes to tell how fresh its data is; read with `toFreshness`. */
export interface FreshnessParts {
  readonly columns: RawBuilder<FreshnessRow>
  /** A table of one row, for its `from`. */
  readonly source: RawBuilder<unknown>
}

/** The streams are read once. */
export function freshnessParts(context: QueryContext, scope: FreshnessScope): FreshnessParts {
  const streams = sql.join(['products', ...scope.streams])
  // The list of products is of the account, and in the scope of every answer.
  const isUsed = scope.products === undefined ? sql`stream in (${streams})` : sql`stream in (${streams}) and (stream = 'products' or ${scope.products(sql`product_id`)})`
  const used = sql`customer_id = ${context.customerId} and ${isUsed}`
  const ofScope = scope.products === undefined ? sql`` : sql`and ${scope.products(sql`id`)}`
  return {
    columns: sql<FreshnessRow>`
      (select count(*) from products where customer_id = ${context.customerId} and deleted_at is null ${ofScope}) as scope_products,
      streams.fresh_streams, streams.oldest_success, streams.problems + (select count(*) from quarantine where ${used}) as stream_problems`,
    source: sql`(
      select count(last_success_at) as fresh_streams, min(last_success_at) as oldest_success, count(last_error_code) + count(complete_from) as problems
      from sync_streams where ${used}) as streams`,
  }
}

export function toFreshness(context: QueryContext, scope: FreshnessScope, row: FreshnessRow): Freshness {
  const missing = row.fresh_streams < row.scope_products * scope.streams.length + 1
  return { ...aged(context, missing ? null : row.oldest_success), incomplete: missing || row.stream_problems > 0 }
}

function aged({ now, refreshSeconds }: QueryContext, asOf: string | null): Omit<Freshness, 'incomplete'> {
  const ageSeconds = asOf === null ? null : Math.max(0, Math.floor((now() - Date.parse(asOf)) / 1000))
  return { asOf, ageSeconds, stale: ageSeconds === null || ageSeconds > refreshSeconds }
}

/** That of a test, and of its bugs, which may have been read for themselves since the last sync. */
export function withRefresh(context: QueryContext, freshness: Freshness, refreshedAt: string | null): Freshness {
  if (refreshedAt === null || (freshness.asOf !== null && freshness.asOf >= refreshedAt)) return freshness
  return { ...aged(context, refreshedAt), incomplete: false }
}

/** The freshness alone, in a statement of its own; for summaries. */
export async function readFreshness(context: QueryContext, scope: FreshnessScope): Promise<Freshness> {
  const { columns, source } = freshnessParts(context, scope)
  const { rows } = await sql<FreshnessRow>`select ${columns} from ${source}`.execute(context.db)
  const row = rows[0]
  if (row === undefined) throw new TypeError('an aggregate gave no row')
  return toFreshness(context, scope, row)
}
