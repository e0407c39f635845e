import { describe, expect, it } from 'vitest'
import { engineNamed } from '../support/engines.ts'
import { interruptedStorage } from '../support/interrupted-storage.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'

describe.each(['sqljs file', 'postgres'])('a report on %s, while another program deletes bugs between its statements', (name) => {
  it('has blocks that add up to its summary, and begins its document anew where it has to', async () => {
    const place = await engineNamed(name).place()
    const other = await place.open()
    const storage = interruptedStorage(await place.open(), () =>
      other.query({ sql: `update bugs set deleted_at = '2026-11-19T08:00:00.000Z' where outcome = 'rejected'` }))
    const simulator = simulatedAccount()
    const productIds = simulator.truth.products.map(({ id }) => id)
    await using tidemark = await openOver(simulator, storage)
    await tidemark.sync()
    storage.arm()
    let text = ''
    await tidemark.reports.writeQuality({ productIds }, 'json', { begin: () => void (text = ''), write: (piece) => void (text += piece) })
    expect(storage.interruptions).toBe(1)
    const { summary, by_product, by_test } = JSON.parse(text) as Readonly<{ summary: { bugs: number }; by_product: readonly { bugs: number }[]; by_test: readonly { bugs: number }[] }>
    const sum = (parts: readonly { bugs: number }[]): number => parts.reduce((total, { bugs }) => total + bugs, 0)
    expect([sum(by_product), sum(by_test)]).toEqual([summary.bugs, summary.bugs])
    expect((await tidemark.reports.quality({ productIds })).summary.bugsByOutcome.rejected).toBe(0)
    await other.close()
  })
})
