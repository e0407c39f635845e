/**
 * What stands in the way of a change, and what rests on what is changed: on both engines the plan runs, leads to the
 * second schema, and leads back. The engines are the judges of the order; how it reads is told by `plan-changes`.
 */
import { describe, expect, it } from 'vitest'
import { applyOperation } from '../../../src/migrate/apply-operation.ts'
import { planChanges } from '../../../src/migrate/autogenerate/plan-changes.ts'
import { reverseDifferences } from '../../../src/migrate/autogenerate/reverse-differences.ts'
import { buildSchema } from '../../../src/migrate/build-schema.ts'
import type { Operation } from '../../../src/migrate/operation.ts'
import { c } from '../../../src/schema/column.ts'
import { compareSchemas } from '../../../src/schema/compare-schemas.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import { type Columns, type TableConstraints, type TableDeclaration, defaultNaming as naming, defineSchema, table } from '../../../src/schema/table.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

type Tables = Readonly<Record<string, TableDeclaration>>

const id = c.integer().primaryKey()
const state = (...values: readonly string[]): ReturnType<typeof c.enum> => c.enum(values, { name: 'state' })
/** The same table with other columns. */
const each = (constraints: TableConstraints, ...columns: readonly [Columns, Columns]): readonly [Tables, Tables] => [{ t: table(columns[0], constraints) }, { t: table(columns[1], constraints) }]

const rested: TableConstraints = {
  uniques: [{ columns: ['a', 'b'] }],
  indexes: [{ columns: ['a', 'b'] }, { name: 'ix_expression', columns: [{ expression: 'coalesce(a, a)' }] }, { name: 'ix_partial', columns: ['b'], where: 'a is not null' }],
  checks: [{ name: 'ck_a', expression: 'a is not null' }, { name: 'ck_b', expression: 'b > 0' }],
}

