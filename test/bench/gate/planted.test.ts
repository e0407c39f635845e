import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { PreparedStatements } from '../../../adapters/sqljs/prepared.ts'
import { analytics } from '../../../bench/analytics/analytics.ts'
import { runGate } from '../../../bench/gate/attempts.ts'
import { baselineOf, type Baseline } from '../../../bench/gate/verdict.ts'
import { lists } from '../../../bench/lists/lists.ts'
import { benchOpening } from '../../../bench/opening/opening.ts'
import { makeAccount, type BenchAccount } from '../../../bench/support/accounts.ts'
import { countOperations, type Operation, type OperationsBench } from '../../../bench/support/operations.ts'
import { openTidemark } from '../../../src/mod.ts'

/** What the gate says. */
async function reasons(bench: OperationsBench, account: BenchAccount, baseline: Baseline): Promise<readonly string[]> {
  const { breaches } = await runGate([{ name: bench.name, count: () => countOperations(bench, account) }], { baseline, attempts: 1 })
  return breaches.map(({ name, reason }) => `${name}: ${reason}`)
}

/** Bugs by kind, once for each of their devices. */
function fannedOut(count: string): string {
  return `
    select b.kind, ${count} as bug_count from tests t join bugs b on b.customer_id = t.customer_id and b.test_id = t.id and b.deleted_at is null
    left join bug_devices d on d.customer_id = b.customer_id and d.bug_id = b.id
    where t.customer_id = 1 and t.deleted_at is null and t.status in ('running', 'locked', 'archived', 'customer_finalized') group by b.kind`
}

function withCall(bench: OperationsBench, name: string, call: Operation['call']): OperationsBench {
  return { ...bench, operations: bench.operations.map((operation) => (operation.name === name ? { ...operation, call } : operation)) }
}

describe.each(['sqljs', 'pglite'] as const)('the gate shuts on %s', (engine) => {
  let account: BenchAccount
  let baseline: Baseline
  beforeAll(async () => {
    account = await makeAccount(engine, 'demo')
    baseline = baselineOf([...(await countOperations(lists, account)), ...(await countOperations(analytics, account))])
  })
  afterAll(() => account.tidemark.close())

  it('for nothing else: all is well when all is as it was', async () => {
    expect(await reasons(lists, account, baseline)).toEqual([])
    expect(await reasons(analytics, account, baseline)).toEqual([])
  })

  it('when a list asks again for each of its rows', async () => {
    const planted = withCall(lists, 'tests.list, 50 rows', async (tidemark) => {
      for (const { id } of (await tidemark.tests.list({ limit: 50 })).items) await tidemark.bugs.list({ testIds: [id] })
    })
    expect(await reasons(planted, account, baseline)).toContainEqual(expect.stringMatching(/tests\.list, 50 rows: statements: 102; at most 2 are allowed/))
  })

  it('when an index is gone', async () => {
    const poorer = await makeAccount(engine, 'demo', async (storage) => {
      // Either does for counting the bugs of a test.
      for (const name of ['ix_bugs_of_test', 'ix_bugs_of_test_by_device']) await storage.query({ sql: `drop index ${name}` })
    })
    try {
      const seen = [...(await reasons(lists, poorer, baseline)), ...(await reasons(analytics, poorer, baseline))]
      expect(seen).toContainEqual(expect.stringMatching(/pages inside the engine: \d+; the baseline is \d+/))
      expect(seen.every((reason) => reason.includes('inside the engine'))).toBe(true)
    } finally {
      await poorer.tidemark.close()
    }
  })

  it('when bugs are multiplied by their devices before they are counted', async () => {
    const planted = withCall(analytics, 'bugs by kind', (tidemark) => tidemark.storage.query({ sql: fannedOut('count(distinct b.id)') }))
    expect(await reasons(planted, account, baseline)).toContainEqual(expect.stringMatching(/bugs by kind: pages inside the engine/))
  })

  it('when an answer is wrong, such as that of a join that multiplies bugs by their devices', async () => {
    const answered = (count: string): OperationsBench => ({
      ...analytics,
      operations: analytics.operations.filter(({ name }) => name === 'bugs by kind').map((operation) => ({ ...operation, byHand: () => [{ sql: fannedOut(count) }] })),
    })
    expect(await countOperations(answered('count(distinct b.id)'), account)).toHaveLength(1)
    await expect(countOperations(answered('count(*)'), account)).rejects.toThrow('bugs by kind: the library and the hand-written statements disagree')
  })
})

describe('the gate shuts on sqljs alone, which keeps statements by itself,', () => {
  afterEach(() => vi.restoreAllMocks())

  it('when they are not kept', async () => {
    const account = await makeAccount('sqljs', 'demo')
    try {
      const { get } = PreparedStatements.prototype
      vi.spyOn(PreparedStatements.prototype, 'get').mockImplementation(function forgetful(this: PreparedStatements, sql) {
        this.clear()
        return get.call(this, sql)
      })
      expect(await reasons(lists, account, {})).toContainEqual(expect.stringMatching(/products\.list: compiled: 2; at most 0 are allowed/))
    } finally {
      await account.tidemark.close()
    }
  })
})

describe('the gate shuts on opening', () => {
  it('when one more engine is started', async () => {
    const whole = await benchOpening('counts')
    const baseline = baselineOf(whole)
    const twice = (): ReturnType<typeof benchOpening> => benchOpening('counts', async (options) => {
      await (await options.storage.openShadow?.())?.close()
      return openTidemark(options)
    })
    expect(await runGate([{ name: 'opening', count: async () => whole }], { baseline, attempts: 1 })).toMatchObject({ breaches: [] })
    const { breaches } = await runGate([{ name: 'opening', count: twice }], { baseline, attempts: 1 })
    expect(breaches).toMatchObject(['sqljs', 'pglite'].map((engine) => ({ name: `opening / ${engine} / open at head`, reason: 'engines started: 2; at most 1 are allowed' })))
  })
})
