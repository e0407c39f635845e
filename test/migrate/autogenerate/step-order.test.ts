/** In which order tables are made, changed and dropped, and what is taken out where they wait for each other. */
import { describe, expect, it } from 'vitest'
import { type Work, orderSteps } from '../../../src/migrate/autogenerate/step-order.ts'
import type { TableChange } from '../../../src/migrate/autogenerate/table-change.ts'
import { c } from '../../../src/schema/column.ts'
import { type Columns, type TableConstraints, type TableDefinition, defaultNaming as naming, normalizeTable } from '../../../src/schema/table.ts'

const id = c.integer().primaryKey()
const to = (table: string): Columns[string] => c.integer().references(table, 'id')
const tableOf = (name: string, columns: Columns = {}, constraints: TableConstraints = {}): TableDefinition => normalizeTable(name, { id, ...columns }, constraints)

describe('a new table that refers to itself', () => {
  it.each<readonly [string, TableDefinition, readonly string[]]>([
    ['has the key when it rests on its primary key', tableOf('t', { a: to('t') }), []],
    ['has the key when it rests on a unique', tableOf('t', { code: c.text().unique(), a: c.text().references('t', 'code') }), []],
    ['gets the key last when it rests on an index', tableOf('t', { code: c.text(), a: c.text().references('t', 'code') }, { indexes: [{ columns: ['code'], unique: true }] }), ['fk_t_a']],
    ['gets the key last when its primary key is made after it', { ...tableOf('t', { a: to('t') }), primaryKey: { name: 'own', columns: ['id'] } }, ['fk_t_a']],
  ])('%s', (_, table, late) => {
    const order = ordered({ created: [table] })
    expect(order).toEqual({ steps: ['create t'], early: [], late: late.map((name) => `addForeignKey ${name}`) })
  })
})

describe('where tables wait for each other', () => {
  const [a, b, z] = [tableOf('a', { b: to('b') }), tableOf('b', { a: to('a') }), tableOf('z', { a: to('a') })]
  it('one foreign key of the circle is made last, and none of a table that only waits for it', () => {
    expect(ordered({ created: [z, a, b] })).toEqual({ steps: ['create a', 'create z', 'create b'], early: [], late: ['addForeignKey fk_a_b'] })
  })

  it('one foreign key of the circle is dropped first', () => {
    expect(ordered({ dropped: [z, a, b] })).toEqual({ steps: ['drop z', 'drop a', 'drop b'], early: ['dropForeignKey fk_b_a'], late: [] })
  })
})

describe('a name', () => {
  const unique = (change: 'dropUnique' | 'addUnique', table: string, name: string): TableChange => ({ change, table, unique: { name, columns: ['id'] } })
  const key = (change: 'dropPrimaryKey' | 'addPrimaryKey', table: string, name: string): TableChange => ({ change, table, primaryKey: { name, columns: ['id'] } })
  const index = (change: 'dropIndex' | 'addIndex', table: string, name: string): TableChange => ({ change, table, index: { name, columns: [{ column: 'id' }], unique: false } })

  it.each([
    ['of an index', index('addIndex', 'a', 'n'), index('dropIndex', 'b', 'n')],
    ['of a unique', unique('addUnique', 'a', 'n'), unique('dropUnique', 'b', 'n')],
    ['of a primary key', key('addPrimaryKey', 'a', 'n'), key('dropPrimaryKey', 'b', 'n')],
    ['of a unique that an index gets', index('addIndex', 'a', 'n'), unique('dropUnique', 'b', 'n')],
  ])('is free before it is given to another table: %s', (_, add, drop) => {
    expect(ordered({ changed: [add, drop] }).steps).toEqual(['change b', 'change a'])
    expect(ordered({ changed: [add, index('dropIndex', 'b', 'other')] }).steps).toEqual(['change a', 'change b'])
  })

  it.each([
    ['a table', tableOf('n')],
    ['a primary key', { ...tableOf('t'), primaryKey: { name: 'n', columns: ['id'] } }],
    ['a unique', tableOf('t', {}, { uniques: [{ name: 'n', columns: ['id'] }] })],
    ['an index', tableOf('t', {}, { indexes: [{ name: 'n', columns: ['id'] }] })],
  ])('is that of %s as well, one that goes and one that comes', (_, table) => {
    expect(ordered({ dropped: [table], changed: [index('addIndex', 'a', 'n')] }).steps).toEqual([`drop ${table.name}`, 'change a'])
    expect(ordered({ created: [table], changed: [index('dropIndex', 'a', 'n')] }).steps).toEqual(['change a', `create ${table.name}`])
  })

  it('that changes places with another is dropped first', () => {
    expect(ordered({ changed: [index('dropIndex', 'a', 'one'), index('addIndex', 'a', 'two'), index('dropIndex', 'b', 'two'), index('addIndex', 'b', 'one')] })).toEqual({ steps: ['change b', 'change a'], early: ['dropIndex one'], late: [] })
  })
})

