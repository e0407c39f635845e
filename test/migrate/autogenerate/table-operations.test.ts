/** Changes of one table as operations: what an `alterColumn` has to say, and what comes along with a column. */
import { describe, expect, it } from 'vitest'
import type { TableChange } from '../../../src/migrate/autogenerate/table-change.ts'
import { type TableContext, grouped, tableOperations } from '../../../src/migrate/autogenerate/table-operations.ts'
import { type Operation, summarizeOperation } from '../../../src/migrate/operation.ts'
import type { ColumnAspect } from '../../../src/schema/difference.ts'
import { c } from '../../../src/schema/column.ts'
import { type Columns, type ForeignKeyDefinition, type NamedColumn, defaultNaming as naming } from '../../../src/schema/table.ts'

type Builder = Columns[string]

const context: TableContext = { naming, dialect: 'postgres', isRecast: () => false, losesAll: () => false }
const named = (name: string, builder: Builder): NamedColumn => ({ name, ...builder.definition })
const altered = (from: Builder, to: Builder, aspects: readonly ColumnAspect[], name = 'a'): TableChange => ({ change: 'alterColumn', table: 't', from: named(name, from), to: named(name, to), aspects: new Set(aspects) })

describe('a changed column', () => {
  const json = c.json()
  const cases: Readonly<Record<string, readonly [from: Builder, to: Builder, aspects: readonly ColumnAspect[], change: object]>> = {
    'says only what is different': [c.text().notNull(), c.text(), ['nullable'], { nullable: true }],
    'says all that is different': [c.text(), c.text({ length: 5 }).notNull().default('x').comment('c'), ['type', 'nullable', 'default', 'comment'], { type: { kind: 'text', length: 5 }, nullable: false, default: { kind: 'value', value: 'x' }, comment: 'c' }],
    'loses its default': [c.text().default('x'), c.text(), ['default'], { default: null }],
    'loses its comment beside something else': [c.text().comment('c'), c.text().notNull(), ['nullable', 'comment'], { nullable: false, comment: null }],
    'has the same default in a type of the same kind': [c.integer().default(1), c.bigint().default(1), ['type'], { type: { kind: 'bigint' } }],
    'has its default anew in a type of another kind': [c.text().default('1'), c.integer().default(1), ['type'], { type: { kind: 'integer' }, default: { kind: 'value', value: 1 } }],
    'has no default any more in a type of another kind': [c.text().default('1'), c.integer(), ['type'], { type: { kind: 'integer' }, default: null }],
    'has its first default in a type of another kind': [c.text(), c.integer().default(1), ['type'], { type: { kind: 'integer' }, default: { kind: 'value', value: 1 } }],
    'never had a default in a type of another kind': [c.text(), c.integer(), ['type'], { type: { kind: 'integer' } }],
    'converts what no cast does': [c.integer(), c.boolean(), ['type'], { type: { kind: 'boolean' }, using: '"a" <> 0' }],
    'says a big integer as a number': [c.bigint(), c.bigint().default(7n as unknown as number), ['default'], { default: { kind: 'value', value: 7 } }],
    'says an object as it is': [json, c.json().default({ a: 1 }), ['default'], { default: { kind: 'value', value: { a: 1 } } }],
    'says a list as it is': [json, c.json().default(['sql']), ['default'], { default: { kind: 'value', value: ['sql'] } }],
    'says with its type that a text is JSON': [json, c.json().default('x'), ['default'], { type: { kind: 'json' }, default: { kind: 'value', value: 'x' } }],
    'says with its type that a number is JSON': [json, c.json().default(1), ['default'], { type: { kind: 'json' }, default: { kind: 'value', value: 1 } }],
    'says with its type that a truth is JSON': [json, c.json().default(true), ['default'], { type: { kind: 'json' }, default: { kind: 'value', value: true } }],
    'says an object that would be taken for words of the database in such words': [json, c.json().default({ sql: `it's` }), ['default'], { default: { kind: 'sql', sql: `'{"sql":"it''s"}'` } }],
    'says an object that would be taken for the moment in words of the database': [json, c.json().default({ now: true }), ['default'], { default: { kind: 'sql', sql: `'{"now":true}'` } }],
    'says the null of JSON in words of the database': [json, c.json().default(null), ['default'], { default: { kind: 'sql', sql: `'null'` } }],
    'says words of the database as they are': [json, c.json().defaultSql(`'1'`), ['default'], { default: { kind: 'sql', sql: `'1'` } }],
    'says with its type that the moment is a day': [c.date(), c.date().defaultNow(), ['default'], { type: { kind: 'date' }, default: { kind: 'now' } }],
    'says a day that is given without its type': [c.date(), c.date().default('2026-01-01'), ['default'], { default: { kind: 'value', value: '2026-01-01' } }],
    'says the moment of an instant without its type': [c.instant(), c.instant().defaultNow(), ['default'], { default: { kind: 'now' } }],
  }
  it.each(Object.entries(cases))('%s', (_, [from, to, aspects, change]) => {
    const operations = tableOperations('t', [altered(from, to, aspects)], context)
    expect(operations.map((operation) => (operation.kind === 'alterColumn' ? operation.change : operation.kind))).toEqual([change])
  })

  it('of which only the comment is another has an operation for that', () => {
    expect(tableOperations('t', [altered(c.text(), c.text().comment('c'), ['comment'])], context)).toEqual([{ kind: 'setColumnComment', table: 't', column: 'a', comment: 'c' }])
    expect(tableOperations('t', [altered(c.text().comment('c'), c.text(), ['comment'])], context)).toEqual([{ kind: 'setColumnComment', table: 't', column: 'a', comment: null }])
  })

  it('that is a text for a while has its default anew, and no conversion', () => {
    const state = c.enum(['x'], { name: 'state' }).default('x')
    const [operation] = tableOperations('t', [altered(state, state, ['type'])], { ...context, isRecast: (table, column) => table === 't' && column === 'a' })
    expect(operation).toMatchObject({ change: { type: { kind: 'enum', name: 'state' }, default: { kind: 'value', value: 'x' }, using: undefined } })
    const [other] = tableOperations('t', [altered(c.enum(['x'], { name: 'e' }), c.enum(['x'], { name: 'f' }), ['type'])], context)
    expect(other).toMatchObject({ change: { using: '"a"::text::"f"' } })
  })
})

