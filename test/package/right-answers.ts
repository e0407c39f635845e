/** What the example of the README and the round trip have to see, from the truth of the simulated account and by the words of the contract. */
import { createSimulator } from '../../src/simulator/simulator.ts'

const { truth } = createSimulator({ now: Date.parse('2026-03-02T09:00:00Z') })
const executed = truth.tests.filter(({ status }) => ['running', 'locked', 'archived', 'customer_finalized'].includes(status))

/** What each step has to see. */
export function roundTripOfTruth(): Readonly<Record<string, unknown>> {
  const { openCriticalBugs } = exampleOfTruth()
  const tests = new Set(executed.map(({ id }) => id))
  const bugs = truth.bugs.filter(({ testId }) => tests.has(testId))
  const outcomes = [...new Set(bugs.map(({ outcome }) => outcome))].toSorted()
  return {
    open: { dialect: 'sqlite', durable: true },
    migrate: { atHead: true, bugs: 0 },
    sync: { outcome: 'success' },
    list: openCriticalBugs,
    query: { total: bugs.length, byOutcome: Object.fromEntries(outcomes.map((word) => [word, bugs.filter(({ outcome }) => outcome === word).length])) },
    report: { tests: executed.length, bugs: bugs.length },
    close: 'storage_closed',
    'open again': openCriticalBugs,
  }
}

/** What the example has to print. */
export function exampleOfTruth(): { readonly outcome: string; readonly products: readonly object[]; readonly openCriticalBugs: object } {
  const productOf = new Map(truth.tests.map((test) => [test.id, test.productId]))
  const open = truth.bugs.filter((bug) => bug.severity === 'critical' && bug.outcome === 'open')
    .toSorted((a, b) => Date.parse(b.reportedAt) - Date.parse(a.reportedAt) || a.id - b.id)
  return {
    outcome: 'success',
    products: truth.products.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ id, name }) => ({
      name,
      testCount: truth.tests.filter((test) => test.productId === id).length,
      bugCount: truth.bugs.filter((bug) => productOf.get(bug.testId) === id).length,
    })),
    openCriticalBugs: { total: open.length, newest: open.slice(0, 5).map(({ id, title }) => ({ id, title })) },
  }
}
