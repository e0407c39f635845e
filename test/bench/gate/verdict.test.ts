import { describe, expect, it } from 'vitest'
import type { Figure } from '../../../bench/figure.ts'
import { baselineOf, breachesOf } from '../../../bench/gate/verdict.ts'

const times = { p50: 2, p95: 3, p99: 4 }
const figure: Figure = {
  bench: 'lists', engine: 'sqljs', operation: 'tests.list', times, reference: { p50: 2, p95: 2, p99: 2 }, ratio: 1.2,
  counts: { statements: 2, compiled: 0 }, limits: { ratio: 1.5, p95: 2, counts: { statements: 2 } },
}
const reasons = (changed: Partial<Figure>, baseline = baselineOf([figure])): readonly string[] =>
  breachesOf([{ ...figure, ...changed }], baseline, ['lists']).map(({ name, reason }) => `${name}: ${reason}`)

describe('a run', () => {
  it('as good as before is whole, and so is one that is a third slower', () => {
    expect(reasons({})).toEqual([])
    expect(reasons({ ratio: 1.49 })).toEqual([])
  })

  it('is not broken by a slow machine alone', () => {
    expect(reasons({ times: { p50: 200, p95: 300, p99: 400 } })).toEqual([])
  })

  it('is broken by a ratio beyond the design', () => {
    expect(reasons({ ratio: 1.51 })).toEqual(['lists / sqljs / tests.list: takes 1.51 × of the reference; the design allows 1.50 ×'])
  })

  it('is broken by a ratio that is half as much again as that of the baseline, also where the design allows it', () => {
    expect(reasons({ ratio: 1.81, limits: { ratio: 2 } })).toEqual(['lists / sqljs / tests.list: takes 1.81 × of the reference; the baseline is 1.20 ×'])
  })

  it('is broken by one statement more than is allowed, or than there was', () => {
    expect(reasons({ counts: { statements: 3, compiled: 0 } })).toEqual(['lists / sqljs / tests.list: statements: 3; at most 2 are allowed'])
    expect(reasons({ counts: { statements: 2, compiled: 1 } })).toEqual(['lists / sqljs / tests.list: compiled: 1; the baseline is 0'])
  })

  it('is broken by a quarter more of what the engine does inside, and not by what its statistics change', () => {
    const before = baselineOf([{ ...figure, work: { pages: 400, rows: 1000 } }])
    expect(reasons({ work: { pages: 500, rows: 1250 } }, before)).toEqual([])
    expect(reasons({ work: { pages: 501, rows: 1000 } }, before)).toEqual(['lists / sqljs / tests.list: pages inside the engine: 501; the baseline is 400'])
  })

  it('is broken by a figure that is no number', () => {
    expect(reasons({ ratio: Number.NaN })).toHaveLength(2)
    expect(reasons({ counts: { statements: Number.NaN } })).toHaveLength(1)
  })

  it('is broken by an operation that is not measured any more, if its bench was run', () => {
    const gone = baselineOf([figure, { ...figure, operation: 'users.list' }, { ...figure, bench: 'search' }])
    expect(reasons({}, gone)).toEqual(['lists / sqljs / users.list: is in the baseline and was not measured'])
  })

  it('of something new is judged by the design alone', () => {
    expect(reasons({ ratio: 1.5 }, {})).toEqual([])
    expect(reasons({ ratio: 1.51 }, {})).toHaveLength(1)
  })
})