describe('with a new column', () => {
  const a: TableChange = { change: 'addColumn', table: 't', column: named('a', c.integer()) }
  const unique = (name: string, ...columns: readonly string[]): TableChange => ({ change: 'addUnique', table: 't', unique: { name, columns } })
  const key = (name: string, target: string, ...columns: readonly string[]): TableChange => {
    const foreignKey: ForeignKeyDefinition = { name, columns, references: { table: target, columns: columns.map(() => 'id') }, onDelete: 'cascade', onUpdate: 'no action' }
    return { change: 'addForeignKey', table: 't', foreignKey }
  }

  it('come the unique and the reference that have the names of the convention', () => {
    expect(tableOperations('t', [a, unique('uq_t_a', 'a'), key('fk_t_a', 'u', 'a')], context)).toMatchObject([{
      kind: 'addColumn', column: { name: 'a', unique: true, references: { table: 'u', column: 'id', onDelete: 'cascade' } },
      unique: { name: 'uq_t_a', columns: ['a'] }, foreignKey: { name: 'fk_t_a', references: { table: 'u', columns: ['id'] } },
    }])
  })

  it.each<readonly [string, TableChange]>([
    ['a unique of another name', unique('own', 'a')],
    ['a unique of several columns under its name', unique('uq_t_a', 'a', 'b')],
    ['a unique of another column under its name', unique('uq_t_a', 'b')],
    ['a foreign key of another name', key('own', 'u', 'a')],
    ['a foreign key of several columns under its name', key('fk_t_a', 'u', 'a', 'b')],
    ['a foreign key of another column under its name', key('fk_t_a', 'u', 'b')],
  ])('does not come %s', (_, change) => {
    const operations = tableOperations('t', [a, change], context)
    expect(operations.map((operation) => operation.kind)).toEqual(['addColumn', change.change === 'addUnique' ? 'createUnique' : 'createForeignKey'])
    expect(operations[0]).toMatchObject({ column: { unique: false }, unique: undefined, foreignKey: undefined })
    if (change.change === 'addForeignKey') expect(operations[1]).toEqual({ kind: 'createForeignKey', table: 't', foreignKey: change.foreignKey, notValid: false })
  })

  it('comes a reference to its own table, unless the key is made beside it', () => {
    const own = key('fk_t_a', 't', 'a')
    expect(tableOperations('t', [a, own], context).map((operation) => operation.kind)).toEqual(['addColumn'])
    expect(tableOperations('t', [a, own, unique('uq_t_id', 'id')], context).map((operation) => operation.kind)).toEqual(['addColumn', 'createUnique', 'createForeignKey'])
    expect(tableOperations('t', [a, key('fk_t_a', 'u', 'a'), unique('uq_t_id', 'id')], context).map((operation) => operation.kind)).toEqual(['addColumn', 'createUnique'])
  })
})

