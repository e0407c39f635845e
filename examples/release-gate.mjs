// A program on the library: may this product be released? Exit code 0 when it may, 1 when not, for a step of a pipeline.
//   TESTIO_API_TOKEN=… TIDEMARK_CUSTOMER_ID=… node release-gate.mjs 598
// Without a token it asks a simulated account.
import { openTidemark, isTidemarkError } from 'tidemark'
import { createSimulator } from 'tidemark/simulator'
import { sqljs } from 'tidemark/sqljs'

const { TESTIO_API_TOKEN: token, TIDEMARK_CUSTOMER_ID: customer = '1' } = process.env
const now = token === undefined ? Date.parse('2026-03-02T09:00:00Z') : Date.now()
const simulator = token === undefined ? createSimulator({ now }) : undefined

const tidemark = await openTidemark({
  storage: await sqljs({ file: './release-gate.db' }), // kept, so that the next run reads only what is new
  customerId: Number(customer),
  testio: simulator === undefined ? { token } : { token: simulator.token, fetch: simulator.fetch },
  now: () => now,
})
try {
  const productId = Number(process.argv[2] ?? (await firstProduct()))
  const { outcome } = await tidemark.sync({ products: [productId] })
  const { name } = await tidemark.products.summary(productId)

  const unmet = []
  // What could not be read is no reason to go ahead.
  if (outcome !== 'success') unmet.push(`the sync did not read everything: ${outcome}`)
  const open = await tidemark.bugs.list({ productIds: [productId], severities: ['critical'], outcomes: ['open'], limit: 20 })
  for (const { id, title } of open.items) unmet.push(`critical bug ${id} is open: ${JSON.stringify(title)}`)
  if (open.total > open.items.length) unmet.push(`and ${open.total - open.items.length} more critical bugs`)
  const { totals } = await tidemark.analytics.query({ metrics: ['test_count', 'rejection_rate'], filters: { product_id: productId }, from: 'last 90 days' })
  if (totals.testCount === 0) unmet.push('nobody has tested it for 90 days')

  console.log(`${name}: ${unmet.length === 0 ? 'may be released' : 'not yet'}`)
  for (const reason of unmet) console.log(`- ${reason}`)
  console.log(`${totals.testCount} tests in 90 days; ${totals.rejectionRate === null ? 'no' : `${Math.round(totals.rejectionRate * 100)} % of`} bugs rejected.`)
  process.exitCode = unmet.length === 0 ? 0 : 1
} catch (error) {
  // The three parts of the message say what failed, why, and what to do.
  if (!isTidemarkError(error)) throw error
  console.error(error.message)
  process.exitCode = 2
} finally {
  await tidemark.close()
}

async function firstProduct() {
  await tidemark.sync()
  return (await tidemark.products.list({ limit: 1 })).items[0]?.id
}
