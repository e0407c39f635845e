import { describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'

describe.each(['sqljs file', 'postgres'])('an answer of analytics on %s, while another program deletes bugs between its statements', (name) => {
  it('has rows that add up to its totals', async () => {
    const place = await engineNamed(name).place()
    const other = await place.open()
    let interruptions = 0
    let armed = false
    const storage = interrupted(await place.open(), async () => {
      if (!armed) return
      armed = false
      interruptions += 1
      await other.query({ sql: `update bugs set deleted_at = '2026-11-19T08:00:00.000Z' where outcome = 'rejected'` })
    })
    await using tidemark = await openOver(simulatedAccount(), storage)
    await tidemark.sync()
    armed = true
    const { rows, totals } = await tidemark.analytics.query({ metrics: ['bug_count'], dimensions: ['outcome'] })
    expect(interruptions).toBe(1)
    expect(rows.reduce((sum, row) => sum + (row.bug_count ?? 0), 0)).toBe(totals.bug_count)
    const later = await tidemark.analytics.query({ metrics: ['bug_count'], dimensions: ['outcome'] })
    expect(later.rows.some((row) => row.outcome === 'rejected')).toBe(false)
    await other.close()
  })
})

/** The storage with something that happens behind every statement of a snapshot. */
function interrupted(storage: Storage, happen: () => Promise<void>): Storage {
  return {
    name: storage.name,
    dialect: storage.dialect,
    capabilities: storage.capabilities,
    query: (statement) => storage.query(statement),
    snapshot: (read) => storage.snapshot((view) => read({
      async query(statement) {
        const result = await view.query<never>(statement)
        await happen()
        return result
      },
    })),
    transaction: (run, options) => storage.transaction(run, options),
    close: () => storage.close(),
    [Symbol.asyncDispose]: () => storage.close(),
  }
}