it('a constraint is dropped by its name, and by its kind where it has none', () => {
  for (const unnamed of [true, false]) {
    const keyOf = { name: 'n', columns: ['a'] }
    const drops: readonly TableChange[] = [
      { change: 'dropForeignKey', table: 't', foreignKey: { ...keyOf, references: { table: 'u', columns: ['id'] }, onDelete: 'no action', onUpdate: 'no action' }, unnamed },
      { change: 'dropCheck', table: 't', check: { name: 'n', expression: 'a > 0' }, unnamed }, { change: 'dropUnique', table: 't', unique: keyOf, unnamed }, { change: 'dropPrimaryKey', table: 't', primaryKey: keyOf, unnamed },
    ]
    expect(tableOperations('t', drops, context)).toEqual((['foreignKey', 'check', 'unique', 'primaryKey'] as const).map((kind) => ({ kind: 'dropConstraint', table: 't', name: 'n', constraint: unnamed ? kind : undefined })))
  }
})

it('a comment of the table is set last, or taken away', () => {
  expect(tableOperations('t', [{ change: 'setComment', table: 't', comment: 'c' }, altered(c.text(), c.text().notNull(), ['nullable'])], context).map(summarizeOperation)).toEqual(['alterColumn t.a', 'setTableComment t'])
  expect(tableOperations('t', [{ change: 'setComment', table: 't', comment: undefined }], context)).toEqual([{ kind: 'setTableComment', table: 't', comment: null }])
})

it('a generated column goes before those it is computed from, and comes after them', () => {
  const plain = named('a', c.integer())
  const computed = named('b', c.integer().generated('a + 1'))
  const [dropsPlain, dropsComputed, addsComputed, addsPlain] = [plain, computed, computed, plain].map((column, at): TableChange => ({ change: at < 2 ? 'dropColumn' : 'addColumn', table: 't', column }))
  if (dropsPlain === undefined || dropsComputed === undefined || addsComputed === undefined || addsPlain === undefined) throw new Error('There are four changes')
  const order = (changes: readonly TableChange[], losesAll = false): readonly string[] => tableOperations('t', changes, { ...context, losesAll: () => losesAll }).map(summarizeOperation)
  expect(order([dropsPlain, dropsComputed])).toEqual(['dropColumn t.b', 'dropColumn t.a'])
  expect(order([addsComputed, addsPlain])).toEqual(['addColumn t.a', 'addColumn t.b'])
  expect(order([addsPlain, dropsPlain])).toEqual(['dropColumn t.a', 'addColumn t.a'])
  expect(order([dropsPlain, addsPlain], true)).toEqual(['addColumn t.a', 'dropColumn t.a'])
})

it('one operation stands alone, several are a batch, none is none', () => {
  const drop: Extract<Operation, { kind: 'dropColumn' }> = { kind: 'dropColumn', table: 't', column: 'a' }
  expect(grouped('t', [])).toEqual([])
  expect(grouped('t', [drop])).toEqual([drop])
  expect(grouped('t', [drop, drop])).toEqual([{ kind: 'batch', table: 't', operations: [drop, drop] }])
})
