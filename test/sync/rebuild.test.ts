import { afterEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { OpenTidemarkOptions, Tidemark } from '../../src/tidemark.ts'
import { copyOfTruth, readCopy } from '../support/account-copy.ts'
import { engineNamed, engines } from '../support/engines.ts'
import { mortalStorage } from '../support/mortal-storage.ts'
import { impatient, openOver, simulatedAccount } from '../support/simulated-account.ts'

const opened: Tidemark[] = []
afterEach(async () => {
  for (const tidemark of opened.splice(0)) await tidemark.close()
})

async function open(simulator: Simulator, storage: OpenTidemarkOptions['storage'], options: Partial<OpenTidemarkOptions> = {}): Promise<Tidemark> {
  const tidemark = await openOver(simulator, storage, { testio: impatient(simulator), ...options })
  opened.push(tidemark)
  return tidemark
}

const everything = async (tidemark: Tidemark): Promise<string> => {
  const tables = ['products', 'tests', 'bugs', 'payloads', 'sync_streams', 'users']
  return JSON.stringify(await Promise.all(tables.map(async (table) => (await tidemark.storage.query({ sql: `select * from ${table} where customer_id = 1 order by 1, 2, 3` })).rows)))
}

describe.each(engines.filter(({ name }) => ['sqljs file', 'pglite memory', 'postgres'].includes(name)))('a rebuild on $name', (engine) => {
  it('puts a fresh copy in place of one that has gone wrong, and leaves other customers alone', async () => {
    const simulator = simulatedAccount()
    const other = simulatedAccount({ seed: 2 })
    const storage = await engine.open()
    const tidemark = await open(simulator, storage)
    await (await open(other, storage, { customerId: 2 })).sync()
    await tidemark.sync()
    const [product] = simulator.truth.products
    // What no other sync would find out.
    for (const sql of [
      `update tests set title = 'wrong' where customer_id = 1`,
      `insert into tests (customer_id, id, product_id, title, status, search_text) values (1, 1, ${product?.id}, 'never was', 'archived', '')`,
      `update payloads set body = '{}' where customer_id = 1`,
    ]) await storage.query({ sql })

    const result = await tidemark.sync({ mode: 'rebuild' })

    expect(result).toMatchObject({ outcome: 'success', mode: 'rebuild', runId: 2, changed: 0 })
    expect(await readCopy(storage, 1)).toEqual(copyOfTruth(simulator.truth))
    expect(await readCopy(storage, 2)).toEqual(copyOfTruth(other.truth))
    expect((await tidemark.bugs.list()).freshness).toMatchObject({ incomplete: false, stale: false })
    expect((await tidemark.syncStatus(2)).runs[0]?.steps).toHaveLength(result.steps.length)
    expect(await tidemark.sync()).toMatchObject({ outcome: 'success', new: 0, changed: 0, deleted: 0 })
  })
})

describe('a rebuild that is not complete', () => {
  it.each([
    ['was cancelled', 'cancelled'],
    ['could not read a product', 'partial'],
    ['could not read one test', 'partial'],
    ['could not read the account', 'failed'],
  ] as const)('because it %s leaves the old copy as it was, and is in the ledger', async (why, outcome) => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator, await engineNamed('sqljs memory').open())
    await tidemark.sync()
    const before = await everything(tidemark)
    const controller = new AbortController()
    if (why === 'could not read a product') simulator.setFaults({ deadProducts: [{ id: simulator.truth.products[0]?.id ?? 0, status: 500 }] })
    if (why === 'could not read one test') simulator.setFaults({ poisonedTests: [simulator.truth.tests[0]?.id ?? 0] })
    if (why === 'could not read the account') simulator.setFaults({ outage: true })

    const result = await tidemark.sync({ mode: 'rebuild', signal: controller.signal, onProgress: ({ done }) => (why === 'was cancelled' && done === 8 ? controller.abort() : undefined) })

    expect(result.outcome).toBe(outcome)
    expect(await everything(tidemark)).toBe(before)
    expect((await tidemark.syncStatus()).runs[0]).toMatchObject({ runId: 2, mode: 'rebuild', outcome })
  })

  it('cannot be of one product, have a start, or be a dry run', async () => {
    const tidemark = await open(simulatedAccount(), await engineNamed('sqljs memory').open())
    for (const options of [{ products: [1] }, { since: '2026-01-01' }, { dryRun: true }]) {
      await expect(tidemark.sync({ mode: 'rebuild', ...options })).rejects.toMatchObject({ code: 'argument_invalid' })
    }
  })

  it('needs a storage with room for a second copy', async () => {
    const storage = mortalStorage(await engineNamed('sqljs memory').open())
    const tidemark = await open(simulatedAccount(), { ...storage, openShadow: undefined })
    await expect(tidemark.sync({ mode: 'rebuild' })).rejects.toMatchObject({ code: 'shadow_missing', next: expect.stringContaining('force') })
    expect((await tidemark.syncStatus()).runs).toMatchObject([{ outcome: 'failed' }])
  })
})
