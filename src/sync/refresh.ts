/**
 * Reads the tests behind an answer again, with their bugs, where they have become too old: exactly these, within a budget,
 * and each once however many ask. What cannot be had in time stays as it is. While a sync goes on nothing is done, since
 * that brings them anyway; and what a sync has read since is never overwritten by something older.
 */
import { sql } from 'kysely'
import { isTidemarkError, TidemarkError } from '../errors.ts'
import { finalStatuses } from '../model/test-status.ts'
import type { QueryContext } from '../repositories/context.ts'
import { idList } from '../storage/id-list.ts'
import { MAX_TESTS_PER_BUG_READ, type TestioClient } from '../testio/client.ts'
import type { WireTest } from '../testio/wire/test.ts'
import { storedRejectReasons } from './account.ts'
import { readBugBatch } from './bug-batch.ts'
import { createGroupWriter } from './group-writer.ts'
import { isHeld, readLeaseHolder } from './lease.ts'
import type { RunCore, StepReport } from './run.ts'
import { writeTests } from './test-walk.ts'
import type { WriteTarget } from './write-target.ts'

export interface RefreshOptions {
  /** How old a test and its bugs may be. */
  readonly maxAgeSeconds: number
  /** How long the answer may wait for it, in milliseconds. */
  readonly budgetMs: number
}

export interface Refresher {
  /** True when something was read. Never throws for an API or a database that is not well. */
  refresh(testIds: readonly number[], options: RefreshOptions): Promise<boolean>
}

interface OldTest {
  readonly id: number
  readonly status: string
  readonly product_id: number
  readonly default_section_id: number | null
}

export function createRefresher(context: QueryContext, client: TestioClient): Refresher {
  const flights = new Map<number, Promise<void>>()

  async function takeOff(tests: readonly OldTest[], lastRun: number, budgetMs: number): Promise<void> {
    const fresh = tests.filter((test) => !flights.has(test.id))
    const flight = readAgain(context, client, { tests: fresh, lastRun, budgetMs }).catch(unlessUnwell)
    for (const { id } of fresh) flights.set(id, flight)
    try {
      await Promise.all(new Set(tests.flatMap((test) => flights.get(test.id) ?? [])))
    } finally {
      for (const { id } of fresh) flights.delete(id)
    }
  }

  return {
    async refresh(testIds, { maxAgeSeconds, budgetMs }) {
      if (testIds.length === 0) return false
      try {
        const old = await findOld(context, testIds, maxAgeSeconds)
        if (old.length === 0) return false
        const lastRun = await readLastRun(context)
        if ((await readLeaseHolder(context)) !== undefined) return false
        await takeOff(old, lastRun, budgetMs)
        return true
      } catch (error) {
        unlessUnwell(error)
        return false
      }
    },
  }
}

/** Tests that can still change and were last read too long ago, alone or in a sync. */
async function findOld({ db, customerId, storage, now }: QueryContext, testIds: readonly number[], maxAgeSeconds: number): Promise<readonly OldTest[]> {
  const final = sql.join(finalStatuses)
  const since = new Date(now() - maxAgeSeconds * 1000).toISOString()
  const { rows } = await sql<OldTest>`
    select t.id, t.status, t.product_id, p.default_section_id
    from tests as t join products as p on p.customer_id = t.customer_id and p.id = t.product_id
    where t.customer_id = ${customerId} and t.id in ${idList(storage.dialect, testIds)} and t.deleted_at is null
      and not (t.status in (${final}) and coalesce(t.bugs_read_status, '') in (${final}))
      and (t.refreshed_at is null or t.refreshed_at < ${since})
      and (select count(*) from sync_streams as s
        where s.customer_id = t.customer_id and s.product_id = t.product_id and s.stream in ('tests', 'bugs') and s.last_success_at >= ${since}) < 2
    order by t.product_id, t.id`.execute(db)
  return rows
}

async function readLastRun({ db, customerId }: QueryContext): Promise<number> {
  const row = await db.selectFrom('sync_runs').select((eb) => eb.fn.max<number | null>('id').as('id')).where('customer_id', '=', customerId).executeTakeFirst()
  return row?.id ?? 0
}

async function readAgain(
  context: QueryContext, client: TestioClient, { tests, lastRun, budgetMs }: { readonly tests: readonly OldTest[]; readonly lastRun: number; readonly budgetMs: number },
): Promise<void> {
  const startedAt = new Date(context.now()).toISOString()
  const rejectReasons = await storedRejectReasons(context)
  if (rejectReasons === undefined) return
  const { storage, customerId, now } = context
  const writer = createGroupWriter({ storage, customerId, now, guard: (target) => requireNoSync(target, context, lastRun) })
  const budget = new AbortController()
  const timer = setTimeout(() => budget.abort(), budgetMs)
  const report: StepReport = { reading: { signal: budget.signal, retries: 0 }, ahead: ignore, wrote: ignore, removed: ignore, unreadable: ignore, failed: ignore }
  const run: RunCore = { client, context, options: { dryRun: false }, write: writer.write }
  try {
    for (const productId of new Set(tests.map((test) => test.product_id))) {
      const ofProduct = tests.filter((test) => test.product_id === productId)
      for (let start = 0; start < ofProduct.length; start += MAX_TESTS_PER_BUG_READ) {
        const batch = ofProduct.slice(start, start + MAX_TESTS_PER_BUG_READ)
        const read = await readWhatCan(batch, (id) => client.test(id, report.reading))
        await writeTests(run, { id: productId, defaultSectionId: batch[0]?.default_section_id ?? null }, read)
        const { isComplete } = await readBugBatch(run, { productId, rejectReasons }, read.map((test) => ({ id: test.id, status: test.status ?? 'unknown' })), report)
        if (!isComplete) continue
        const ids = idList(storage.dialect, read.map((test) => test.id))
        await writer.write(({ db: tx }) => sql`
          update tests set refreshed_at = ${startedAt} where customer_id = ${customerId} and id in ${ids}`.execute(tx))
      }
    }
  } finally {
    clearTimeout(timer)
  }
}

/** What cannot be read is left as it is; what became of it is for a sync to find out. */
async function readWhatCan(tests: readonly OldTest[], read: (id: number) => Promise<WireTest>): Promise<readonly WireTest[]> {
  const ends = await Promise.allSettled(tests.map((test) => read(test.id)))
  for (const end of ends) if (end.status === 'rejected') unlessUnwell(end.reason)
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
}

/** A sync that began meanwhile has read, or will read, something newer. Runs are numbered, so that no clock decides. */
async function requireNoSync({ db, customerId }: WriteTarget, context: QueryContext, lastRun: number): Promise<void> {
  const { rows } = await sql<{ readonly syncs: number }>`
    select (select count(*) from leases where customer_id = ${customerId} and ${isHeld(context, 'expires_at')})
      + (select count(*) from sync_runs where customer_id = ${customerId} and id > ${lastRun}) as syncs`.execute(db)
  if (rows[0]?.syncs === 0) return
  throw new TidemarkError('sync_running', 'Cannot read these tests for themselves', { why: 'A sync is going on.', next: 'Leave it to that one.', retryable: true })
}

function ignore(): void {}

function unlessUnwell(error: unknown): void {
  if (!isTidemarkError(error)) throw error
}
