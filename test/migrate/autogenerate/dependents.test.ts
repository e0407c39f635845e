/** What has to be away while a column or a key is changed, and comes back after it. */
import { describe, expect, it } from 'vitest'
import { plainColumns, sameSet, withDependents } from '../../../src/migrate/autogenerate/dependents.ts'
import { breaksKey, makesKey } from '../../../src/migrate/autogenerate/step-order.ts'
import type { TableChange } from '../../../src/migrate/autogenerate/table-change.ts'
import type { ColumnAspect } from '../../../src/schema/difference.ts'
import { c } from '../../../src/schema/column.ts'
import { type Columns, type IndexDefinition, type TableConstraints, type TableDefinition, defaultNaming as naming, normalizeTable } from '../../../src/schema/table.ts'

const columns: Columns = { id: c.integer().primaryKey(), a: c.text(), b: c.integer(), computed: c.text().generated('lower(a)'), apart: c.integer().generated('b + 1'), kind: c.enum(['a']) }
const constraints: TableConstraints = {
  uniques: [{ name: 'u_a', columns: ['b', 'a'] }, { name: 'u_b', columns: ['b'] }],
  indexes: [{ name: 'i_a', columns: ['b', 'a'] }, { name: 'i_b', columns: ['b'] }, { name: 'i_expression', columns: ['b', { expression: 'lower(a)' }] }, { name: 'i_where', columns: ['b'], where: 'a is not null' }, { name: 'i_other', columns: [{ expression: 'b + 1' }], where: `b <> 'a'` }],
  checks: [{ name: 'k_a', expression: "a <> ''" }, { name: 'k_b', expression: "b > 0 or 'a' = 'b'" }],
  foreignKeys: [{ name: 'f_a', columns: ['a', 'b'], references: { table: 'u', columns: ['a', 'b'] } }, { name: 'f_b', columns: ['b'], references: { table: 'u', columns: ['b'] } }],
}
const t = normalizeTable('t', columns, constraints)
const child = normalizeTable('child', { id: c.integer().primaryKey(), x: c.integer(), y: c.text() }, {
  foreignKeys: [{ name: 'beside', columns: ['y', 'x'], references: { table: 'u', columns: ['a', 'b'] } }, { name: 'to_a', columns: ['x', 'y'], references: { table: 't', columns: ['b', 'a'] } }, { name: 'to_b', columns: ['x'], references: { table: 't', columns: ['b'] } }, { name: 'to_other', columns: ['y'], references: { table: 'u', columns: ['a'] } }],
})

const columnOf = (table: TableDefinition, name: string): TableDefinition['columns'][number] => {
  const column = table.columns.find((candidate) => candidate.name === name)
  if (column === undefined) throw new Error(`No column ${name}`)
  return column
}
const drop = (name: string): TableChange => ({ change: 'dropColumn', table: 't', column: columnOf(t, name) })
const altered = (name: string, to: Columns[string], ...aspects: readonly ColumnAspect[]): TableChange => ({ change: 'alterColumn', table: 't', from: columnOf(t, name), to: { name, ...to.definition }, aspects: new Set(aspects) })

