/** The work of `rate.ts` on one engine: `<engine> <scale> <rounds> [<products>]`. Writes its figures as JSON. */
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { openTidemark } from '../../src/mod.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import type { Figure } from '../figure.ts'
import { percentiles } from '../measure.ts'
import { benchCustomer, benchNow, type Scale } from '../support/account.ts'
import type { BenchEngine } from '../support/accounts.ts'
import { countedWrites } from './counted-writes.ts'
import { processorTime } from './processor-time.ts'
import { insertRaw, rowsOfCopy } from './raw-insert.ts'
import { recordedAccount } from './recorded-account.ts'

const engines: Readonly<Record<BenchEngine, () => Promise<Storage>>> = { sqljs: () => sqljs(), pglite: () => pglite() }

/** The design asks for at least 0.6 of the rate of the raw insert. */
const mostRatio = 1.67

// The only one who starts it gives them.
const [engine, scale, rounds, products] = process.argv.slice(2) as [BenchEngine, Scale, string, string]
const account = recordedAccount(scale)
const chosen = products === '' ? undefined : account.simulator.truth.products.slice(0, Number(products)).map(({ id }) => id)
await makeAnswers()
console.log(JSON.stringify(await measure(Number(rounds))))

/** They are made here, not where it is measured; and the engine's code is compiled by then, for the sync as for the reference behind it. */
async function makeAnswers(): Promise<void> {
  await using tidemark = await open(await engines[engine]())
  await sync(tidemark)
  await sync(tidemark)
}

async function measure(times: number): Promise<readonly Figure[]> {
  const [ours, raw, nothing]: number[][] = [[], [], []]
  let counts: Readonly<Record<string, number>> = {}
  let rowCount = 0
  for (let round = 0; round < times; round += 1) {
    const storage = countedWrites(await engines[engine]())
    await using tidemark = await open(storage)
    const { made } = account
    ours?.push(await processorTime(() => sync(tidemark)))
    storage.takeCounts()
    let requests = 0
    nothing?.push(await processorTime(async () => { ({ requests } = await sync(tidemark)) }))
    if (account.made !== made) throw new Error(`${account.made - made} answers were made while it was measured`)
    const { transactions, statements, dataRows, bookkeepingRows } = storage.takeCounts()
    counts = { requests, transactions, statements, 'rows of data written': dataRows, 'rows of bookkeeping': bookkeepingRows }
    const content = await rowsOfCopy(storage)
    rowCount = content.reduce((sum, { rows }) => sum + rows.length, 0)
    raw?.push(await insertRaw(engine, content))
  }
  const [first, reference, again] = [percentiles(ours ?? []), percentiles(raw ?? []), percentiles(nothing ?? [])]
  const shared = { bench: 'sync', engine }
  return [
    { ...shared, operation: 'first sync', times: first, reference, ratio: first.p50 / reference.p50, counts: { rows: rowCount }, limits: { ratio: mostRatio } },
    { ...shared, operation: 'sync that finds nothing', times: again, reference: null, ratio: null, counts, limits: { counts: { 'rows of data written': 0 } } },
  ]
}

async function open(storage: Storage): Promise<Tidemark & AsyncDisposable> {
  const tidemark = await openTidemark({
    storage, customerId: benchCustomer, now: () => benchNow,
    testio: { token: 'bench', baseUrl: 'http://simulator.invalid/customer/v2/', fetch: account.fetch },
  })
  return { ...tidemark, [Symbol.asyncDispose]: () => tidemark.close() }
}

async function sync(tidemark: Tidemark): Promise<{ readonly requests: number }> {
  const result = await tidemark.sync({ products: chosen })
  if (result.outcome !== 'success') throw new Error(`the sync of the bench account ended as ${result.outcome}`)
  return result
}
