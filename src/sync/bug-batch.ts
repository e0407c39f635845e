/** One batch of tests whose bugs are read: the answer is written, what is missing from it is gone, and the tests are marked as read. */
import { sql } from 'kysely'
import { TidemarkError } from '../errors.ts'
import type { RejectReason } from '../model/rejection-reason.ts'
import { idList } from '../storage/id-list.ts'
import { isReadable } from './gone.ts'
import type { Unreadable } from './quarantine.ts'
import { writeRecords } from './record-writer.ts'
import { bugRecord, bugWriter } from './rows/bug-rows.ts'
import type { RunCore, StepReport } from './run.ts'
import { buryBugs } from './tombstones.ts'
import { malformedRecords, mayHaveLost } from './unreadable-records.ts'
import type { WriteTarget } from './write-target.ts'

/** A test whose bugs are to be read, with its status as it was last seen. */
export interface DueTest {
  readonly id: number
  readonly status: string
}

export interface BugOwner {
  readonly productId: number
  readonly rejectReasons: readonly RejectReason[]
}

export interface BatchRead {
  /** The records that could not be read; with any, no test of the batch counts as read, since it may be theirs. */
  readonly unreadable: readonly Unreadable[]
  /** All bugs of these tests are known. */
  readonly isComplete: boolean
}

/** @throws TidemarkError of the API */
export async function readBugBatch(run: RunCore, owner: BugOwner, batch: readonly DueTest[], report: StepReport): Promise<BatchRead> {
  const { client, context, options, write } = run
  const { dryRun } = options
  const startedAt = new Date(context.now()).toISOString()
  const list = await client.bugsOfTests(batch.map((test) => test.id), report.reading)
  const asked = new Set(batch.map((test) => test.id))
  const bugs = list.records.flatMap((bug) => {
    const testId = bug.test?.id ?? null
    return testId !== null && asked.has(testId) ? [{ bug, testId }] : []
  })
  const strangers = list.records.filter((bug) => !asked.has(bug.test?.id ?? 0))
  const unreadable = [
    ...malformedRecords(list.malformed, `${batch[0]?.id}:`),
    ...strangers.map(({ id }) => ({ key: `id:${id}`, entityId: id, code: 'api_malformed' as const, reason: 'It does not say that it belongs to a test that was asked for.' })),
  ]
  // A refused product looks as if it had none, whatever it has.
  if (bugs.length === 0 && !(await isReadable(run, owner.productId, report))) return { unreadable, isComplete: false }
  const isComplete = list.complete && unreadable.length === 0
  if (!list.complete) report.failed(notAllBugs(owner.productId))

  const counts = await write(async (target) => {
    const snapshotIds = await storedSnapshots(target, [...asked])
    const records = bugs.map(({ bug, testId }) => bugRecord({ ...owner, customerId: target.customerId, testId, snapshotIds }, bug))
    const written = await writeRecords(target, bugWriter, records, dryRun)
    const missing = list.complete ? mayHaveLost(list, await otherBugs(target, [...asked], bugs.map(({ bug }) => bug.id))) : []
    if (dryRun) return { ...written.counts, deleted: missing.length }
    const deleted = missing.length === 0 ? 0 : await buryBugs(target, missing)
    if (written.touched.size > 0) target.meet('tester', bugs.map(({ bug }) => bug.author))
    if (written.touched.size + deleted > 0) target.recount(owner.productId)
    if (isComplete) await markBugsRead(target, batch, startedAt)
    return { ...written.counts, deleted }
  })
  report.wrote(counts)
  return { unreadable, isComplete }
}

async function storedSnapshots({ tx, db, customerId }: WriteTarget, testIds: readonly number[]): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ readonly id: number }>`
    select id from test_features where customer_id = ${customerId} and test_id in ${idList(tx.dialect, testIds)}`.execute(db)
  return new Set(rows.map((row) => row.id))
}

/** Those that are stored of these tests, and were not read: next to none, where all of them would be every bug that was just written. */
async function otherBugs({ tx, db, customerId }: WriteTarget, testIds: readonly number[], read: readonly number[]): Promise<readonly number[]> {
  const { rows } = await sql<{ readonly id: number }>`
    select id from bugs where customer_id = ${customerId} and test_id in ${idList(tx.dialect, testIds)} and deleted_at is null
      and id not in ${idList(tx.dialect, read)}`.execute(db)
  return rows.map((row) => row.id)
}

/**
 * The status is that of before the read, so a test that turns final meanwhile is read once more. What was read in this
 * status before is left as it is, so that a sync that finds nothing writes next to nothing.
 */
async function markBugsRead({ tx, db, customerId }: WriteTarget, tests: readonly DueTest[], readAt: string): Promise<void> {
  for (const status of new Set(tests.map((test) => test.status))) {
    const ids = tests.filter((test) => test.status === status).map((test) => test.id)
    await sql`
      update tests set bugs_read_at = ${readAt}, bugs_read_status = ${status}
      where customer_id = ${customerId} and id in ${idList(tx.dialect, ids)} and deleted_at is null and (bugs_read_at is null or bugs_read_status <> ${status})`.execute(db)
  }
}

function notAllBugs(productId: number): TidemarkError {
  return new TidemarkError('api_malformed', `Cannot read all bugs of product ${productId}`, {
    why: 'The API says that there are more bugs than it sent.',
    next: 'Sync again; what was read is kept.',
  })
}
