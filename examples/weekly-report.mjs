// A report of the last week for each product that was tested, for a scheduler to run on Mondays:
//   0 6 * * 1  cd /srv/reports && TESTIO_API_TOKEN=… TIDEMARK_CUSTOMER_ID=… node weekly-report.mjs ./reports
// Without a token it reports on a simulated account.
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { openTidemark } from 'tidemark'
import { createSimulator } from 'tidemark/simulator'
import { sqljs } from 'tidemark/sqljs'

const folder = process.argv[2] ?? './reports'
const { TESTIO_API_TOKEN: token, TIDEMARK_CUSTOMER_ID: customer = '1' } = process.env
const now = token === undefined ? Date.parse('2026-03-09T06:00:00Z') : Date.now()
const simulator = token === undefined ? createSimulator({ now, seed: 12 }) : undefined

await mkdir(folder, { recursive: true })
const tidemark = await openTidemark({
  storage: await sqljs({ file: join(folder, 'tidemark.db') }),
  customerId: Number(customer),
  testio: simulator === undefined ? { token } : { token: simulator.token, fetch: simulator.fetch },
  now: () => now,
})
try {
  const { outcome } = await tidemark.sync({ since: '90 days ago' })
  const tested = await tidemark.analytics.query({ metrics: ['test_count', 'bug_count'], dimensions: ['product'], from: 'last week', sortBy: 'product', limit: 1000 })
  for (const { product, productId, testCount, bugCount } of tested.rows) {
    const path = join(folder, `${new Date(now).toISOString().slice(0, 10)}-${productId}.html`)
    await writeReport(path, { productIds: [productId], from: 'last week' })
    console.log(`${product}: tests ${testCount}, bugs ${bugCount}, ${path}`)
  }
  // A report is only as good as what was read for it.
  if (outcome !== 'success') console.error(`The sync did not read everything (${outcome}): "npx tidemark status" says what is missing.`)
  process.exitCode = outcome === 'success' ? 0 : 3
} finally {
  await tidemark.close()
}

async function writeReport(path, question) {
  const file = await open(path, 'w')
  try {
    let end = 0
    await tidemark.reports.writeQuality(question, 'html', {
      // Called again when somebody else wrote the database meanwhile.
      async begin() {
        await file.truncate(0)
        end = 0
      },
      async write(text) {
        end += (await file.write(text, end)).bytesWritten
      },
    })
  } finally {
    await file.close()
  }
}
