/** What became of syncs, and how far each stream can be trusted. Runs that nobody works on any more are closed on the way. */
import { sql } from 'kysely'
import { isTidemarkError, TidemarkError } from '../errors.ts'
import type { RowOf } from '../model/schema.ts'
import type { QueryContext } from '../repositories/context.ts'
import { fromOneState } from '../repositories/one-state.ts'
import { readLeaseHolder, type LeaseHolder } from './lease.ts'
import { closeOrphans } from './ledger.ts'
import type { SyncOutcome, SyncStep, SyncStream } from './types.ts'

/** What became of one sync. */
export interface SyncRunReport {
  readonly runId: number
  readonly mode: string
  /** Null while it runs. */
  readonly outcome: SyncOutcome | null
  /** The products that were asked for; null for all. */
  readonly products: readonly number[] | null
  readonly since: string | null
  /** The program that ran it. */
  readonly holder: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
  /** When it last said how far it is. */
  readonly heartbeatAt: string | null
  /** Parts that are done, of about so many. */
  readonly done: number
  readonly expected: number
  readonly requests: number
  readonly new: number
  readonly changed: number
  readonly unchanged: number
  readonly deleted: number
  readonly quarantined: number
  readonly errorCode: string | null
  /** The parts that have ended. Only where one run was asked for. */
  readonly steps?: readonly SyncStep[] | undefined
}

/** How far one stream of one product can be trusted. */
export interface StreamReport {
  /** Null for streams of the account as a whole. */
  readonly productId: number | null
  readonly stream: SyncStream
  /** The stream is as of this moment; null when it was never read completely. */
  readonly lastSuccessAt: string | null
  /** It was read completely only from this moment on; null for all of it. */
  readonly completeFrom: string | null
  /** Everything that was there at this moment is stored; null when it was never read to its end. */
  readonly provenAt: string | null
  /** When it was last read from end to end: until then also deletions and changes of final tests are known. */
  readonly fullReadAt: string | null
  readonly lastAttemptAt: string | null
  readonly lastErrorCode: string | null
  readonly failures: number
  /** Not tried by itself before. */
  readonly nextAttemptAt: string | null
  /** Records in quarantine. */
  readonly quarantined: number
}

/** What a sync is doing or has done, and how far the copy can be trusted. */
export interface SyncStatus {
  /** The sync that is going on, in this program or in another one. */
  readonly running: LeaseHolder | null
  /** Newest first; the one that was asked for, or the last ten. */
  readonly runs: readonly SyncRunReport[]
  readonly streams: readonly StreamReport[]
}

const lastRuns = 10

/** @throws TidemarkError `not_found` for a run that never was */
export async function readSyncStatus(context: QueryContext, runId?: number): Promise<SyncStatus> {
  await closeOrphans(context).catch(unlessReadOnly)
  return fromOneState(context, (view) => readStatus(view, runId))
}

async function readStatus(context: QueryContext, runId: number | undefined): Promise<SyncStatus> {
  const { db, customerId } = context
  let runs = db.selectFrom('sync_runs').selectAll().where('customer_id', '=', customerId).orderBy('id', 'desc').limit(lastRuns)
  if (runId !== undefined) runs = runs.where('id', '=', runId)
  const rows = await runs.execute()
  if (runId !== undefined && rows.length === 0) throw unknownRun(runId)
  const running = (await readLeaseHolder(context)) ?? null
  return {
    running,
    runs: await Promise.all(rows.map(async (row) => ({
      ...toReport(row, running),
      ...(runId === undefined ? {} : { steps: await readSteps(context, runId) }),
    }))),
    streams: await readStreams(context),
  }
}

async function readSteps({ db, customerId }: QueryContext, runId: number): Promise<readonly SyncStep[]> {
  const rows = await db
    .selectFrom('sync_run_steps')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('run_id', '=', runId)
    .orderBy('started_at')
    .orderBy('product_id')
    .orderBy('stream')
    .execute()
  return rows.map((row) => ({
    productId: row.product_id === 0 ? null : row.product_id,
    // Written by this program, which knows no others.
    stream: row.stream as SyncStream,
    outcome: row.outcome,
    new: row.new_count,
    changed: row.changed_count,
    unchanged: row.unchanged_count,
    deleted: row.deleted_count,
    quarantined: row.quarantined_count,
    requests: row.request_count,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? '' },
  }))
}

/** Writes nothing, unlike the whole status. */
export async function readStreams({ db, customerId }: Pick<QueryContext, 'db' | 'customerId'>): Promise<readonly StreamReport[]> {
  const { rows } = await sql<RowOf<'sync_streams'> & { readonly quarantined: number }>`
    select s.*, (
      select count(*) from quarantine as q
      where q.customer_id = s.customer_id and q.product_id = s.product_id and q.stream = s.stream) as quarantined
    from sync_streams as s where s.customer_id = ${customerId} order by s.product_id, s.stream`.execute(db)
  return rows.map((row) => ({
    productId: row.product_id === 0 ? null : row.product_id,
    stream: row.stream,
    lastSuccessAt: row.last_success_at,
    completeFrom: row.complete_from,
    provenAt: row.proven_at,
    fullReadAt: row.full_read_at,
    lastAttemptAt: row.last_attempt_at,
    lastErrorCode: row.last_error_code,
    failures: row.failures,
    nextAttemptAt: row.next_attempt_at,
    quarantined: row.quarantined,
  }))
}

/** A run that could not be closed here is over all the same, unless it holds the lease. */
function toReport(row: RowOf<'sync_runs'>, running: LeaseHolder | null): SyncRunReport {
  return {
    runId: row.id,
    mode: row.mode,
    outcome: row.outcome ?? (running?.runId === row.id ? null : 'interrupted'),
    products: row.product_ids,
    since: row.since,
    holder: row.holder,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    heartbeatAt: row.heartbeat_at,
    done: row.done_count,
    expected: row.expected_count,
    requests: row.request_count,
    new: row.new_count,
    changed: row.changed_count,
    unchanged: row.unchanged_count,
    deleted: row.deleted_count,
    quarantined: row.quarantined_count,
    errorCode: row.error_code,
  }
}

function unlessReadOnly(error: unknown): void {
  if (!isTidemarkError(error, 'storage_unavailable') && !isTidemarkError(error, 'statement_failed')) throw error
}

function unknownRun(id: number): TidemarkError {
  return new TidemarkError('not_found', `Cannot tell what became of run ${id}`, {
    why: 'No sync of this customer has this number.',
    next: 'Ask for the last runs, without a number.',
  })
}
