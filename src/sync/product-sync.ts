/** One product: its features, its tests window by window, then the bugs of every test whose bugs can still change. */
import { sql } from 'kysely'
import pLimit from 'p-limit'
import { isTidemarkError, TidemarkError } from '../errors.ts'
import { isFinalStatus } from '../model/test-status.ts'
import { idList } from '../storage/id-list.ts'
import { MAX_TESTS_PER_BUG_READ } from '../testio/client.ts'
import { sectionIdsToWalk } from '../testio/sections.ts'
import type { WireProduct } from '../testio/wire/product.ts'
import type { Account } from './account.ts'
import { refreshProductCounts } from './product-counts.ts'
import { writeRecords, type WriteTarget } from './record-writer.ts'
import { bugRecord, bugWriter } from './rows/bug-rows.ts'
import { featureRecord, featureWriter } from './rows/feature-rows.ts'
import { testRecord, testWriter } from './rows/test-rows.ts'
import { writeUsers } from './rows/user-rows.ts'
import type { StepReport, SyncRun } from './run.ts'

/** A test as listed in this run. */
interface ListedTest {
  readonly id: number
  readonly status: string
}

/** Requests for bugs of one product at once; the client bounds them over all products. */
const bugReadsAtOnce = 4

export async function syncProduct(run: SyncRun, account: Account, product: WireProduct): Promise<void> {
  const { since } = run.options
  await run.step('features', product.id, (report) => readFeatures(run, product, report))
  if (run.cancelled()) return

  const listed: ListedTest[] = []
  const tests = await run.step('tests', product.id, (report) => readTests(run, product, listed, report), since)
  if (run.cancelled()) return

  await run.step(
    'bugs',
    product.id,
    async (report) => {
      if (tests.outcome !== 'success') report.failed(notAllTests(product.id))
      if (account.rejectReasons === undefined) throw reasonsUnknown(product.id)
      await readBugs(run, account.rejectReasons, product, listed, report)
    },
    since,
  )
}

async function readFeatures(run: SyncRun, product: WireProduct, report: StepReport): Promise<void> {
  const { client, context, options } = run
  const list = await client.features(product.id, { sectionIds: sectionIdsToWalk(product), signal: options.signal })
  report.malformed(list.malformed.length)
  const records = list.records.map((feature) => featureRecord(context.customerId, product.id, feature))
  report.wrote(
    await run.write(async (target) => {
      const counts = await writeRecords(target, featureWriter, records, options.dryRun)
      if (!options.dryRun && counts.new > 0) await refreshProductCounts(target, product.id)
      return counts
    }),
  )
}

async function readTests(run: SyncRun, product: WireProduct, listed: ListedTest[], report: StepReport): Promise<void> {
  const { client, context, options, progress } = run
  const walk = client.walkTests(product.id, { signal: options.signal })
  for await (const window of walk) {
    progress.expect(1)
    for (const { error } of window.unreadable) report.failed(error)
    report.malformed(window.malformed.length + window.unreadable.length)
    const { since } = options
    const wanted = window.records.filter((test) => since === null || test.endAt === null || test.endAt >= since)
    const records = wanted.map((test) => testRecord(context.customerId, product, test))
    const counts = await run.write(async (target) => {
      const written = await writeRecords(target, testWriter, records, options.dryRun)
      if (!options.dryRun && written.new + written.changed > 0) {
        await writeUsers(target, 'customer', wanted.flatMap((test) => [test.createdBy, test.submittedBy]))
        await refreshProductCounts(target, product.id)
      }
      return written
    })
    listed.push(...records.map(({ id, rows }) => ({ id, status: rows.test.status })))
    report.wrote(counts)
  }
  if (walk.ending?.reason !== undefined) throw walk.ending.reason
}