describe('with a column', () => {
  const all = ['column computed', 'column computed', 'index i_a', 'index i_expression', 'index i_where', 'check k_a', 'unique u_a', 'foreignKey f_a', 'foreignKey to_a']
  it('that goes, whatever names it', () => {
    expect(draggedBy([drop('a')])).toEqual(both(all))
  })

  it('of the primary key that goes, the key', () => {
    expect(draggedBy([drop('id')])).toEqual(both(['primaryKey']))
  })

  it('that is an enum goes its check, without being told', () => {
    expect(draggedBy([drop('kind')])).toEqual([])
  })

  it('that becomes something else, what holds only for its old type', () => {
    expect(draggedBy([altered('a', c.integer(), 'type')])).toEqual(both(['column computed', 'index i_expression', 'index i_where', 'check k_a', 'foreignKey f_a', 'foreignKey to_a']))
  })

  it('that becomes more of the same, only what is computed from it', () => {
    expect(draggedBy([altered('a', c.text({ length: 5 }), 'type')])).toEqual(both(['column computed']))
    expect(draggedBy([altered('a', c.text({ length: 5 }), 'type')], { isRecast: true })).toEqual(both(['column computed', 'index i_expression', 'index i_where', 'check k_a', 'foreignKey f_a', 'foreignKey to_a']))
  })

  it('whose type stays, nothing', () => {
    expect(draggedBy([altered('a', c.text().notNull(), 'nullable', 'default')])).toEqual([])
  })

  it('goes only what comes back', () => {
    expect(draggedBy([drop('a')], { after: [normalizeTable('t', { id: c.integer().primaryKey(), b: c.integer(), computed: c.text() }, {}), normalizeTable('child', { id: c.integer().primaryKey() }, {})] })).toEqual([])
    expect(draggedBy([drop('a')], { after: [] })).toEqual([])
    expect(draggedBy([drop('a')], { before: [child] })).toEqual([])
  })

  it('goes nothing that goes anyhow', () => {
    expect(draggedBy([drop('a'), drop('computed')])).not.toContain('dropColumn computed')
    expect(withDependents([drop('a'), drop('computed')], sides(), () => false).filter((item) => item.change === 'dropColumn')).toHaveLength(2)
  })
})

it('a change of a column that is made anew is in how it is made', () => {
  const changes = withDependents([altered('computed', c.text().generated('lower(a)').comment('x'), 'comment'), altered('b', c.bigint(), 'comment'), drop('a')], sides(), () => false)
  expect(changes.filter((item) => item.change === 'alterColumn').map((item) => item.to.name)).toEqual(['b'])
})

describe('with a key', () => {
  const index = (rest: Partial<IndexDefinition>): IndexDefinition => ({ name: 'i', columns: [{ column: 'a' }, { column: 'b' }], unique: true, ...rest })
  it.each<readonly [string, TableChange, readonly string[]]>([
    ['a unique that goes', { change: 'dropUnique', table: 't', unique: { name: 'x', columns: ['a', 'b'] } }, ['foreignKey to_a']],
    ['a primary key that goes', { change: 'dropPrimaryKey', table: 't', primaryKey: { name: 'x', columns: ['b'] } }, ['foreignKey to_b']],
    ['a unique index that goes', { change: 'dropIndex', table: 't', index: index({}) }, ['foreignKey to_a']],
    ['an index that goes', { change: 'dropIndex', table: 't', index: index({ unique: false }) }, []],
    ['a unique index for some rows that goes', { change: 'dropIndex', table: 't', index: index({ where: 'a > b' }) }, []],
    ['a unique of other columns that goes', { change: 'dropUnique', table: 't', unique: { name: 'x', columns: ['a'] } }, []],
    ['a unique that comes', { change: 'addUnique', table: 't', unique: { name: 'x', columns: ['a', 'b'] } }, []],
  ])('the foreign keys that rest on it: %s', (_, change, dragged) => {
    expect(draggedBy([change])).toEqual(both(dragged))
  })

  it('a foreign key comes back under the name that it has then', () => {
    const renamed = { ...child, foreignKeys: child.foreignKeys.map((key) => (key.name === 'to_a' ? { ...key, name: 'renamed', columns: ['y', 'x'] } : key)).filter((key) => key.name !== 'beside') }
    expect(draggedBy([{ change: 'dropUnique', table: 't', unique: { name: 'x', columns: ['a', 'b'] } }], { after: [t, renamed] })).toEqual(['addForeignKey renamed', 'dropForeignKey to_a'])
  })
})

