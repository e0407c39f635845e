/** Which enums with a name are made, get values more, are made anew or go. */
import { describe, expect, it } from 'vitest'
import { enumPlan } from '../../../src/migrate/autogenerate/enum-changes.ts'
import { c } from '../../../src/schema/column.ts'
import { type Columns, type TableConstraints, type TableDefinition, normalizeTable } from '../../../src/schema/table.ts'

const e = (...values: readonly string[]): ReturnType<typeof c.enum> => c.enum(values, { name: 'e' })
const tables = (columns: Columns, constraints: TableConstraints = {}, name = 't'): ReadonlyMap<string, TableDefinition> => new Map([[name, normalizeTable(name, columns, constraints)]])
/** As PostgreSQL tells them. */
const changed = (from: readonly string[], to: readonly string[], after = tables({ a: e(...to) })): ReturnType<typeof enumPlan> => enumPlan([{ kind: 'enumChanged', name: 'e', from, to }], new Map(), after, 'postgres')

describe('an enum gets a value more', () => {
  it.each([
    ['at the end', ['a'], ['a', 'b', 'c'], [{ add: 'b' }, { add: 'c' }]],
    ['at the beginning, the second one after the first', ['a'], ['x', 'y', 'a'], [{ add: 'x', before: 'a' }, { add: 'y', after: 'x' }]],
    ['between two', ['a', 'b'], ['a', 'x', 'y', 'b'], [{ add: 'x', after: 'a' }, { add: 'y', after: 'x' }]],
    ['in many places', ['b', 'd'], ['a', 'b', 'c', 'd', 'e'], [{ add: 'a', before: 'b' }, { add: 'c', after: 'b' }, { add: 'e' }]],
  ])('%s', (_, from, to, changes) => {
    const plan = changed(from, to)
    expect(plan.extended).toEqual(changes.map((change) => ({ name: 'e', change })))
    expect([...plan.replaced]).toEqual([])
  })
})

describe('an enum is made anew', () => {
  it.each([
    ['when a value goes', ['a', 'b'], ['a']],
    ['when a value goes and one comes', ['a', 'b'], ['a', 'c']],
    ['when its order is another', ['a', 'b'], ['b', 'a']],
    ['when only a part of its order is another', ['a', 'b', 'd'], ['a', 'd', 'b']],
    ['when its order is another and one comes', ['a', 'b'], ['b', 'a', 'c']],
  ])('%s', (_, from, to) => {
    const plan = changed(from, to)
    expect([...plan.replaced]).toEqual([['e', to]])
    expect(plan.extended).toEqual([])
  })

  const more = e('a', 'b')
  it.each<readonly [string, ReadonlyMap<string, TableDefinition>, boolean]>([
    ['a default', tables({ a: e('a', 'b').default('b') }), true],
    ['a default in words of the database', tables({ a: more, n: c.text().defaultSql(`coalesce(null, 'b')`) }), true],
    ['a generated column', tables({ a: more, n: c.boolean().generated(`a = 'b'`) }), true],
    ['a check', tables({ a: more }, { checks: [{ expression: `a <> 'b'` }] }), true],
    ['the predicate of an index', tables({ a: more }, { indexes: [{ columns: ['a'], where: `a = 'b'` }] }), true],
    ['an expression of an index', tables({ a: more }, { indexes: [{ columns: [{ expression: `(a = 'b')` }] }] }), true],
    ['a default in one of two tables', new Map([...tables({ a: e('a', 'b').default('b') }), ...tables({ a: more }, {}, 'other')]), true],
    ['only its own check', tables({ a: more, n: c.text() }), false],
    ['a default of a column of another type', tables({ a: more, n: c.text().default('b') }), false],
    ['a check of a table without the enum', tables({ n: c.text() }, { checks: [{ expression: `n <> 'b'` }] }), false],
    ['a check with a column of that name', tables({ a: more, b: c.text() }, { checks: [{ expression: `b <> 'x'` }] }), false],
    ['an old value in a default', tables({ a: e('a', 'b').default('a') }), false],
  ])('when the new value is used at once: %s', (_, after, isAnew) => {
    expect([...changed(['a'], ['a', 'b'], after).replaced.keys()]).toEqual(isAnew ? ['e'] : [])
  })
})

it('where the engine has no enum types they are read off the columns', () => {
  const before = tables({ a: c.enum(['x'], { name: 'gone' }), b: c.enum(['x'], { name: 'same' }), d: c.enum(['x'], { name: 'more' }), f: c.enum(['x']) })
  const after = tables({ a: c.enum(['x', 'y'], { name: 'more' }), b: c.enum(['x'], { name: 'same' }), d: c.enum(['z'], { name: 'come' }), f: c.enum(['y']) })
  const plan = enumPlan([{ kind: 'enumAdded', name: 'not asked', values: [] }], before, after, 'sqlite')
  expect(plan).toEqual({ created: [{ name: 'come', values: ['z'] }], extended: [{ name: 'more', change: { add: 'y' } }], replaced: new Map(), dropped: ['gone'] })
  expect([...enumPlan([], tables({ a: e('x', 'y') }), tables({ a: e('y', 'x') }), 'sqlite').replaced.keys()]).toEqual(['e'])
  expect([...enumPlan([], tables({ a: e('x', 'y') }), tables({ a: e('x') }), 'sqlite').replaced.keys()]).toEqual(['e'])
})

it('where it has them they are those of the differences', () => {
  const plan = enumPlan([{ kind: 'enumAdded', name: 'come', values: ['z'] }, { kind: 'enumDropped', name: 'gone', values: ['x'] }], new Map(), tables({ a: e('x') }), 'postgres')
  expect(plan).toEqual({ created: [{ name: 'come', values: ['z'] }], extended: [], replaced: new Map(), dropped: ['gone'] })
})
