/**
 * The requests of three syncs (the first, one right behind it, one a day later) against the fewest that a reader would need
 * who knows the answer beforehand, and has to fetch it all the same: with the sizes of pages and batches that the API bears.
 */
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { openTidemark } from '../../src/mod.ts'
import { finalStatuses } from '../../src/model/test-status.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { TestTruth } from '../../src/simulator/truth.ts'
import type { SyncStream } from '../../src/sync/types.ts'
import { MAX_TESTS_PER_BUG_READ } from '../../src/testio/client.ts'
import { benchCustomer, benchNow, type Scale } from '../support/account.ts'
import { recordedAccount } from './recorded-account.ts'

export interface RequestFigure {
  readonly sync: 'first' | 'nothing changed' | 'a day later'
  readonly used: number
  readonly fewest: number
  readonly byStream: Readonly<Partial<Record<SyncStream, number>>>
}

/** Larger pages of tests have been seen to fail. */
const rowsAPage = 30

export async function benchRequests(scale: Scale): Promise<readonly RequestFigure[]> {
  const account = recordedAccount(scale)
  const { simulator } = account
  let now = benchNow
  const tidemark = await openTidemark({
    storage: await sqljs(), customerId: benchCustomer, now: () => now,
    testio: { token: 'bench', baseUrl: 'http://simulator.invalid/customer/v2/', fetch: account.fetch },
  })
  const figures: RequestFigure[] = []
  const sync = async (name: RequestFigure['sync'], fewest: () => number): Promise<void> => {
    const { outcome, requests, steps } = await tidemark.sync()
    if (outcome !== 'success') throw new Error(`the sync "${name}" ended as ${outcome}`)
    const byStream: Partial<Record<SyncStream, number>> = {}
    for (const { stream, requests: count } of steps) byStream[stream] = (byStream[stream] ?? 0) + count
    figures.push({ sync: name, used: requests, fewest: fewest(), byStream })
  }
  try {
    await sync('first', () => fewestAtFirst(simulator))
    await sync('nothing changed', () => fewestAgain(simulator, isOpen))
    const before = new Map(simulator.truth.tests.map((test) => [test.id, test]))
    aDayGoesBy(simulator)
    account.forget()
    now += 24 * 3_600_000
    await sync('a day later', () => fewestAgain(simulator, (test) => isOpen(test) || before.get(test.id) !== test))
    return figures
  } finally {
    await tidemark.close()
  }
}

/** The account as a whole, each catalogue in one request or by its sections, each list of tests in full pages, and the bugs of the tests that have some. */
function fewestAtFirst(simulator: Simulator): number {
  const { truth } = simulator
  const tests = truth.products.reduce((sum, { id }) => sum + Math.ceil(testsOf(simulator, id).length / rowsAPage), 0)
  return 2 + catalogueReads(simulator) + tests + batches(new Set(truth.bugs.map((bug) => bug.testId)).size)
}

/** As before, but of the tests only those pages that hold one which can change or has changed, and of these all bugs. */
function fewestAgain(simulator: Simulator, isWanted: (test: TestTruth) => boolean): number {
  const pages = simulator.truth.products.reduce((sum, { id }) => sum + pagesThatHold(testsOf(simulator, id), isWanted), 0)
  return 2 + catalogueReads(simulator) + pages + batches(simulator.truth.tests.filter(isWanted).length)
}

function isOpen({ status }: TestTruth): boolean {
  return !finalStatuses.includes(status)
}

/** In the order of the list. */
function testsOf({ truth }: Simulator, productId: number): readonly TestTruth[] {
  const end = (test: TestTruth): number => (test.endAt === null ? Number.POSITIVE_INFINITY : Date.parse(test.endAt))
  return truth.tests.filter((test) => test.productId === productId).sort((a, b) => (end(a) === end(b) ? b.id - a.id : end(b) > end(a) ? 1 : -1))
}

/** As if a page could begin anywhere. */
function pagesThatHold(tests: readonly TestTruth[], isWanted: (test: TestTruth) => boolean): number {
  let pages = 0
  let covered = 0
  for (const [index, test] of tests.entries()) {
    if (index < covered || !isWanted(test)) continue
    pages += 1
    covered = index + rowsAPage
  }
  return pages
}

/** Those that were answered: of a product as a whole, or of each of its sections where the API refuses that. */
function catalogueReads({ requests }: Simulator): number {
  const answered = new Set(requests.filter(({ path, status }) => status === 200 && path.includes('/features')).map(({ path }) => path))
  return answered.size
}

function batches(tests: number): number {
  return Math.ceil(tests / MAX_TESTS_PER_BUG_READ)
}

/** Some tests begin, some are decided and archived, bugs come in and are judged. */
function aDayGoesBy(simulator: Simulator): void {
  const { truth, change } = simulator
  const running = truth.tests.filter((test) => test.status === 'running')
  const locked = truth.tests.filter((test) => test.status === 'locked')
  const open = truth.bugs.filter((bug) => bug.outcome === 'open')
  for (const [index, product] of truth.products.entries()) if (index % 3 === 0) change.addTest(product.id)
  for (const test of running) change.addBug(test.id)
  for (const [index, test] of locked.entries()) if (index % 50 === 0) change.setTestStatus(test.id, 'archived')
  for (const [index, bug] of open.entries()) if (index % 20 === 0) change.acceptBug(bug.id)
}
