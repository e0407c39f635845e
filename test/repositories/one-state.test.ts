import { describe, expect, it } from 'vitest'
import { engineNamed } from '../support/engines.ts'
import { interruptedStorage } from '../support/interrupted-storage.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'

describe.each(['sqljs file', 'postgres'])('an answer on %s, while another program commits between its statements', (name) => {
  it('has as many items as its total says', async () => {
    const place = await engineNamed(name).place()
    const other = await place.open()
    const storage = interruptedStorage(await place.open(), async () => {
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