describe('a foreign key to columns', () => {
  const index = (rest: Partial<IndexDefinition>): IndexDefinition => ({ name: 'i', columns: [{ column: 'b' }, { column: 'a' }], unique: true, ...rest })
  const key = { name: 'x', columns: ['b', 'a'] }
  const retyped = altered('a', c.integer(), 'type')
  it.each<readonly [string, drop: TableChange, add: TableChange, stands: boolean]>([
    ['one of which goes or comes', drop('a'), { change: 'addColumn', table: 't', column: columnOf(t, 'a') }, false],
    ['beside one that goes or comes', drop('apart'), { change: 'addColumn', table: 't', column: columnOf(t, 'apart') }, true],
    ['of a primary key', { change: 'dropPrimaryKey', table: 't', primaryKey: key }, { change: 'addPrimaryKey', table: 't', primaryKey: key }, false],
    ['of a unique', { change: 'dropUnique', table: 't', unique: key }, { change: 'addUnique', table: 't', unique: key }, false],
    ['of a part of a unique', { change: 'dropUnique', table: 't', unique: { name: 'x', columns: ['a'] } }, { change: 'addUnique', table: 't', unique: { name: 'x', columns: ['a', 'b', 'id'] } }, true],
    ['of a unique index', { change: 'dropIndex', table: 't', index: index({}) }, { change: 'addIndex', table: 't', index: index({}) }, false],
    ['of another index', { change: 'dropIndex', table: 't', index: index({ unique: false }) }, { change: 'addIndex', table: 't', index: index({ unique: false }) }, true],
    ['of a unique index with an expression', { change: 'dropIndex', table: 't', index: index({ columns: [{ expression: 'a' }, { column: 'b' }] }) }, { change: 'addIndex', table: 't', index: index({ where: 'a > b' }) }, true],
    ['that get a type of another kind', retyped, retyped, false],
    ['that get a type of the same kind', altered('a', c.text({ length: 5 }), 'type'), altered('a', c.text({ length: 5 }), 'type'), true],
    ['that are null or not', altered('a', c.integer(), 'nullable'), altered('a', c.integer(), 'nullable'), true],
    ['beside one of another type', altered('apart', c.text(), 'type'), altered('apart', c.text(), 'type'), true],
    ['with a check', { change: 'dropCheck', table: 't', check: { name: 'k', expression: 'a > b' } }, { change: 'addCheck', table: 't', check: { name: 'k', expression: 'a > b' } }, true],
  ])('%s', (_, gone, come, stands) => {
    expect([breaksKey([gone], ['a', 'b']), makesKey([come], ['a', 'b'])]).toEqual([!stands, !stands])
  })

  it('rests on plain columns in any order', () => {
    expect(plainColumns(index({}))).toEqual(['b', 'a'])
    expect([plainColumns(index({ where: 'a > b' })), plainColumns(index({ columns: [{ column: 'a' }, { expression: 'b' }] }))]).toEqual([[], []])
    expect([sameSet(['a', 'b'], ['b', 'a']), sameSet(['a', 'b'], ['a']), sameSet(['a'], ['a', 'b']), sameSet(['a', 'b'], ['a', 'c'])]).toEqual([true, false, false, false])
  })
})

interface Given {
  readonly before?: readonly TableDefinition[]
  readonly after?: readonly TableDefinition[]
  readonly isRecast?: boolean
}

function sides({ before = [t, child], after = [t, child] }: Given = {}): Parameters<typeof withDependents>[1] {
  const [first, second] = [before, after].map((tables) => new Map(tables.map((table) => [table.name, table])))
  return { before: first ?? new Map(), after: second ?? new Map(), naming }
}

/** What is done besides the changes themselves, sorted. */
function draggedBy(changes: readonly TableChange[], given: Given = {}): readonly string[] {
  return withDependents(changes, sides(given), () => given.isRecast === true).filter((item) => !changes.includes(item)).map(nameOf).toSorted()
}

function both(names: readonly string[]): readonly string[] {
  return [...new Set(names)].flatMap((name) => ['add', 'drop'].map((verb) => `${verb}${name.slice(0, 1).toUpperCase()}${name.slice(1)}`)).toSorted()
}

function nameOf(item: TableChange): string {
  if ('foreignKey' in item) return `${item.change} ${item.foreignKey.name}`
  if ('index' in item) return `${item.change} ${item.index.name}`
  if ('check' in item) return `${item.change} ${item.check.name}`
  if ('unique' in item) return `${item.change} ${item.unique.name}`
  return 'column' in item ? `${item.change} ${item.column.name}` : item.change
}
