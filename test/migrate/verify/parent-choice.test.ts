/** Which rows of other tables a new row refers to, and when it refers to none. */
import { describe, expect, it } from 'vitest'
import { type ParentKeys, chooseParents } from '../../../src/migrate/verify/parent-choice.ts'
import type { SqlValue } from '../../../src/storage/storage.ts'
import { foreignKey } from './live-table.ts'

const teams = foreignKey(['customer', 'team'], 'teams', ['customer', 'id'])
const people = foreignKey(['customer', 'person'], 'people', ['customer', 'id'])

type Tuples = readonly (readonly SqlValue[])[]

function parents(...keys: readonly (readonly [ParentKeys['key'], Tuples, 'prefersNull'?])[]): readonly ParentKeys[] {
  return keys.map(([key, tuples, prefersNull]) => ({ key, tuples, prefersNull: prefersNull !== undefined }))
}

/** The values that were chosen, or the key that cannot be met. */
function choose(keys: readonly ParentKeys[], { nullable = [], fixed = {}, start = 0 }: { nullable?: readonly string[]; fixed?: Readonly<Record<string, SqlValue>>; start?: number } = {}): unknown {
  const found = chooseParents(keys, new Set(nullable), new Map(Object.entries(fixed)), start)
  return found instanceof Map ? Object.fromEntries(found) : found
}

describe('what a row refers to', () => {
  it('is the first row of the parent, another one from another start, and the first again after the last', () => {
    const keys = parents([teams, [[1, 10], [1, 11], [2, 20]]])
    expect([0, 1, 2, 3, 7].map((start) => choose(keys, { start }))).toEqual([[1, 10], [1, 11], [2, 20], [1, 10], [1, 11]].map(([customer, team]) => ({ customer, team })))
  })

  it('agrees for keys that share a column, whichever row of the first has to give way', () => {
    const keys = parents([teams, [[1, 10], [2, 20], [3, 30]]], [people, [[3, 300], [4, 400]]])
    for (const start of [0, 1, 2]) expect(choose(keys, { start })).toEqual({ customer: 3, team: 30, person: 300 })
  })

  it('agrees with what is fixed, which stays and may be a number where the parent has a text', () => {
    const keys = parents([teams, [['1', '10'], ['2', '20']]])
    expect(choose(keys, { fixed: { customer: 2, other: 'x' } })).toEqual({ customer: '2', team: '20', other: 'x' })
    expect(choose(keys, { fixed: { customer: 2n } })).toEqual({ customer: '2', team: '20' })
    expect(choose(parents([foreignKey(['flag'], 'flags'), [[false], [true]]]), { fixed: { flag: true } })).toEqual({ flag: true })
    expect(choose(parents([foreignKey(['flag'], 'flags'), [['true']]]), { fixed: { flag: true } })).toMatchObject({ references: { table: 'flags' } })
    expect(choose(parents([foreignKey(['flag'], 'flags'), [[true]]]), { fixed: { flag: 'true' } })).toMatchObject({ references: { table: 'flags' } })
  })

  it('is never a row that has a null in what is referred to', () => {
    expect(choose(parents([teams, [[null, 9], [1, null], [1, 10]]]))).toEqual({ customer: 1, team: 10 })
  })

  it('is nothing where null is preferred and a column takes it', () => {
    expect(choose(parents([teams, [[1, 10]], 'prefersNull']), { nullable: ['team'] })).toEqual({ team: null })
    expect(choose(parents([teams, [[1, 10]], 'prefersNull']), { nullable: ['customer', 'team'] })).toEqual({ customer: null, team: null })
    expect(choose(parents([teams, [[1, 10]], 'prefersNull']))).toEqual({ customer: 1, team: 10 })
    expect(choose(parents([teams, [[1, 10]], 'prefersNull']), { nullable: ['team'], fixed: { team: 10 } })).toEqual({ customer: 1, team: 10 })
  })

  it('is a row where null is not preferred, and nothing where there is no row', () => {
    expect(choose(parents([teams, [[1, 10]]]), { nullable: ['team'] })).toEqual({ customer: 1, team: 10 })
    expect(choose(parents([teams, [[1, 10]]]), { nullable: ['team'], fixed: { customer: 7 } })).toEqual({ customer: 7, team: null })
    expect(choose(parents([teams, []]), { nullable: ['team'] })).toEqual({ team: null })
  })

  it('is nothing where null stands in the key already', () => {
    expect(choose(parents([teams, [[1, 10]]]), { fixed: { customer: null, team: 3 } })).toEqual({ customer: null, team: 3 })
    // The other key, which shares that column, then refers to nothing either.
    expect(choose(parents([teams, [[1, 10]], 'prefersNull'], [people, [[1, 100]]]), { nullable: ['customer'] })).toEqual({ customer: null })
  })

  it('is no matter where there are no keys', () => {
    expect(choose([], { fixed: { a: 1 } })).toEqual({ a: 1 })
  })
})

describe('where a row cannot refer to anything', () => {
  it('the key is told that cannot be met beside the others', () => {
    expect(choose(parents([teams, []]))).toBe(teams)
    expect(choose(parents([teams, [[1, 10], [2, 20]]], [people, [[3, 300]]]))).toBe(people)
    expect(choose(parents([teams, [[1, 10]]], [people, [[3, 300]]]), { fixed: { team: 11 } })).toBe(teams)
  })

  it('that is found out after so many tries, and not after all there are', () => {
    const many = Array.from({ length: 50 }, (_, id) => [id])
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((column) => foreignKey([column], column))
    expect(choose(parents(...keys.map((key) => [key, many] as const), [people, []]))).toBe(people)
  })
})
