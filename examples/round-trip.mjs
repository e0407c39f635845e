/** One life of a copy, with the published package alone: the same script in every runtime. Gives what each step saw. */
import { openTidemark } from 'tidemark'
import { createSimulator } from 'tidemark/simulator'

/** @param openStorage opens the same database each time */
export async function roundTrip(openStorage) {
  const now = Date.parse('2026-03-02T09:00:00Z')
  const simulator = createSimulator({ now })
  const open = async () =>
    openTidemark({ storage: await openStorage(), customerId: 1, testio: { token: simulator.token, fetch: simulator.fetch }, now: () => now })

  const tidemark = await open()
  const seen = { open: { dialect: tidemark.storage.dialect, durable: tidemark.storage.capabilities.durable } }
  const { database } = await tidemark.diagnostics({ probeApi: false })
  seen.migrate = { atHead: database.atHead, bugs: database.counts.bugs }
  seen.sync = { outcome: (await tidemark.sync()).outcome }
  const list = async (copy) => {
    const { total, items } = await copy.bugs.list({ severities: ['critical'], outcomes: ['open'], limit: 5 })
    return { total, newest: items.map(({ id, title }) => ({ id, title })) }
  }
  seen.list = await list(tidemark)
  const { rows, totals } = await tidemark.analytics.query({ metrics: ['bug_count'], dimensions: ['outcome'], sortBy: 'outcome' })
  seen.query = { total: totals.bugCount, byOutcome: Object.fromEntries(rows.map(({ outcome, bugCount }) => [outcome, bugCount])) }
  const products = await tidemark.products.list()
  const { summary } = await tidemark.reports.quality({ productIds: products.items.map(({ id }) => id) })
  seen.report = { tests: summary.tests, bugs: summary.bugs }
  await tidemark.close()
  seen.close = await tidemark.products.list().then(() => 'still open', ({ code }) => code)
  const again = await open()
  seen['open again'] = await list(again)
  await again.close()
  return seen
}
