import { describe, expect, it } from 'vitest'
import type { Figure } from '../../../bench/figure.ts'
import { runGate, type GatedBench } from '../../../bench/gate/attempts.ts'

const base: Figure = {
  bench: 'lists', engine: 'sqljs', operation: 'tests.list', times: { p50: 1, p95: 1, p99: 1 }, reference: null, ratio: 1, counts: { statements: 2 }, limits: { ratio: 1.5, counts: { statements: 2 } },
}

/** A bench whose runs give these figures, one after the other. */
function bench(...runs: readonly Partial<Figure>[]): GatedBench & { readonly runs: () => number } {
  let next = 0
  return { name: 'lists', count: async () => [], time: async () => [{ ...base, ...runs[next++] }], runs: () => next }
}

describe('the gate', () => {
  it('runs a bench once when nothing is broken', async () => {
    const lists = bench({ ratio: 1.4 })
    expect(await runGate([lists], { baseline: {}, attempts: 3 })).toMatchObject({ breaches: [], attempts: { lists: 1 } })
    expect(lists.runs()).toBe(1)
  })

  it('lets one spoilt run pass, and tells of it', async () => {
    const told: string[] = []
    const result = await runGate([bench({ ratio: 4 }, { ratio: 1.2 })], { baseline: {}, attempts: 3, onBroken: (name, [breach]) => told.push(`${name} ${breach?.reason}`) })
    expect(result).toMatchObject({ breaches: [], attempts: { lists: 2 }, figures: [{ ratio: 1.2 }] })
    expect(told).toEqual([expect.stringContaining('lists takes 4.00 ×')])
  })

  it('stays shut when every run is too slow, and says the best of them', async () => {
    const result = await runGate([bench({ ratio: 4 }, { ratio: 2 }, { ratio: 3 })], { baseline: {}, attempts: 3 })
    expect(result).toMatchObject({ attempts: { lists: 3 }, breaches: [{ reason: expect.stringContaining('takes 2.00 ×') }] })
  })

  it('times nothing when what is counted is broken', async () => {
    const [lists, analytics] = [bench({}), { ...bench({}), name: 'analytics', count: async () => [{ ...base, ratio: null, counts: { statements: 52 } }] }]
    const result = await runGate([lists, analytics], { baseline: {}, attempts: 3 })
    expect(result).toMatchObject({ attempts: {}, breaches: [{ reason: 'statements: 52; at most 2 are allowed' }] })
    expect([lists.runs(), analytics.runs()]).toEqual([0, 0])
  })

  it('takes what is counted for all that there is where nothing is to be timed', async () => {
    const answers = { name: 'answers', count: async () => [{ ...base, ratio: null }] }
    expect(await runGate([answers], { baseline: {}, attempts: 3 })).toMatchObject({ breaches: [], figures: [{ operation: 'tests.list' }] })
    const missed = await runGate([answers], { baseline: { 'answers / sqljs / users.summary': { ratio: null, counts: {} } }, attempts: 3 })
    expect(missed.breaches).toMatchObject([{ reason: 'is in the baseline and was not measured' }])
  })

  it('does not take back a count that was once too high', async () => {
    const result = await runGate([bench({ counts: { statements: 52 } }, { counts: { statements: 2 } })], { baseline: {}, attempts: 2 })
    expect(result.breaches).toEqual([expect.objectContaining({ reason: 'statements: 52; at most 2 are allowed' })])
  })
})
