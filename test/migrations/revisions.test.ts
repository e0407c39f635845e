import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { revisions } from '../../migrations/index.ts'
import { createOp } from '../../src/migrate/op.ts'
import { applyOperation } from '../../src/migrate/apply-operation.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import { verifyRevisions } from '../../src/migrate/verify/verify-revisions.ts'
import { isDeclarable } from '../../src/model/declarable.ts'
import { schema } from '../../src/model/schema.ts'
import { introspect, type LiveSchema } from '../../src/schema/introspect.ts'
import { defaultNaming } from '../../src/schema/table.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { catalogue } from '../migrate/catalogue.ts'
import { type Engine, engineNamed, engines } from '../support/engines.ts'

const baseline = '3f6c1d0a9b27'
const testFeatures = 'a41e7c52d8f0'
const rowLevelSecurity = 'c5d20b8e6f14'
const syncBookkeeping = '9b3e61d7f2c4'
const fullTextSearch = 'e7a93c41b5d6'
const analyticsIndexes = '5c0f7be2a19d'
const whatBugsReadAtSays = '8d41f6a07c35'
const deviceSetsOfBugs = 'c7e14a9d3b62'
const whatPeopleDid = '2f80b5d94ae1'
const countsOfProducts = 'a4d19c60e7b2'
const deviceSets = ['operating_systems', 'device_categories', 'browsers']

describe('the list of revisions', () => {
  it('holds every file of the folder, oldest first', async () => {
    const files = (await readdir('migrations')).filter((name) => name !== 'index.ts').toSorted()
    expect(files.map((name) => name.split('_')[2])).toEqual(revisions.map((revision) => revision.id))
    expect(revisions.every((revision) => /^[0-9a-f]{12}$/.test(revision.id))).toBe(true)
  })

  it('does the same whenever it is run: no revision depends on a clock or on chance', async () => {
    const record = async (): Promise<string> => {
      const operations: unknown[] = []
      for (const revision of revisions) {
        const { op, finish } = createOp({
          dialect: 'sqlite', offline: true, naming: defaultNaming,
          apply: async (operation) => void operations.push(operation),
          query: async () => { throw new Error('offline') },
        })
        await revision.upgrade(op)
        await revision.downgrade?.(op)
        await finish()
      }
      return JSON.stringify(operations)
    }
    expect(await record()).toBe(await record())
  })
})

describe.each(engines)("Tidemark's own history on $name", (engine) => {
  it('ends in exactly the tables that the program declares', async () => {
    const live = await schemaOf(engine, async (storage) => void (await new Migrator({ storage, revisions }).upgrade()))
    const declared = await schemaOf(engine, (storage) =>
      storage.transaction(async (tx) => {
        for (const table of schema.tables.values()) await applyOperation(tx, { kind: 'createTable', table }, () => undefined)
      }),
    )
    expect(comparable(live)).toEqual(comparable(declared))
    // Not only alike: each column is what the declaration says.
    for (const table of schema.tables.values()) {
      const columns = live.tables.get(table.name)?.columns.map(({ name, type, nullable }) => [name, [type.kind, nullable]])
      expect(Object.fromEntries(columns ?? [])).toEqual(Object.fromEntries(table.columns.map(({ name, type, nullable }) => [name, [type.kind === 'enum' ? 'text' : type.kind, nullable]])))
    }
  })

  it('goes up, down and up again with rows in the tables, and loses only what it says', async () => {
    await using storage = await engine.open()
    const migrator = new Migrator({ storage, revisions })
    await migrator.upgrade(baseline)
    await fill(storage)
    const before = { catalogue: await catalogue(storage), rows: await contents(storage) }

    const up = await migrator.upgrade()
    expect(up.steps.map((step) => step.revision)).toEqual([testFeatures, rowLevelSecurity, syncBookkeeping, fullTextSearch, analyticsIndexes, whatBugsReadAtSays, deviceSetsOfBugs, whatPeopleDid, countsOfProducts])
    expect(up.steps[0]?.operations.slice(0, 2).map((operation) => operation.grade)).toEqual(['native', storage.dialect === 'sqlite' ? 'rebuild' : 'native'])
    expect(await contents(storage, (row) => { for (const column of ['test_feature_id', 'deleted_at', 'refreshed_at', ...(row['test_id'] === undefined ? [] : deviceSets)]) delete row[column] })).toEqual({
      ...before.rows, test_features: [], quarantine: [], leases: [],
    })
    await storage.query({ sql: `insert into test_features (customer_id, id, test_id, title) values (1, 70, 20, 'Checkout')` })
    await storage.query({ sql: 'update bugs set test_feature_id = 70' })
    await expect(storage.query({ sql: 'update bugs set test_feature_id = 71' })).rejects.toMatchObject({ code: 'foreign_key_violated' })
    const atHead = await catalogue(storage)

    const down = await migrator.downgrade(baseline)
    expect(down.steps.map((step) => step.lossy)).toEqual([undefined, undefined, undefined, undefined, undefined, undefined, expect.stringContaining('gone upstream'), undefined, expect.stringContaining('test_features')])
    expect(await catalogue(storage)).toEqual(before.catalogue)
    expect(await contents(storage)).toEqual(before.rows)

    await migrator.upgrade()
    expect(await catalogue(storage)).toEqual(atHead)
    await migrator.downgrade('base')
    expect(Object.values(await catalogue(storage)).flat()).toEqual([])
  })
})

