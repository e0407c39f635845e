import { describe, expect, it } from 'vitest'
import { engineNamed } from '../support/engines.ts'
import { interruptedStorage } from '../support/interrupted-storage.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'

describe.each(['sqljs file', 'postgres'])('an answer of analytics on %s, while another program deletes bugs between its statements', (name) => {
  it('has rows that add up to its totals', async () => {
    const place = await engineNamed(name).place()
    const other = await place.open()
    const storage = interruptedStorage(await place.open(), () =>
      other.query({ sql: `update bugs set deleted_at = '2026-11-19T08:00:00.000Z' where outcome = 'rejected'` }))
    await using tidemark = await openOver(simulatedAccount(), storage)
    await tidemark.sync()
    storage.arm()
    const { rows, totals } = await tidemark.analytics.query({ metrics: ['bug_count'], dimensions: ['outcome'] })
    expect(storage.interruptions).toBe(1)
    expect(rows.reduce((sum, row) => sum + (row.bug_count ?? 0), 0)).toBe(totals.bug_count)
    const later = await tidemark.analytics.query({ metrics: ['bug_count'], dimensions: ['outcome'] })
    expect(later.rows.some((row) => row.outcome === 'rejected')).toBe(false)
    await other.close()
  })
})
