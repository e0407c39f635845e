import { describe, expect, it } from 'vitest'
import { applyOperation } from '../../src/migrate/apply-operation.ts'
import { c } from '../../src/schema/column.ts'
import { compareSchemas } from '../../src/schema/compare-schemas.ts'
import { introspect } from '../../src/schema/introspect.ts'
import { liveDefinition } from '../../src/schema/live-definition.ts'
import { type TableDefinition, normalizeTable } from '../../src/schema/table.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

describe('liveDefinition', () => {
  it.each(['sqljs memory', 'pglite memory'])('gives the definition of a declared table back, on %s', async (name) => {
    const declared = normalizeTable(
      'posts',
      {
        id: c.integer().primaryKey(), role: c.enum(['admin', "it's"]).notNull().default('admin'), title: c.text({ length: 20 }).default("it's"), score: c.real().default(-1.5), on: c.boolean().default(true),
        at: c.instant().notNull().defaultNow(), day: c.date().defaultNow(), views: c.bigint().notNull().default(0), price: c.numeric(10, 2), body: c.bytes(), key: c.uuid(),
        profile: c.json().default({ a: ["it's"] }), born: c.date().default('2020-02-29'),
      },
      { uniques: [{ columns: ['title', 'views'] }], indexes: [{ columns: ['views', { column: 'title', order: 'desc' }], unique: true }], foreignKeys: [{ columns: ['views'], references: { table: 'posts', columns: ['id'] }, onDelete: 'cascade' }] },
    )
    await using storage = await engineNamed(name).open()
    await make(storage, declared)
    const { comment: _, ...expected } = declared
    expect(await definitionIn(storage, 'posts')).toMatchObject({
      ...expected,
      checks: [{ name: 'ck_posts_role_enum', enumOf: 'role' }],
      // Ascending is said by an engine.
      indexes: [{ ...declared.indexes[0], columns: [{ column: 'views', order: 'asc' }, { column: 'title', order: 'desc' }] }],
    })
  })

  it('names by the convention what SQLite lets have no name', async () => {
    await using storage = await engineNamed('sqljs memory').open()
    await storage.query({ sql: 'create table t (a integer primary key, b text unique check (b > 0), c integer references t, check (c > 0), constraint own check (c < 9))' })
    const { primaryKey, uniques, checks, foreignKeys } = await definitionIn(storage, 't')
    expect([primaryKey, ...uniques, ...checks, ...foreignKeys].map((item) => item?.name)).toEqual(['pk_t', 'uq_t_b', 'ck_t_1', 'ck_t_2', 'own', 'fk_t_c'])
  })

  it.each([
    ['sqljs memory', `create table t (a any, b money default 5, c text default abc, d text default "it's", e tinyint not null default 1, f, g datetime default current_timestamp, h varchar check (h in ('a','b')), i text default ('a' || 'b'))`],
    ['pglite memory', `create table t (a inet, b money default 5, c smallint default -1, d timestamp default now(), e text[] default '{a}', f char(3), g text default session_user, h varchar check (h in ('a','b')), i json default '{}', j interval default '1 day', k varchar default 'x')`],
  ])('keeps types that no builder makes, and defaults in any words, on %s', async (name, sql) => {
    await using storage = await engineNamed(name).open()
    await using twin = await engineNamed(name).open()
    await storage.query({ sql })
    await make(twin, await definitionIn(storage, 't'))
    expect(await compareSchemas(await introspect(storage), await introspect(twin))).toEqual({ differences: [], notComparable: [] })
  })

  it('knows the check of a named enum on SQLite by its name', async () => {
    const declared = normalizeTable('t', { mood: c.enum(['good', 'bad'], { name: 'mood_kind' }) }, {})
    await using storage = await engineNamed('sqljs memory').open()
    await make(storage, declared)
    expect((await definitionIn(storage, 't')).columns[0]?.type).toEqual({ kind: 'enum', values: ['good', 'bad'], name: 'mood_kind' })
  })
})

async function make(storage: Storage, table: TableDefinition): Promise<void> {
  await storage.transaction((tx) => applyOperation(tx, { kind: 'createTable', table }, () => undefined))
}

async function definitionIn(storage: Storage, name: string): Promise<TableDefinition> {
  const table = (await introspect(storage)).tables.get(name)
  if (table === undefined) throw new RangeError(`No table "${name}"`)
  return liveDefinition(table)
}
