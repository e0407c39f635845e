/**
 * The bugs of a product, in batches of tests: of every test that is not final, and once more of one that turned final since
 * its bugs were read. Where the API cannot give a batch, its tests are asked for alone, so that one bug keeps back no more
 * than those of its test.
 */
import { sql } from 'kysely'
import pLimit from 'p-limit'
import { isTidemarkError, type TidemarkError } from '../errors.ts'
import { finalStatuses, isFinalStatus } from '../model/test-status.ts'
import { MAX_TESTS_PER_BUG_READ } from '../testio/client.ts'
import { readBugBatch, type BugOwner, type DueTest } from './bug-batch.ts'
import { isAboutTheRecord } from './gone.ts'
import { updateQuarantine, type Unreadable } from './quarantine.ts'
import type { StepReport, SyncRun } from './run.ts'
import type { Reading } from './stream-state.ts'
import type { TestsRead } from './test-stream.ts'
import { readsEverything } from './types.ts'

/** Batches of one product at once; the client bounds the requests over all products. */
const batchesAtOnce = 4
/** Failures in succession that are no broken bugs but an API that is down. */
const outageAfter = 3
/** Tests asked for alone, in one run and product. */
const mostAlone = 60

export async function readBugs(run: SyncRun, owner: BugOwner, tests: TestsRead, report: StepReport): Promise<Reading> {
  const { options } = run
  const stored = await testsWithDueBugs(run, owner.productId)
  const due = options.dryRun ? withUnwritten(stored, tests, await settledTests(run, owner.productId)) : stored
  const wanted = options.mode === 'incremental' ? due.filter((test) => !test.isRead || tests.touched.has(test.id)) : due
  const batches = Array.from({ length: Math.ceil(wanted.length / MAX_TESTS_PER_BUG_READ) }, (_, index) =>
    wanted.slice(index * MAX_TESTS_PER_BUG_READ, (index + 1) * MAX_TESTS_PER_BUG_READ))
  report.ahead(batches.length)

  const reader = new BatchReader(run, owner, report)
  const limit = pLimit(batchesAtOnce)
  await Promise.all(batches.map((batch) => limit(() => reader.read(batch))))

  report.unreadable(reader.unreadable)
  const isAll = wanted.length === due.length && !reader.hasFailed
  if (!options.dryRun && !run.stopped()) {
    // A bug does not say whose it is when it cannot be read: only where all that is due was read, others are settled.
    await run.write((target) => updateQuarantine(target, owner.productId, 'bugs', reader.unreadable, () => isAll && options.since === null))
  }
  return {
    fresh: isAll && tests.reading.fresh,
    completeFrom: options.since,
    proven: isAll && tests.reading.proven,
    full: isAll && tests.reading.full && readsEverything(options.mode),
  }
}

class BatchReader {
  readonly unreadable: Unreadable[] = []
  hasFailed = false
  readonly #run: SyncRun
  readonly #owner: BugOwner
  readonly #report: StepReport
  #failures = 0
  #alone = 0

  constructor(run: SyncRun, owner: BugOwner, report: StepReport) {
    this.#run = run
    this.#owner = owner
    this.#report = report
  }

  async read(batch: readonly DueTest[]): Promise<void> {
    if (this.#run.stopped() || this.#failures >= outageAfter) {
      this.hasFailed = true
      return
    }
    try {
      this.unreadable.push(...(await readBugBatch(this.#run, this.#owner, batch, this.#report)).unreadable)
      this.#failures = 0
    } catch (error) {
      if (!isTidemarkError(error) || error.code === 'sync_running') throw error
      await this.#cope(batch, error)
    }
  }

  async #cope(batch: readonly DueTest[], error: TidemarkError): Promise<void> {
    this.#failures += 1
    const [test] = batch
    if (!isAboutTheRecord(error) || this.#failures >= outageAfter) return this.#fail(error)
    if (batch.length === 1 && test !== undefined) {
      this.unreadable.push({ key: `test:${test.id}`, entityId: null, code: error.code, reason: `Its bugs cannot be read. ${error.why}` })
      return
    }
    if (this.#alone + batch.length > mostAlone) return this.#fail(error)
    this.#alone += batch.length
    for (const each of batch) await this.read([each])
  }

  #fail(error: TidemarkError): void {
    this.hasFailed = true
    this.#report.failed(error)
  }
}

interface CandidateTest extends DueTest {
  readonly isRead: boolean
}

/** What a dry run found and did not write. */
function withUnwritten(stored: readonly CandidateTest[], { touched, gone }: TestsRead, settled: ReadonlySet<number>): readonly CandidateTest[] {
  const unwritten = [...touched].flatMap(([id, status]) => (isFinalStatus(status) && settled.has(id) ? [] : [{ id, status, isRead: false }]))
  return [...stored.filter((test) => !touched.has(test.id) && !gone.includes(test.id)), ...unwritten]
}

/** Those whose bugs are final once they are final themselves; none where all bugs are read again. */
async function settledTests({ context, options }: SyncRun, productId: number): Promise<ReadonlySet<number>> {
  if (readsEverything(options.mode)) return new Set()
  const rows = await context.db
    .selectFrom('tests')
    .select('id')
    .where('customer_id', '=', context.customerId)
    .where('product_id', '=', productId)
    .where('deleted_at', 'is', null)
    .where('bugs_read_status', 'in', finalStatuses)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Newest first, and before them those without an end. */
async function testsWithDueBugs({ context, options }: SyncRun, productId: number): Promise<readonly CandidateTest[]> {
  const final = sql.join(finalStatuses)
  const isSettled = sql`(status in (${final}) and coalesce(bugs_read_status, '') in (${final}))`
  const { rows } = await sql<DueTest & { readonly bugs_read_at: string | null }>`
    select id, status, bugs_read_at from tests
    where customer_id = ${context.customerId} and product_id = ${productId} and deleted_at is null
      ${readsEverything(options.mode) ? sql`` : sql`and not ${isSettled}`}
      ${options.since === null ? sql`` : sql`and (end_at is null or end_at >= ${options.since})`}
    order by end_at is null desc, end_at desc, id`.execute(context.db)
  return rows.map(({ id, status, bugs_read_at }) => ({ id, status, isRead: bugs_read_at !== null }))
}