it.each(['sqljs memory', 'pglite memory'])('gives every bug the sets of its devices, by code point, as a sync does: %s', async (name) => {
  await using storage = await engineNamed(name).open()
  const migrator = new Migrator({ storage, revisions })
  await migrator.upgrade(whatBugsReadAtSays)
  await fill(storage)
  await storage.query({
    sql: `insert into bug_devices (customer_id, bug_id, position, category, operating_system, browsers)
      values (1, 30, 2, 'Tablets', 'iPadOS', '["Safari", "Chrome"]'), (1, 30, 3, 'Smartphones', 'Android', '["Chrome", "\u00e9"]'), (1, 30, 4, 'Tablets', 'iOS', '"none"')`,
  })
  await migrator.upgrade()
  const { rows } = await storage.query({ sql: `select ${deviceSets.join(', ')} from bugs order by id` })
  const read = rows.map((row) => deviceSets.map((column) => (typeof row[column] === 'string' ? JSON.parse(row[column]) : row[column])))
  expect(read).toEqual([[['Android', 'iOS', 'iPadOS'], ['Smartphones', 'Tablets'], ['Chrome', 'Safari', 'é']], [[], [], []]])
})

describe.each(engines.filter(({ name }) => ['sqljs memory', 'pglite memory'].includes(name)))('the way back from the bookkeeping of syncs on $name', (engine) => {
  it('deletes what is gone upstream, with all below it, so that older programs do not take it for alive', async () => {
    await using storage = await engine.open()
    const migrator = new Migrator({ storage, revisions })
    await migrator.upgrade()
    await fill(storage)
    for (const sql of [
      `insert into products (customer_id, id, name, search_text, deleted_at) values (1, 11, 'Old', 'old', '2026-11-01T00:00:00.000Z')`,
      `insert into tests (customer_id, id, product_id, title, status, search_text, deleted_at) values (1, 21, 10, 'Gone', 'archived', '', '2026-11-01T00:00:00.000Z'), (1, 22, 11, 'Left behind', 'locked', '', null)`,
      `insert into test_features (customer_id, id, test_id, title) values (1, 70, 21, 'Of the gone test'), (1, 71, 20, 'Cart')`,
      `update bugs set deleted_at = '2026-11-01T00:00:00.000Z' where id = 30`,
      `update bugs set test_feature_id = 70 where id = 31`,
      `insert into bugs (customer_id, id, test_id, product_id, title, kind, severity_rank, outcome, status, known, steps)
        select customer_id, 32, 21, 10, title, kind, severity_rank, outcome, status, known, steps from bugs where id = 31
        union all select customer_id, 33, 22, 11, title, kind, severity_rank, outcome, status, known, steps from bugs where id = 31`,
    ]) await storage.query({ sql })

    await migrator.downgrade(rowLevelSecurity)

    const ids = async (table: string): Promise<unknown> => (await storage.query({ sql: `select id from ${table} where customer_id = 1 order by id` })).rows.map((row) => row['id'])
    expect([await ids('products'), await ids('tests'), await ids('bugs'), await ids('test_features')]).toEqual([[10], [20], [31], [71]])
  })
})

it('verifies every revision: up, down and up again on both dialects', async () => {
  const shadows = { sqlite: () => engineNamed('sqljs memory').open(), postgres: () => engineNamed('pglite memory').open() }
  const report = await verifyRevisions({ revisions, schema, shadows })
  expect(report.revisions.filter(({ verdict }) => verdict === 'broken')).toEqual([])
})

async function schemaOf(engine: Engine, make: (storage: Storage) => Promise<void>): Promise<LiveSchema> {
  await using storage = await engine.open()
  await make(storage)
  return await introspect(storage)
}

/** Column order is no part of what a schema means; neither is the order of constraints. Extras are what no declaration can say: policies. */
function comparable(live: LiveSchema): unknown {
  const byName = <T extends { readonly name?: string | undefined }>(items: readonly T[]): T[] => items.toSorted((a, b) => String(a.name).localeCompare(String(b.name)))
  return [...live.tables.values()]
    .filter((table) => !table.name.startsWith('tidemark_') && isDeclarable('table', table.name))
    .map((table) => ({ ...table, extras: undefined, columns: byName(table.columns), uniques: byName(table.uniques), checks: byName(table.checks), foreignKeys: byName(table.foreignKeys) }))
}

async function fill(storage: Storage): Promise<void> {
  const json = storage.dialect === 'sqlite' ? `'[]'` : `'[]'::jsonb`
  for (const sql of [
    `insert into products (customer_id, id, name, search_text) values (1, 10, 'Shop', 'shop'), (2, 10, 'Other', 'other')`,
    `insert into tests (customer_id, id, product_id, title, status, is_demo, search_text) values (1, 20, 10, 'Cart', 'locked', false, 'cart')`,
    `insert into bugs (customer_id, id, test_id, product_id, title, kind, severity, severity_rank, outcome, status, known, steps)
      values (1, 30, 20, 10, 'Crash', 'functional', 'high', 2, 'accepted', 'accepted', false, ${json}), (1, 31, 20, 10, 'Typo', 'content', null, 0, 'open', 'forwarded', true, ${json})`,
    `insert into bug_devices (customer_id, bug_id, position, browsers) values (1, 30, 0, ${json}), (1, 30, 1, ${json})`,
    `insert into bug_comments (customer_id, id, bug_id, body) values (1, 40, 31, 'why')`,
  ]) await storage.query({ sql })
}

async function contents(storage: Storage, forget: (row: Record<string, unknown>) => void = () => undefined): Promise<Record<string, unknown>> {
  const tables = [...(await introspect(storage)).tables.keys()].filter((name) => !name.startsWith('tidemark_') && !name.startsWith('search_'))
  const all: Record<string, unknown> = {}
  for (const name of tables) {
    const { rows } = await storage.query({ sql: `select * from ${name} order by 1, 2` })
    all[name] = rows.map((row) => { const copy = { ...row }; forget(copy); return copy })
  }
  return all
}
