/** A first sync into an empty database on disk, in a process that does nothing else, and what memory it took: `<engine> <URL> <folder>`. */
import { join } from 'node:path'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { openTidemark } from '../../src/mod.ts'
import { benchCustomer } from '../support/account.ts'

const [, , engine, baseUrl = '', folder = ''] = process.argv
const storage = engine === 'sqljs' ? await sqljs({ file: join(folder, 'account.db') }) : await pglite({ dir: join(folder, 'account') })
const tidemark = await openTidemark({ storage, customerId: benchCustomer, testio: { token: 'bench', baseUrl } })

const peak = { rss: 0, heapUsed: 0, external: 0 }
/** What is left of the heap when a tenth of the work is done, two tenths, …: what grows with the account shows here. */
const heapByTenth: number[] = []
const sample = (): void => {
  const now = process.memoryUsage()
  for (const key of ['rss', 'heapUsed', 'external'] as const) peak[key] = Math.max(peak[key], now[key])
}
const timer = setInterval(sample, 100)
const started = performance.now()
const result = await tidemark.sync({
  onProgress({ done, total, productId }) {
    // Before the first product nobody knows how much there is to do.
    const tenth = productId === null ? 0 : Math.floor((done / total) * 10)
    while (tenth > heapByTenth.length && tenth <= 10) {
      globalThis.gc?.()
      heapByTenth.push(process.memoryUsage().heapUsed)
    }
  },
})
const seconds = (performance.now() - started) / 1000
clearInterval(timer)
sample()
await tidemark.close()
console.log(JSON.stringify({ outcome: result.outcome, records: result.new, requests: result.requests, seconds, peak, heapByTenth }))
