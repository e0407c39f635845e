/** A naive referee for the quality report: loops over plain facts, written from the contract (section 3), without a look at the code. */
import type { BugFact, Facts, TestFact } from '../analytics/referee.ts'

export interface Asked {
  readonly productIds: readonly number[]
  readonly testIds?: readonly number[] | undefined
  /** Days in UTC, both included. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly statuses?: readonly string[] | undefined
}

const executed = ['running', 'locked', 'archived', 'customer_finalized']

export function expectedReport(facts: Facts, asked: Asked) {
  const tests = facts.tests.filter((test) => inScope(test, asked))
  const bugs = facts.bugs.filter((bug) => tests.some((test) => test.id === bug.testId))
  const testOf = new Map(tests.map((test) => [test.id, test]))
  const monthOf = (test: TestFact | undefined): string | null => test?.endAt?.slice(0, 7) ?? null
  const part = (isPart: (test: TestFact) => boolean) => {
    const members = tests.filter(isPart)
    return figures(members, bugs.filter((bug) => members.some((test) => test.id === bug.testId)))
  }
  const months = [...new Set(tests.map(monthOf))].toSorted((a, b) => (a === null ? 1 : b === null ? -1 : a.localeCompare(b)))
  return {
    summary: figures(tests, bugs),
    byProduct: facts.products.filter(({ id }) => asked.productIds.includes(id))
      .toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) || a.id - b.id)
      .map(({ id, name }) => ({ productId: id, product: name, ...part((test) => test.productId === id) })),
    trend: months.map((month) => ({ month, ...part((test) => monthOf(test) === month) })),
    byTest: tests
      .toSorted((a, b) => (a.endAt === b.endAt ? a.id - b.id : a.endAt === null ? 1 : b.endAt === null ? -1 : b.endAt.localeCompare(a.endAt)))
      .map((test) => {
        const { testsByStatus: _statuses, testsByType: _types, ...counts } = part((other) => other.id === test.id)
        return { testId: test.id, title: test.title, productId: test.productId, status: test.status, testingType: test.testingType, endAt: test.endAt, ...counts }
      }),
    platforms: countBy(bugs.flatMap((bug) => platformsOf(bug).map((platform) => `${platform}`))),
    rejectionReasons: countBy(bugs.flatMap(({ rejectionReason }) => (rejectionReason === null ? [] : [rejectionReason]))),
    testers: countBy(bugs.flatMap(({ tester }) => (tester === null ? [] : [tester]))),
    bugs: bugs.map((bug) => ({ ...bug, test: testOf.get(bug.testId) })),
  }
}

function inScope(test: TestFact, { productIds, testIds, from, to, statuses }: Asked): boolean {
  if (!productIds.includes(test.productId)) return false
  if (testIds !== undefined) return testIds.includes(test.id)
  if (!(statuses ?? executed).includes(test.status)) return false
  if (from === undefined && to === undefined) return true
  const day = test.endAt?.slice(0, 10)
  return day !== undefined && (from === undefined || day >= from) && (to === undefined || day <= to)
}

function figures(tests: readonly TestFact[], bugs: readonly BugFact[]) {
  const outcome = (word: string): number => bugs.filter((bug) => bug.outcome === word).length
  const severity = (word: string): number => bugs.filter((bug) => bug.severity === word).length
  const [accepted, autoAccepted, rejected] = [outcome('accepted'), outcome('auto_accepted'), outcome('rejected')]
  const quotient = (some: number, all: number): number | null => (all === 0 ? null : some / all)
  return {
    tests: tests.length,
    testsByStatus: countBy(tests.map(({ status }) => status)),
    testsByType: countBy(tests.map(({ testingType }) => `${testingType}`)),
    bugs: bugs.length,
    bugsByOutcome: { accepted, autoAccepted, rejected, open: outcome('open'), other: outcome('other') },
    bugsBySeverity: { critical: severity('critical'), high: severity('high'), low: severity('low') },
    bugsByKind: countBy(bugs.map(({ kind }) => kind)),
    bugsPerTest: quotient(bugs.length, tests.length),
    overallAcceptanceRate: quotient(accepted + autoAccepted, bugs.length),
    activeAcceptanceRate: quotient(accepted, bugs.length),
    autoAcceptanceRate: quotient(autoAccepted, accepted + autoAccepted),
    rejectionRate: quotient(rejected, bugs.length),
    reviewRate: quotient(accepted + rejected, bugs.length),
  }
}

/** Each once; null where none is named. */
function platformsOf({ devices }: BugFact): readonly (string | null)[] {
  const named = [...new Set(devices.flatMap(({ operatingSystem }) => (operatingSystem === null ? [] : [operatingSystem])))]
  return named.length === 0 ? [null] : named
}

function countBy(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}