async function readBugs(
  run: SyncRun,
  rejectReasons: NonNullable<Account['rejectReasons']>,
  product: WireProduct,
  listed: readonly ListedTest[],
  report: StepReport,
): Promise<void> {
  const { client, options, progress } = run
  const due = await testsWithDueBugs(run, product.id, listed)
  const batches = Array.from({ length: Math.ceil(due.length / MAX_TESTS_PER_BUG_READ) }, (_, index) =>
    due.slice(index * MAX_TESTS_PER_BUG_READ, (index + 1) * MAX_TESTS_PER_BUG_READ),
  )
  progress.expect(batches.length)
  const limit = pLimit(bugReadsAtOnce)
  await Promise.all(
    batches.map((batch) =>
      limit(async () => {
        if (run.cancelled()) return
        try {
          await readBugBatch(batch)
        } catch (error) {
          if (!isTidemarkError(error)) throw error
          report.failed(error)
        }
      }),
    ),
  )

  async function readBugBatch(batch: readonly ListedTest[]): Promise<void> {
    const startedAt = new Date(run.context.now()).toISOString()
    const list = await client.bugsOfTests(batch.map((test) => test.id), { signal: options.signal })
    const asked = new Set(batch.map((test) => test.id))
    const bugs = list.records.flatMap((bug) => {
      const testId = bug.test?.id ?? null
      return testId !== null && asked.has(testId) ? [{ bug, testId }] : []
    })
    const unreadable = list.malformed.length + list.records.length - bugs.length
    report.malformed(unreadable)
    const complete = list.complete && unreadable === 0
    if (!list.complete) report.failed(notAllBugs(product.id))
    const counts = await run.write(async (target) => {
      const snapshotIds = await storedSnapshots(target, [...asked])
      const records = bugs.map(({ bug, testId }) =>
        bugRecord({ customerId: target.customerId, productId: product.id, testId, snapshotIds, rejectReasons }, bug),
      )
      const written = await writeRecords(target, bugWriter, records, options.dryRun)
      if (options.dryRun) return written
      if (written.new + written.changed > 0) {
        await writeUsers(target, 'tester', bugs.map(({ bug }) => bug.author))
        await refreshProductCounts(target, product.id)
      }
      if (complete) await markBugsRead(target, batch, startedAt)
      return written
    })
    report.wrote(counts)
  }
}

/** All, or in hybrid mode those whose bugs can still change or were not yet read since the test became final. */
async function testsWithDueBugs(run: SyncRun, productId: number, listed: readonly ListedTest[]): Promise<readonly ListedTest[]> {
  if (run.options.mode === 'force') return listed
  const { context } = run
  const read = await context.db
    .selectFrom('tests')
    .select(['id', 'bugs_read_status'])
    .where('customer_id', '=', context.customerId)
    .where('product_id', '=', productId)
    .where('bugs_read_status', 'is not', null)
    .execute()
  const readStatus = new Map(read.map((test) => [test.id, test.bugs_read_status]))
  return listed.filter((test) => !(isFinalStatus(test.status) && isFinalStatus(readStatus.get(test.id) ?? '')))
}

async function storedSnapshots({ tx, db, customerId }: WriteTarget, testIds: readonly number[]): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ readonly id: number }>`
    select id from test_features where customer_id = ${customerId} and test_id in ${idList(tx.dialect, testIds)}`.execute(db)
  return new Set(rows.map((row) => row.id))
}

/** The status is that of the listing before the read, so a test that turns final meanwhile is read once more. */
async function markBugsRead({ tx, db, customerId }: WriteTarget, tests: readonly ListedTest[], readAt: string): Promise<void> {
  for (const status of new Set(tests.map((test) => test.status))) {
    const ids = tests.filter((test) => test.status === status).map((test) => test.id)
    await sql`
      update tests set bugs_read_at = ${readAt}, bugs_read_status = ${status}
      where customer_id = ${customerId} and id in ${idList(tx.dialect, ids)}`.execute(db)
  }
}

function notAllTests(productId: number): TidemarkError {
  return new TidemarkError('api_malformed', `Cannot read all bugs of product ${productId}`, {
    why: 'The list of its tests could not be read completely.',
    next: 'Sync again; what was read is kept.',
  })
}

function notAllBugs(productId: number): TidemarkError {
  return new TidemarkError('api_malformed', `Cannot read all bugs of product ${productId}`, {
    why: 'The API says that there are more bugs than it sent.',
    next: 'Sync again; what was read is kept.',
  })
}

function reasonsUnknown(productId: number): TidemarkError {
  return new TidemarkError('api_malformed', `Cannot read the bugs of product ${productId}`, {
    why: "The account's reject reasons could not be read, so rejected bugs could not be told apart.",
    next: 'Sync again.',
  })
}
