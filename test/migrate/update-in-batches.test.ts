import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Migrator } from '../../src/migrate/migrator.ts'
import { type Op, createOp } from '../../src/migrate/op.ts'
import type { BatchedUpdate } from '../../src/migrate/operation.ts'
import { reachedFrom, updateInBatches } from '../../src/migrate/update-in-batches.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import { defaultNaming } from '../../src/schema/table.ts'
import { postgresStatements } from '../../src/storage/postgres/ddl.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

const createdAt = '2026-11-20T18:00:00Z'
const revision = (id: string, down: readonly string[], upgrade: (op: Op) => Promise<void>): Revision => defineRevision({ id, down, message: id, createdAt, upgrade, downgrade: async () => undefined })

const tables = revision('a1', [], async (op) => {
  await op.createTable('items', { id: c.integer().primaryKey(), n: c.integer().notNull(), code: c.text().unique(), seen: c.integer() })
  await op.insert('items', Array.from({ length: 25 }, (_, index) => ({ id: index * 3 - 9, n: index, code: `c${(index * 7) % 25}` })))
  await op.createTable('days', { day: c.text().primaryKey(), n: c.integer().notNull() })
  await op.insert('days', Array.from({ length: 9 }, (_, index) => ({ day: `it's day "${index}"`, n: index })))
  await op.createTable('pairs', { a: c.integer().notNull(), b: c.integer().notNull(), n: c.integer().notNull() }, { primaryKey: ['a', 'b'] })
  await op.insert('pairs', Array.from({ length: 12 }, (_, index) => ({ a: Math.floor(index / 5), b: index, n: index })))
  await op.createTable('bare', { n: c.integer() })
  await op.createTable('moments', { at: c.instant().primaryKey(), n: c.integer().notNull() })
  await op.insert('moments', Array.from({ length: 5 }, (_, index) => ({ at: `2026-01-01T00:00:00.00${index}Z`, n: index })))
  await op.createTable('large', { id: c.bigint().primaryKey(), n: c.integer().notNull() })
  await op.insert('large', Array.from({ length: 5 }, (_, index) => ({ id: 9_007_199_254_740_993n + BigInt(index), n: index })))
})

describe.each(['sqljs memory', 'pglite memory', 'postgres'].map(engineNamed))('an update in batches on $name', (engine) => {
  let storage: Storage
  beforeEach(async () => {
    storage = await engine.open()
    await new Migrator({ storage, revisions: [tables] }).upgrade()
  })
  afterEach(() => storage.close())

  const sum = async (table: string, column = 'n'): Promise<unknown> => (await storage.query({ sql: `select sum(${column}) as total from ${table}` })).rows[0]?.['total']
  const run = (upgrade: (op: Op) => Promise<void>, transaction: 'each' | 'none' = 'each'): Promise<unknown> => new Migrator({ storage, revisions: [tables, revision('b2', ['a1'], upgrade)] }).upgrade('head', { transaction })

  describe.each(['each', 'none'] as const)('(%s)', (transaction) => {
    it.each([
      ['integers', 'items', undefined, 25],
      ['texts', 'days', undefined, 9],
      ['instants', 'moments', undefined, 5],
      ['numbers that no double holds', 'large', undefined, 5],
      ['a unique column that is named', 'items', 'code', 25],
      ['a column of the key that repeats', 'pairs', 'a', 12],
    ] as const)('touches every row once along %s', async (_, table, key, count) => {
      for (const size of [1, 2, 4, 1000]) {
        const before = Number(await sum(table))
        await run((op) => op.updateInBatches(table, { set: 'n = n + 1', key, size }), transaction)
        expect(Number(await sum(table)) - before, String(size)).toBe(count)
        await new Migrator({ storage, revisions: [tables] }).stamp('a1', { purge: true })
      }
    })

    it('updates only the rows that are meant', async () => {
      await run((op) => op.updateInBatches('items', { set: 'seen = 1', where: 'n < 3 or n > 20', size: 2 }), transaction)
      expect(Number(await sum('items', 'seen'))).toBe(7)
    })

    it('has nothing to do in a table without rows', async () => {
      await storage.query({ sql: 'delete from items' })
      await run((op) => op.updateInBatches('items', { set: 'n = n + 1' }), transaction)
      expect(await new Migrator({ storage, revisions: [tables] }).halfWay()).toBeUndefined()
    })

    it.each([
      ['a key of several columns', 'pairs', undefined, /several columns: "a", "b"/],
      ['no key', 'bare', undefined, /no primary key/],
      ['a key that is not there', 'items', 'nothing', /no column "nothing"/],
      ['a key with nulls', 'items', 'seen', /"seen" is null in 25 rows/],
    ] as const)('refuses a table with %s', async (_, table, key, why) => {
      await expect(run((op) => op.updateInBatches(table, { set: 'n = 0', key }), transaction)).rejects.toMatchObject({
        code: 'revision_failed', cause: { code: 'operation_not_supported', why: expect.stringMatching(why), next: expect.stringContaining('`key`') },
      })
    })
  })

  it('goes on exactly where it was cut off', async () => {
    const before = Number(await sum('items'))
    const update = (op: Op): Promise<void> => op.updateInBatches('items', { set: 'n = n + 1', size: 4 })
    for (const ranges of [1, 2, 1, 1]) {
      const cut = new AbortController()
      let left = ranges
      const onProgress = ({ rows }: { readonly rows?: number | undefined }): void => {
        if (rows !== undefined && (left -= 1) === 0) cut.abort()
      }
      const migrator = new Migrator({ storage, revisions: [tables, revision('b2', ['a1'], update)] })
      await expect(migrator.upgrade('head', { transaction: 'none', signal: cut.signal, onProgress })).rejects.toMatchObject({ code: 'aborted' })
    }
    const migrator = new Migrator({ storage, revisions: [tables, revision('b2', ['a1'], (op) => op.updateInBatches('items', { set: 'n = n + 1', size: 3 }))] })
    expect(await migrator.halfWay()).toMatchObject({ operations: ['updateInBatches items (20 of 25 rows)'] })
    expect(Number(await sum('items')) - before).toBe(20)
    // Another size is the same operation.
    await migrator.upgrade()
    expect(Number(await sum('items')) - before).toBe(25)
    expect((await migrator.history('b2'))[0]?.runs.at(-1)).toMatchObject({ outcome: 'done', statementCount: 7, operations: [{ grade: 'data', operation: { kind: 'updateInBatches', table: 'items', set: 'n = n + 1' } }] })
  })

  it('is refused when another update is asked for half-way', async () => {
    const cut = new AbortController()
    await expect(
      new Migrator({ storage, revisions: [tables, revision('b2', ['a1'], (op) => op.updateInBatches('items', { set: 'n = n + 1', size: 4 }))] }).upgrade('head', {
        transaction: 'none', signal: cut.signal, onProgress: ({ rows }) => { if (rows !== undefined) cut.abort() },
      }),
    ).rejects.toMatchObject({ code: 'aborted', next: expect.stringContaining('updateInBatches items (4 of 25 rows)') })
    await expect(run((op) => op.updateInBatches('items', { set: 'n = n + 2', size: 4 }))).rejects.toMatchObject({ code: 'revision_half_way', details: { operation: 1 } })
  })
})

