/** Tables as they would be declared, so that what is planned for them and what its source code does are equal. */
import { describe, expect, it } from 'vitest'
import { actionsOf, bareColumn, declarationOf, declaredForm, indexColumn, ownPrimaryKey, plainDefault } from '../../../src/migrate/autogenerate/declaration.ts'
import { c } from '../../../src/schema/column.ts'
import { type Columns, type TableConstraints, type TableDefinition, defaultNaming as naming, normalizeTable } from '../../../src/schema/table.ts'

const id = c.integer().primaryKey()
const tableOf = (columns: Columns, constraints: TableConstraints = {}): TableDefinition => normalizeTable('t', columns, constraints)

describe('a table is declared again as it was', () => {
  const cases: Readonly<Record<string, readonly [Columns, TableConstraints]>> = {
    'with columns of every type': [
      { id, a: c.text(), b: c.text({ length: 5 }), d: c.numeric(), e: c.numeric(5), f: c.numeric(5, 2), g: c.enum(['x', 'y']), h: c.enum(['x'], { name: 'e' }), i: c.json().default({ a: null }), j: c.bytes(), k: c.uuid(), l: c.bigint() },
      {},
    ],
    'with what a column says of itself': [
      { id, a: c.text().notNull().unique().default('x').comment('c'), b: c.integer().references('u', 'id', { onDelete: 'cascade', onUpdate: 'restrict' }), d: c.integer().references('u', 'id'), e: c.integer().generated('id + 1'), f: c.instant().defaultNow(), g: c.real().defaultSql('1 + 1') },
      { comment: 'what it is for' },
    ],
    'with a key of several columns': [{ a: c.text().notNull(), b: c.text().notNull() }, { primaryKey: ['b', 'a'] }],
    'with constraints of several columns under the names of the convention': [
      { id, a: c.text(), b: c.text() },
      { uniques: [{ columns: ['a', 'b'] }], indexes: [{ columns: [{ column: 'a' }, { column: 'b', order: 'desc' }, { expression: 'lower(a)' }] }], checks: [{ expression: 'a > b' }, { expression: 'b > a' }], foreignKeys: [{ columns: ['a', 'b'], references: { table: 'u', columns: ['a', 'b'] } }] },
    ],
    'with constraints under names of their own': [
      { id, a: c.text(), b: c.text() },
      { uniques: [{ name: 'u', columns: ['a'] }], indexes: [{ name: 'i', columns: [{ column: 'a' }], unique: true, where: 'a > b' }], checks: [{ name: 'k', expression: 'a > b' }], foreignKeys: [{ name: 'f', columns: ['a'], references: { table: 'u', columns: ['a'] }, onDelete: 'set null' }] },
    ],
    'with constraints under names that would be those of other columns': [
      { id, a: c.text(), b: c.text(), a_b: c.text() },
      { uniques: [{ name: 'uq_t_a', columns: ['a', 'b'] }, { name: 'uq_t_b', columns: ['a'] }], foreignKeys: [{ name: 'fk_t_a', columns: ['a', 'b'], references: { table: 'u', columns: ['a', 'b'] } }, { name: 'fk_t_b', columns: ['a'], references: { table: 'u', columns: ['a'] } }] },
    ],
    'with a key over several columns whose name is also that of one': [{ id, a: c.text(), b: c.text(), a_b: c.text() }, { uniques: [{ columns: ['a', 'b'] }] }],
    'with a check beside that of an enum': [{ id, a: c.enum(['x']), b: c.enum(['y'], { name: 'e' }) }, { checks: [{ expression: "a <> 'z'" }] }],
  }
  it.each(Object.entries(cases))('%s', (_, [columns, constraints]) => {
    const definition = tableOf(columns, constraints)
    expect(declarationOf(definition, naming)).toEqual({ columns: Object.entries(columns).map(([name, builder]) => [name, builder.definition]), constraints })
    expect(declaredForm(definition, naming)).toEqual(definition)
  })
})

describe('a table of a database', () => {
  it('has a primary key with a name of its own beside its declaration', () => {
    const named = { ...tableOf({ id }), primaryKey: { name: 'people_pkey', columns: ['id'] } }
    expect(ownPrimaryKey(named, naming)).toEqual({ name: 'people_pkey', columns: ['id'] })
    expect(ownPrimaryKey(tableOf({ id }), naming)).toBeUndefined()
    expect(ownPrimaryKey(tableOf({ a: c.text() }), naming)).toBeUndefined()
    expect(declaredForm(named, naming)).toEqual({ ...tableOf({ id: c.integer().notNull() }), primaryKey: undefined })
    const several = { ...tableOf({ a: c.text().notNull(), b: c.text().notNull() }, { primaryKey: ['a', 'b'] }), primaryKey: { name: 'own', columns: ['a', 'b'] } }
    expect(declaredForm(several, naming)).toEqual(tableOf({ a: c.text().notNull(), b: c.text().notNull() }))
  })

  it('has a text with a check where the check of an enum has a name of its own, or is gone', () => {
    const enums = tableOf({ id, a: c.enum(['x']), b: c.enum(['x']) })
    const [first, second] = enums.checks
    if (first === undefined || second === undefined) throw new Error('An enum has a check')
    const texts = tableOf({ id, a: c.text(), b: c.enum(['x']) }, { checks: [{ name: 'own', expression: first.expression }] })
    expect(declaredForm({ ...enums, checks: [{ ...first, name: 'own' }, second] }, naming)).toEqual({ ...texts, checks: [second, { name: 'own', expression: first.expression }] })
    expect(declaredForm({ ...enums, checks: [second] }, naming)).toEqual(tableOf({ id, a: c.text(), b: c.enum(['x']) }))
    expect(declaredForm({ ...enums, checks: [first, { ...second, enumOf: 'gone' }] }, naming)).toMatchObject({ checks: [first, { name: second.name, expression: second.expression }] })
  })
})

it('a column by itself has neither key nor unique nor reference', () => {
  const [column] = tableOf({ a: c.numeric(5, 2).notNull().unique().default(1).references('u', 'id').comment('c') }, { primaryKey: ['a'] }).columns
  if (column === undefined) throw new Error('The table has a column')
  expect(bareColumn(column)).toEqual({ name: 'a', type: { kind: 'numeric', precision: 5, scale: 2 }, nullable: false, primaryKey: false, unique: false, default: { kind: 'value', value: 1 }, comment: 'c' })
})

it('what is the standard is not said', () => {
  expect(indexColumn({ column: 'a', order: 'asc' })).toEqual({ column: 'a' })
  expect(indexColumn({ expression: 'a + 1', order: 'desc' })).toEqual({ expression: 'a + 1', order: 'desc' })
  expect(actionsOf({ onDelete: 'no action', onUpdate: 'no action' })).toEqual({})
  expect(actionsOf({ onDelete: 'cascade', onUpdate: 'set null' })).toEqual({ onDelete: 'cascade', onUpdate: 'set null' })
})

it('a default that is a big integer is a number where one can be it, and otherwise words of the database', () => {
  expect(plainDefault({ kind: 'value', value: -7n })).toEqual({ kind: 'value', value: -7 })
  expect(plainDefault({ kind: 'value', value: 9007199254740993n })).toEqual({ kind: 'sql', sql: '9007199254740993' })
  for (const value of [{ kind: 'value', value: 'x' }, { kind: 'sql', sql: 'random()' }, { kind: 'now' }] as const) expect(plainDefault(value)).toBe(value)
})