const pairs: Readonly<Record<string, readonly [Tables, Tables]>> = {
  'a generated column with another expression, and all that names it': [
    { t: table({ id, b: c.integer(), a: c.integer().generated('b + 1').unique() }, rested), child: table({ id, a: c.integer().references('t', 'a') }) },
    { t: table({ id, b: c.integer(), a: c.integer().generated('b + 2').unique() }, rested), child: table({ id, a: c.integer().references('t', 'a') }) },
  ],
  'a column computed from one that is made anew': each({}, { id, b: c.integer(), a: c.integer().generated('b + 1') }, { id, b: c.bigint(), a: c.integer().generated('b + 2') }),
  'a generated column that becomes a plain one, with a key': each({ indexes: [{ columns: ['a'] }] }, { id, a: c.integer().generated('id + 1').unique() }, { id, a: c.integer().unique() }),
  'a generated column that is a foreign key': [
    { t: table({ id }), child: table({ id, a: c.integer().generated('id + 1').references('t', 'id') }) },
    { t: table({ id }), child: table({ id, a: c.integer().generated('id + 2').references('t', 'id') }) },
  ],
  'another kind of type under a check, indexes and a unique': each({ ...rested, checks: [{ expression: 'a is not null' }] }, { id, a: c.text(), b: c.integer() }, { id, a: c.integer(), b: c.integer() }),
  'another kind of type on both ends of a foreign key': [
    { t: table({ id, code: c.text().unique() }), child: table({ id, code: c.text().references('t', 'code', { onDelete: 'cascade' }) }) },
    { t: table({ id, code: c.integer().unique() }), child: table({ id, code: c.integer().references('t', 'code', { onDelete: 'cascade' }) }) },
  ],
  'another kind of type of a key that new and old tables refer to': [
    { t: table({ id, code: c.text().unique() }), old: table({ id, code: c.text().references('t', 'code') }) },
    { t: table({ id, code: c.integer().unique() }), young: table({ id, code: c.integer().references('t', 'code') }) },
  ],
  'a unique under another name, on which a foreign key rests': [
    { t: table({ id, a: c.integer().notNull(), b: c.integer().notNull() }, { uniques: [{ name: 'first', columns: ['a', 'b'] }] }), child: table({ id, a: c.integer(), b: c.integer() }, { foreignKeys: [{ columns: ['b', 'a'], references: { table: 't', columns: ['b', 'a'] } }] }) },
    { t: table({ id, a: c.integer().notNull(), b: c.integer().notNull() }, { uniques: [{ name: 'second', columns: ['a', 'b'] }] }), child: table({ id, a: c.integer(), b: c.integer() }, { foreignKeys: [{ columns: ['b', 'a'], references: { table: 't', columns: ['b', 'a'] } }] }) },
  ],
  'a unique in place of a unique index, on which a foreign key rests': [
    { t: table({ id, a: c.integer() }, { indexes: [{ name: 'ix', columns: ['a'], unique: true }] }), child: table({ id, a: c.integer().references('t', 'a') }) },
    { t: table({ id, a: c.integer().unique() }), child: table({ id, a: c.integer().references('t', 'a') }) },
  ],
  'a unique index that comes and goes with the tables that need it': [
    { t: table({ id, a: c.integer() }), z: table({ id }) },
    { t: table({ id, a: c.integer() }, { indexes: [{ columns: ['a'], unique: true }] }), z: table({ id, a: c.integer().references('t', 'a') }), a_new: table({ id, a: c.integer().references('t', 'a') }) },
  ],
  'another primary key, on which foreign keys rest': [
    { t: table({ code: c.text().notNull(), id }), child: table({ id, t_id: c.integer().references('t', 'id') }) },
    { t: table({ code: c.text().primaryKey(), id: c.integer().notNull().unique() }), child: table({ id, t_id: c.integer().references('t', 'id') }) },
  ],
  'a primary key that goes with its column and the foreign key to it': [
    { t: table({ code: c.text().primaryKey(), n: c.integer() }), child: table({ id, code: c.text().references('t', 'code') }) },
    { t: table({ n: c.integer().primaryKey() }), child: table({ id, n: c.integer().references('t', 'n') }) },
  ],
  'tables that get keys for each other': [
    { a: table({ id }), b: table({ id }) },
    { a: table({ id, x: c.integer().unique(), y: c.integer().references('b', 'x') }), b: table({ id, x: c.integer().unique(), y: c.integer().references('a', 'x') }) },
  ],
  'a new table whose references to itself rest on an index': [
    { users: table({ id }) },
    { t: table({ id, code: c.text(), parent: c.text().references('t', 'code') }, { indexes: [{ columns: ['code'], unique: true }] }), users: table({ id }) },
  ],
  'a new table whose references to itself rest on its keys': [
    { users: table({ id }) },
    { t: table({ id, code: c.text().unique(), parent: c.text().references('t', 'code'), root: c.integer().references('t', 'id') }), users: table({ id }) },
  ],
  'columns whose reference to their own table rests on a key that comes with them': each({}, { id }, { id, a: c.integer().unique(), b: c.integer().references('t', 'a'), d: c.integer().references('t', 'id') }),
  'names of indexes that change places': [
    { a: table({ id, x: c.integer() }, { indexes: [{ name: 'one', columns: ['x'] }] }), b: table({ id, x: c.integer() }, { indexes: [{ name: 'two', columns: ['x'] }] }) },
    { a: table({ id, x: c.integer() }, { indexes: [{ name: 'two', columns: ['x'] }] }), b: table({ id, x: c.integer() }, { indexes: [{ name: 'one', columns: ['x'] }] }) },
  ],
  'names of uniques that change places': [
    { a: table({ id, x: c.integer() }, { uniques: [{ name: 'one', columns: ['x'] }] }), b: table({ id, x: c.integer() }, { uniques: [{ name: 'two', columns: ['x'] }] }) },
    { a: table({ id, x: c.integer() }, { uniques: [{ name: 'two', columns: ['x'] }] }), b: table({ id, x: c.integer() }, { uniques: [{ name: 'one', columns: ['x'] }] }) },
  ],
  'a table whose name was that of an index': [
    { drafts: table({ id, x: c.integer() }, { indexes: [{ name: 'pages', columns: ['x'] }] }), other: table({ id, x: c.integer() }) },
    { pages: table({ id }), other: table({ id, x: c.integer() }, { indexes: [{ name: 'drafts', columns: ['x'] }] }) },
  ],
  'a value less of an enum that every table uses': [
    { gone: table({ id, s: state('a', 'b') }), stays: table({ id, n: c.text(), s: state('a', 'b').notNull().default('b'), r: state('a', 'b') }), free: table({ id }) },
    { come: table({ id, s: state('b') }), stays: table({ id, n: c.text(), s: state('b').notNull().default('b'), r: state('b') }), free: table({ id, s: state('b') }) },
  ],
  'a value less of an enum under a check, an index and a foreign key': [
    { t: table({ id, n: c.integer(), s: state('a', 'b').unique() }, { checks: [{ expression: "s <> 'b' or n > 0" }], indexes: [{ name: 'ix_s', columns: ['n'], where: "s = 'b'" }] }), child: table({ id, s: state('a', 'b').references('t', 's') }) },
    { t: table({ id, n: c.integer(), s: state('b').unique() }, { checks: [{ expression: "s <> 'b' or n > 0" }], indexes: [{ name: 'ix_s', columns: ['n'], where: "s = 'b'" }] }), child: table({ id, s: state('b').references('t', 's') }) },
  ],
  'a value less of an enum, one column of which goes and one changes': each({}, { id, s: state('a', 'b').notNull().default('a'), r: state('a', 'b'), q: state('a', 'b') }, { id, s: state('b').default('b'), q: state('b') }),
  'a value less of an enum whose table loses the key that a table had which goes': [
    { t: table({ id, s: state('a', 'b'), slug: c.text().unique() }), old: table({ id, slug: c.text().references('t', 'slug'), t_id: c.integer().references('t', 'id') }) },
    { t: table({ id, s: state('b') }) },
  ],
  'a value more of an enum, beside a column of it that must not be null': each({}, { id, s: state('a', 'b'), r: state('a', 'b').notNull() }, { id, s: state('b') }),
  'a value more that a check, a default or an index uses at once': [
    { t: table({ id, s: state('a') }), u: table({ id, s: state('a') }) },
    { t: table({ id, s: state('a', 'b') }, { checks: [{ expression: "s = 'b' or id > 0" }] }), u: table({ id, s: state('a', 'b') }, { indexes: [{ name: 'ix_u', columns: ['id'], where: "s = 'b'" }] }) },
  ],
  'two enums, one with a value more and one in another order': [
    { t: table({ id, s: state('a', 'b'), k: c.enum(['x'], { name: 'kind' }).default('x') }) },
    { t: table({ id, s: state('b', 'a'), k: c.enum(['x', 'y'], { name: 'kind' }).default('x') }) },
  ],
  'what a column says of itself': each(
    {},
    { id, a: c.text().notNull().default('x'), b: c.text({ length: 5 }).comment('one'), d: c.integer().default(1), e: c.numeric(5, 2), f: c.date() },
    { id, a: c.text(), b: c.text({ length: 9 }).notNull(), d: c.integer().comment('two').default(2), e: c.numeric(6, 2).default(0), f: c.date().defaultNow() },
  ),
  'defaults of JSON that look like something else': each(
    {},
    { id, a: c.json(), b: c.json(), d: c.json(), e: c.json(), f: c.json(), g: c.json(), h: c.json().default({}) },
    { id, a: c.json().default({ sql: 'x' }), b: c.json().default({ now: true }), d: c.json().default('null'), e: c.json().default(5), f: c.json().default([1, 'a']), g: c.json().default(true), h: c.json().default(null) },
  ),
  'what a constraint says, under the same name': [
    { t: table({ id, a: c.integer(), b: c.integer() }, { checks: [{ name: 'k', expression: 'a > 0' }], indexes: [{ name: 'i', columns: ['a'] }], uniques: [{ name: 'u', columns: ['a'] }], foreignKeys: [{ name: 'f', columns: ['a'], references: { table: 't', columns: ['id'] } }] }) },
    { t: table({ id, a: c.integer(), b: c.integer() }, { checks: [{ name: 'k', expression: 'b > 0' }], indexes: [{ name: 'i', columns: [{ column: 'a', order: 'desc' }], where: 'b > 0' }], uniques: [{ name: 'u', columns: ['a', 'b'] }], foreignKeys: [{ name: 'f', columns: ['a'], references: { table: 't', columns: ['id'] }, onDelete: 'cascade' }], comment: 'new' }) },
  ],
  'every column, with the primary key': [{ t: table({ a: c.text().primaryKey() }) }, { t: table({ b: c.integer().primaryKey(), d: c.text() }) }],
}

describe.each(['sqljs memory', 'pglite memory'])('a plan leads there and back on %s:', (engine) => {
  it.each(Object.entries(pairs))('%s', async (_, [before, after]) => {
    await using live = await engineNamed(engine).open()
    await using other = await engineNamed(engine).open()
    const [first, second] = [defineSchema(before), defineSchema(after)]
    await buildSchema(live, first)
    await buildSchema(other, second)
    const [from, to] = [await introspect(live), await introspect(other)]
    const { dialect } = live
    const { differences } = await compareSchemas(from, to)
    await apply(live, planChanges({ dialect, differences, before: first.tables, after: second.tables, naming }).operations)
    expect((await compareSchemas(await introspect(live), to)).differences).toEqual([])
    await apply(live, planChanges({ dialect, differences: reverseDifferences(differences), before: second.tables, after: first.tables, naming, fill: 'blank' }).operations)
    expect((await compareSchemas(await introspect(live), from)).differences).toEqual([])
  })
})

function apply(storage: Storage, operations: readonly Operation[]): Promise<void> {
  return storage.transaction(async (tx) => { for (const operation of operations) await applyOperation(tx, operation, () => undefined) }, { foreignKeys: 'suspended' })
}
