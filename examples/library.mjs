import { openTidemark } from 'tidemark'
import { createSimulator } from 'tidemark/simulator'
import { sqljs } from 'tidemark/sqljs'

// A simulated account, so that this runs without a token and without a network.
const now = Date.parse('2026-03-02T09:00:00Z')
const simulator = createSimulator({ now })

const tidemark = await openTidemark({
  storage: await sqljs(), // in memory; sqljs({ file: './tidemark.db' }) keeps it
  customerId: 1,
  testio: { token: simulator.token, fetch: simulator.fetch }, // yours: { token: process.env.TESTIO_API_TOKEN }
  now: () => now, // yours: leave it out
})

const { outcome } = await tidemark.sync()
const products = await tidemark.products.list()
const critical = await tidemark.bugs.list({ severities: ['critical'], outcomes: ['open'], limit: 5 })
await tidemark.close()

console.log(JSON.stringify({
  outcome,
  products: products.items.map(({ name, testCount, bugCount }) => ({ name, testCount, bugCount })),
  openCriticalBugs: { total: critical.total, newest: critical.items.map(({ id, title }) => ({ id, title })) },
}, null, 2))
