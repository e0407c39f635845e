import { describe, expect, it } from 'vitest'
import type { Queryable, Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'

describe.each(['sqljs file', 'postgres'])('an answer on %s, while another program commits between its statements', (name) => {
  it('has as many items as its total says', async () => {
    const place = await engineNamed(name).place()
    const other = await place.open()
    const storage = interrupted(await place.open(), async () => {
      await other.query({ sql: `insert into products (customer_id, id, name, search_text) values (1, 999999, 'late', 'late')` })
    })
    await using tidemark = await openOver(simulatedAccount(), storage)
    await tidemark.sync()
    storage.arm()
    const { items, total } = await tidemark.products.list({ limit: 100 })
    expect(storage.interruptions).toBe(1)
    expect(items).toHaveLength(total)
    expect((await tidemark.products.list({ limit: 100 })).items.some((product) => product.id === 999_999)).toBe(true)
    await other.close()
  })
})

/** The storage with something that happens once, behind the first statement of an answer. */
function interrupted(storage: Storage, happen: () => Promise<void>): Storage & { arm(): void; readonly interruptions: number } {
  let armed = false
  let interruptions = 0
  const watched = (view: Queryable): Queryable => ({
    async query(statement) {
      const result = await view.query<never>(statement)
      if (armed) {
        armed = false
        interruptions += 1
        await happen()
      }
      return result
    },
  })
  return {
    name: storage.name,
    dialect: storage.dialect,
    capabilities: storage.capabilities,
    query: (statement) => watched(storage).query(statement),
    snapshot: (read) => storage.snapshot((view) => read(watched(view))),
    transaction: (run, options) => storage.transaction(run, options),
    close: () => storage.close(),
    [Symbol.asyncDispose]: () => storage.close(),
    arm() { armed = true },
    get interruptions() { return interruptions },
  }
}
