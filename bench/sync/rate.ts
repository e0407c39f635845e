/** How fast a sync writes when the network costs nothing, against the engine's own bulk insert; and what one that finds nothing costs. */
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
import { recordedAccount, type RecordedAccount } from './recorded-account.ts'

const engines: Readonly<Record<BenchEngine, () => Promise<Storage>>> = { sqljs: () => sqljs(), pglite: () => pglite() }

/** The design asks for at least 0.6 of the rate of the raw insert. */
const mostRatio = 1.67

/**
 * @param products of the account, the first so many, which are the large ones; default all
 * @throws Error when a sync is no success
 */
export async function benchRate(scale: Scale, rounds: number, products?: number): Promise<readonly Figure[]> {
  const account = recordedAccount(scale)
  const chosen = products === undefined ? undefined : account.simulator.truth.products.slice(0, products).map(({ id }) => id)
  const succeed = (tidemark: Tidemark): ReturnType<typeof sync> => sync(tidemark, chosen)
  // Answers are made here, not where it is measured.
  await using first = await open(account, await sqljs())
  await succeed(first)
  await succeed(first)
  const figures: Figure[] = []
  // One engine after the other: they would disturb each other.
  for (const engine of ['sqljs', 'pglite'] as const) figures.push(...(await onEngine(engine, account, succeed, rounds)))
  return figures
}

async function onEngine(engine: BenchEngine, account: RecordedAccount, succeed: (tidemark: Tidemark) => ReturnType<typeof sync>, rounds: number): Promise<readonly Figure[]> {
  const [ours, raw, nothing]: number[][] = [[], [], []]
  let counts: Readonly<Record<string, number>> = {}
  let rowCount = 0
  for (let round = 0; round < rounds; round += 1) {
    const storage = countedWrites(await engines[engine]())
    await using tidemark = await open(account, storage)
    const { made } = account
    ours?.push(await processorTime(() => succeed(tidemark)))
    storage.takeCounts()
    let requests = 0
    nothing?.push(await processorTime(async () => { ({ requests } = await succeed(tidemark)) }))
    if (account.made !== made) throw new Error(`${account.made - made} answers were made while it was measured`)
    const { transactions, statements, dataRows, bookkeepingRows } = storage.takeCounts()
    counts = { requests, transactions, statements, 'rows of data written': dataRows, 'rows of bookkeeping': bookkeepingRows }
    const content = await rowsOfCopy(storage)
    rowCount = content.reduce((sum, { rows }) => sum + rows.length, 0)
    raw?.push(await insertRaw(engine, content))
  }
  const [times, reference, again] = [percentiles(ours ?? []), percentiles(raw ?? []), percentiles(nothing ?? [])]
  const shared = { bench: 'sync', engine }
  return [
    { ...shared, operation: 'first sync', times, reference, ratio: times.p50 / reference.p50, counts: { rows: rowCount }, limits: { ratio: mostRatio } },
    { ...shared, operation: 'sync that finds nothing', times: again, reference: null, ratio: null, counts, limits: { counts: { 'rows of data written': 0 } } },
  ]
}

async function open({ fetch }: RecordedAccount, storage: Storage): Promise<Tidemark & AsyncDisposable> {
  const tidemark = await openTidemark({
    storage, customerId: benchCustomer, now: () => benchNow,
    testio: { token: 'bench', baseUrl: 'http://simulator.invalid/customer/v2/', fetch },
  })
  return { ...tidemark, [Symbol.asyncDispose]: () => tidemark.close() }
}

async function sync(tidemark: Tidemark, products: readonly number[] | undefined): Promise<{ readonly requests: number }> {
  const result = await tidemark.sync({ products })
  if (result.outcome !== 'success') throw new Error(`the sync of the bench account ended as ${result.outcome}`)
  return result
}