describe('an enum that is made anew', () => {
  const mood = c.enum(['x'], { name: 'mood' })
  it('waits for tables that go with it, and is waited for by those that have it', () => {
    const [gone, come, stays, plain] = [tableOf('gone', { m: mood }), tableOf('come', { m: mood }), tableOf('stays', { m: mood }), tableOf('plain', { m: c.enum(['x'], { name: 'other' }) })]
    const set: TableChange = { change: 'setComment', table: 'stays', comment: 'x' }
    expect(ordered({ replacedEnums: ['mood'], created: [come], dropped: [plain, gone], changed: [set], before: [gone, plain, stays], after: [come, stays] }).steps).toEqual(['drop gone', 'replace mood', 'create come', 'change stays', 'drop plain'])
    expect(ordered({ replacedEnums: ['mood'], created: [plain], dropped: [come], before: [come], after: [plain] }).steps).toEqual(['create plain', 'drop come', 'replace mood'])
  })
})

it('a foreign key waits only for a change that makes or takes its key', () => {
  const [child, other] = [tableOf('child', { t: to('t') }), tableOf('old', { t: to('t') })]
  const set: TableChange = { change: 'setComment', table: 't', comment: 'x' }
  const make: TableChange = { change: 'addPrimaryKey', table: 't', primaryKey: { name: 'p', columns: ['id'] } }
  const take: TableChange = { change: 'dropPrimaryKey', table: 't', primaryKey: { name: 'p', columns: ['id'] } }
  expect(ordered({ created: [child], changed: [set], dropped: [other] }).steps).toEqual(['create child', 'change t', 'drop old'])
  expect(ordered({ created: [child], changed: [make] }).steps).toEqual(['change t', 'create child'])
  expect(ordered({ dropped: [other], changed: [take] }).steps).toEqual(['drop old', 'change t'])
})

type Given = Partial<Pick<Work, 'created' | 'dropped' | 'replacedEnums'>> & { readonly changed?: readonly TableChange[]; readonly before?: readonly TableDefinition[]; readonly after?: readonly TableDefinition[] }

function ordered({ created = [], dropped = [], replacedEnums = [], changed = [], before = [], after = [] }: Given): { readonly steps: readonly string[]; readonly early: readonly string[]; readonly late: readonly string[] } {
  const byTable = new Map([...new Set(changed.map(({ table }) => table))].map((table) => [table, changed.filter((item) => item.table === table)]))
  const sides = { before: new Map(before.map((table) => [table.name, table])), after: new Map(after.map((table) => [table.name, table])), naming }
  const { steps, early, late } = orderSteps({ created, dropped, replacedEnums, changed: byTable, sides })
  return { steps: steps.map(({ step, name }) => `${step === 'replaceEnum' ? 'replace' : step} ${name}`), early: early.map(nameOf), late: late.map(nameOf) }
}

function nameOf(item: TableChange): string {
  return `${item.change} ${'foreignKey' in item ? item.foreignKey.name : 'index' in item ? item.index.name : ''}`
}
