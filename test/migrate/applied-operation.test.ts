import { describe, expect, it } from 'vitest'
import { appliedFrom, summarizeApplied } from '../../src/migrate/applied-operation.ts'

const operation = { kind: 'updateInBatches', table: 'items', set: 'n = 1' }
const reached = { column: 'id', key: 7, rows: 10, ofRows: 25 }

describe('what the history says of a run', () => {
  it('is read as it was written', () => {
    const written = [{ grade: 'rebuild', statements: 3, operation: { kind: 'dropTable', table: 'old' } }, { grade: 'text', statements: 1, operation: { kind: 'dropTable', table: 'older' } }, { grade: 'data', statements: 2, operation, reached }] as const
    expect(appliedFrom(written)).toEqual(written)
    expect(appliedFrom(written).map(summarizeApplied)).toEqual(['dropTable old', 'dropTable older', 'updateInBatches items (10 of 25 rows)'])
  })

  it.each([
    ['a text', 'createTable'], ['nothing', null], ['a list', [operation]], ['no operation', {}], ['an operation that is a list', { operation: [operation] }],
    ['a place that is a text', { operation, reached: 'row 7' }], ['a place without its column', { operation, reached: { ...reached, column: null } }], ['a place whose key is a list', { operation, reached: { ...reached, key: [7] } }],
  ])('never passes for an operation when nobody can read it: %s', (_, item) => {
    expect(appliedFrom([item])).toEqual([{ grade: 'native', statements: 0, operation: {} }])
  })

  it('is nothing where it is no list', () => {
    expect([appliedFrom(null), appliedFrom('x'), appliedFrom({ operation })]).toEqual([[], [], []])
  })
})