describe('an update in one transaction', () => {
  const run = async (columns: string, key: string | undefined, size: number): Promise<{ readonly told: readonly string[]; readonly statements: number }> => {
    await using storage = await engineNamed('sqljs memory').open()
    for (const sql of [`create table t (${columns}, n integer)`, `insert into t select x.value, 0 from (select 1 as value union select 2 union select 3) as x`]) await storage.query({ sql })
    const told: string[] = []
    let statements = 0
    await storage.transaction((tx) => updateInBatches(tx, { kind: 'updateInBatches', table: 't', set: 'n = n + 1', key, size }, () => { statements += 1 }, (rows, ofRows) => told.push(`${rows} of ${ofRows}`)))
    expect((await storage.query({ sql: 'select sum(n) as n, max(n) as most from t' })).rows).toEqual([{ n: 3, most: 1 }])
    return { told, statements }
  }

  it('tells after each range how far it has come, and all of it in the end', async () => {
    expect(await run('id integer primary key', undefined, 2)).toEqual({ told: ['2 of 3', '3 of 3'], statements: 2 })
    expect(await run('id integer primary key', undefined, 4)).toEqual({ told: ['3 of 3'], statements: 1 })
  })

  it('is refused along bytes, which have no text of their own', async () => {
    await using storage = await engineNamed('sqljs memory').open()
    for (const sql of ['create table t (id blob primary key, n integer)', `insert into t values (x'01', 0), (x'02', 0)`]) await storage.query({ sql })
    await expect(storage.transaction((tx) => updateInBatches(tx, { kind: 'updateInBatches', table: 't', set: 'n = 1', size: 1 }, () => undefined, () => undefined))).rejects.toMatchObject({ code: 'operation_not_supported' })
  })

  it('goes on only from what it remembered itself', () => {
    const reached = { column: 'id', key: 7, rows: 2, ofRows: 3 }
    expect([reachedFrom(reached), reachedFrom({ ...reached, key: 'x', more: true })]).toEqual([reached, { ...reached, key: 'x' }])
    for (const wrong of [{ column: 1 }, { rows: '2' }, { ofRows: null }, { key: null }, { key: true }]) expect(reachedFrom({ ...reached, ...wrong })).toBeUndefined()
  })
})

describe('op.updateInBatches', () => {
  const made = async (update: Parameters<Op['updateInBatches']>[1]): Promise<BatchedUpdate> => {
    const operations: BatchedUpdate[] = []
    const { op, finish } = createOp({ dialect: 'postgres', offline: true, naming: defaultNaming, apply: async (operation) => void operations.push(operation as BatchedUpdate), query: () => Promise.reject(new Error('no database')) })
    await op.updateInBatches('it"ems', update)
    await finish()
    return operations[0] as BatchedUpdate
  }

  it('is one statement in a script', async () => {
    expect(postgresStatements(await made({ set: 'n = n + 1', where: 'n is null or n < 3' }))).toEqual([{ sql: 'update "it""ems" set n = n + 1 where (n is null or n < 3)' }])
    expect(postgresStatements(await made({ set: 'n = 1', size: 2 }))).toEqual([{ sql: 'update "it""ems" set n = 1' }])
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses batches of %d rows', async (size) => {
    await expect(made({ set: 'n = 1', size })).rejects.toThrow(RangeError)
  })
})
