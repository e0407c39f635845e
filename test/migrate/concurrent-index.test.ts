import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { Migrator, type MigratorOptions } from '../../src/migrate/migrator.ts'
import type { Op } from '../../src/migrate/op.ts'
import { replay } from '../../src/migrate/replay.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import { defaultNaming } from '../../src/schema/table.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed, freshPostgresUrl } from '../support/engines.ts'

const createdAt = '2026-11-20T18:00:00Z'
const revision = (id: string, down: readonly string[], upgrade: (op: Op) => Promise<void>, downgrade: (op: Op) => Promise<void> = async () => undefined, transaction?: false): Revision =>
  defineRevision({ id, down, message: id, createdAt, upgrade, downgrade, transaction })
const items = revision('a1', [], async (op) => {
  await op.createTable('items', { id: c.integer().primaryKey(), n: c.integer().notNull() })
  await op.insert('items', [{ id: 1, n: 7 }, { id: 2, n: 7 }])
}, (op) => op.dropTable('items'))
const createIndex = (op: Op): Promise<void> => op.createIndex('ix_items_n', 'items', ['n'], { concurrently: true })
const dropIndex = (op: Op): Promise<void> => op.dropIndex('ix_items_n', 'items', { concurrently: true })
const indexed = revision('b2', ['a1'], createIndex, dropIndex, false)

describe.each(['sqljs memory', 'pglite memory', 'postgres'].map(engineNamed))('an index that is built concurrently on $name', (engine) => {
  let storage: Storage
  beforeEach(async () => { storage = await engine.open() })
  afterEach(() => storage.close())
  const migrator = (...revisions: readonly Revision[]): Migrator => new Migrator({ storage, revisions })

  it('comes and goes in a revision without a transaction', async () => {
    await migrator(items, indexed).upgrade()
    expect(await indexes(storage)).toEqual([{ name: 'ix_items_n', valid: true }])
    await migrator(items, indexed).downgrade('a1')
    expect(await indexes(storage)).toEqual([])
    await migrator(items, indexed).upgrade()
    expect((await migrator(items, indexed).history('b2'))[0]?.runs.map(({ outcome, operations }) => [outcome, operations])).toEqual([
      ['done', [{ grade: 'native', statements: 1, operation: { kind: 'createIndex', table: 'items', concurrently: true, index: { name: 'ix_items_n', columns: [{ column: 'n' }], unique: false } } }]],
      ['done', [{ grade: 'native', statements: 1, operation: { kind: 'dropIndex', table: 'items', name: 'ix_items_n', concurrently: true } }]],
      ['done', [expect.objectContaining({ statements: 1 })]],
    ])
  })

  it('is refused in a transaction, with the way out', async () => {
    await migrator(items).upgrade()
    for (const upgrade of [createIndex, dropIndex]) {
      await expect(migrator(items, revision('b2', ['a1'], upgrade)).upgrade()).rejects.toMatchObject({
        code: 'revision_failed', why: expect.stringContaining('only outside of a transaction'), cause: { code: 'operation_not_supported', next: expect.stringContaining('`transaction: false`') },
      })
    }
    await migrator(items, revision('b2', ['a1'], createIndex)).upgrade('head', { transaction: 'none' })
    expect(await indexes(storage)).toEqual([{ name: 'ix_items_n', valid: true }])
  })

  it('is refused in a batch', async () => {
    const batch = revision('b2', ['a1'], (op) => op.batch('items', async (t) => { await t.createIndex('ix_items_n', ['n'], { concurrently: true }) }), undefined, false)
    await expect(migrator(items, batch).upgrade()).rejects.toMatchObject({ code: 'revision_failed', cause: expect.any(TypeError) })
  })

  it('is built on a shadow too', async () => {
    await using shadow = await engine.open()
    await replay(shadow, { graph: migrator(items, indexed).graph, revisions: [items, indexed], naming: defaultNaming }, 'head')
    expect(await indexes(shadow)).toEqual([{ name: 'ix_items_n', valid: true }])
  })
})

describe.each(['pglite memory', 'postgres'].map(engineNamed))('without a transaction on $name', (engine) => {
  let storage: Storage
  beforeEach(async () => { storage = await engine.open() })
  afterEach(() => storage.close())
  const migrator = (...revisions: readonly Revision[]): Migrator => new Migrator({ storage, revisions })

  it('an index that an interrupted build left invalid is built again', async () => {
    const unique = revision('b2', ['a1'], async (op) => {
      await op.addColumn('items', 'code', c.text())
      await op.createIndex('ux_items_n', 'items', ['n'], { unique: true, concurrently: true })
    }, undefined, false)
    const error: unknown = await migrator(items, unique).upgrade().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'revision_failed', details: { operation: 'createIndex ux_items_n on items', standing: ['addColumn items.code'] }, cause: { code: 'unique_violated' } })
    expect(await indexes(storage)).toEqual([{ name: 'ux_items_n', valid: false }])

    await storage.query({ sql: 'update items set n = id' })
    await migrator(items, unique).upgrade()
    expect(await indexes(storage)).toEqual([{ name: 'ux_items_n', valid: true }])
    await expect(storage.query({ sql: 'insert into items (id, n) values (9, 1)' })).rejects.toMatchObject({ code: 'unique_violated' })
  })

  it('an index that was finished but not noted counts as done, another one of its name does not', async () => {
    await migrator(items).upgrade()
    await storage.query({ sql: 'create index ix_items_n on items (n)' })
    await migrator(items, indexed).upgrade()
    expect(await migrator(items, indexed).current()).toEqual(['b2'])
    await migrator(items, indexed).downgrade('a1')
    await storage.query({ sql: 'create index ix_items_n on items (n, id)' })
    await expect(migrator(items, indexed).upgrade()).rejects.toMatchObject({ code: 'revision_failed', why: expect.stringContaining('already exists') })
    await storage.query({ sql: 'drop index ix_items_n' })
    await storage.query({ sql: 'create table other (n integer)' })
    await storage.query({ sql: 'create index ix_items_n on other (n)' })
    await expect(migrator(items, indexed).upgrade()).rejects.toMatchObject({ code: 'revision_failed', why: expect.stringContaining('already exists') })
  })

  it('a new value of an enum can be used by the next operation', async () => {
    const enums = revision('a0', [], async (op) => {
      await op.createEnum('color', ['red', 'green'])
      await op.createTable('things', { id: c.integer().primaryKey(), color: c.enum(['red', 'green'], { name: 'color' }) })
    })
    const use = async (op: Op): Promise<void> => {
      await op.alterEnum('color', { add: 'blue', after: 'red' })
      await op.insert('things', [{ id: 1, color: 'blue' }])
    }
    await expect(migrator(enums, revision('a1', ['a0'], use)).upgrade()).rejects.toMatchObject({ code: 'revision_failed', next: expect.stringMatching(/^PostgreSQL lets nobody use a new value .*`transaction: false`/) })
    await migrator(enums, revision('a1', ['a0'], use, undefined, false)).upgrade()
    expect((await storage.query({ sql: 'select color from things' })).rows).toEqual([{ color: 'blue' }])
  })

  it('what the server refuses in a transaction is run outside', async () => {
    const vacuum = async (op: Op): Promise<void> => {
      await op.execute('update items set n = n + 1')
      await op.execute('vacuum items')
      await op.execute('update items set n = n + 1')
    }
    await expect(migrator(items, revision('b2', ['a1'], vacuum)).upgrade()).rejects.toMatchObject({ code: 'revision_failed', next: expect.stringMatching(/^PostgreSQL runs this statement only outside of a transaction: set `transaction: false`/) })
    const { steps } = await migrator(items, revision('b2', ['a1'], vacuum, undefined, false)).upgrade()
    expect(steps[0]?.operations.map(({ grade, statements }) => [grade, statements])).toEqual([['data', 1], ['data', 1], ['data', 1]])
    expect((await storage.query({ sql: 'select n from items order by id' })).rows).toEqual([{ n: 9 }, { n: 9 }])
  })
})

describe('the migration lock on PostgreSQL during a run without a transaction', () => {
  let url: string
  beforeEach(async () => { url = await freshPostgresUrl() })
  const open = (connections?: number): Promise<Storage> => postgres({ url, connections })
  const slowly = (gate: Promise<unknown>, entered: () => void): Revision => revision('b2', ['a1'], async (op) => {
    await createIndex(op)
    entered()
    await gate
    await op.addColumn('items', 'code', c.text())
  }, undefined, false)

  /** A run that has built its index and holds the lock. */
  async function halted(storage: Storage): Promise<{ readonly run: Promise<unknown>; readonly goOn: () => void }> {
    let goOn: () => void = () => undefined
    const gate = new Promise<void>((resolve) => { goOn = resolve })
    let run: Promise<unknown> = Promise.resolve()
    await new Promise<void>((entered, reject) => {
      run = new Migrator({ storage, revisions: [items, slowly(gate, entered)] }).upgrade()
      run.catch(reject)
    })
    return { run, goOn }
  }
  const plain = [items, slowly(Promise.resolve(), () => undefined)]

  it('lets an index be built though others wait for it, and keeps them out', async () => {
    await using one = await open()
    await using two = await open()
    await new Migrator({ storage: one, revisions: [items] }).upgrade()
    const { run, goOn } = await halted(one)
    // They wait before the index of the first one's next revision is built.
    const waiting = [new Migrator({ storage: two, revisions: plain }).upgrade(), new Migrator({ storage: one, revisions: plain }).upgrade()]
    await expect(new Migrator({ storage: two, revisions: plain, lock: { timeoutMs: 50 } }).upgrade()).rejects.toMatchObject({ code: 'migration_locked', retryable: true })
    await expect(new Migrator({ storage: two, revisions: plain, lock: { timeoutMs: 50 } }).stamp('a1')).rejects.toMatchObject({ code: 'migration_locked' })
    goOn()
    await run
    expect((await Promise.all(waiting)).map(({ to, steps }) => [to, steps])).toEqual([[['b2'], []], [['b2'], []]])
  })

  it('is waited for without a snapshot, for which a concurrent build would wait in turn', async () => {
    await using one = await open()
    await using two = await open()
    await new Migrator({ storage: one, revisions: [items] }).upgrade()
    let goOn: () => void = () => undefined
    const gate = new Promise<void>((resolve) => { goOn = resolve })
    let run: Promise<unknown> = Promise.resolve()
    await new Promise<void>((entered, reject) => {
      run = new Migrator({ storage: one, revisions: [items, revision('b2', ['a1'], async (op) => {
        await op.addColumn('items', 'code', c.text())
        entered()
        await gate
        await createIndex(op)
      }, undefined, false)] }).upgrade()
      run.catch(reject)
    })
    // Longer than a test may take.
    const waiting = new Migrator({ storage: two, revisions: [items, indexed], lock: { timeoutMs: 600_000 } }).upgrade()
    await new Promise((resolve) => setTimeout(resolve, 250))
    goOn()
    await run
    await waiting.catch(() => undefined)
    expect(await indexes(one)).toEqual([{ name: 'ix_items_n', valid: true }])
  })

  it('does not end when the server ends transactions that do nothing', async () => {
    await using admin = await open()
    await admin.query({ sql: `alter database ${new URL(url).pathname.slice(1)} set idle_in_transaction_session_timeout = '100ms'` })
    await using one = await open()
    await new Migrator({ storage: one, revisions: [items] }).upgrade()
    const { run, goOn } = await halted(one)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await expect(new Migrator({ storage: admin, revisions: plain, lock: { timeoutMs: 50 } }).upgrade()).rejects.toMatchObject({ code: 'migration_locked' })
    goOn()
    await run
  })

  it('is lost with its connection: another runner goes on, and nothing is done twice', async () => {
    await using one = await open()
    await using two = await open()
    await new Migrator({ storage: one, revisions: [items] }).upgrade()
    const counting = (gate: Promise<unknown>, entered: () => void): Revision => revision('b2', ['a1'], async (op) => {
      await op.execute('update items set n = n + 1')
      entered()
      await gate
      await op.execute('update items set n = n + 1')
    }, undefined, false)
    let goOn: () => void = () => undefined
    const gate = new Promise<void>((resolve) => { goOn = resolve })
    let run: Promise<unknown> = Promise.resolve()
    await new Promise<void>((entered, reject) => {
      run = new Migrator({ storage: one, revisions: [items, counting(gate, entered)] }).upgrade()
      run.catch(reject)
    })
    await two.query({ sql: endOfLocks })
    expect((await new Migrator({ storage: two, revisions: [items, counting(Promise.resolve(), () => undefined)] }).upgrade()).to).toEqual(['b2'])
    goOn()
    expect(await run).toMatchObject({ to: ['b2'], steps: [] })
    expect((await one.query({ sql: 'select n from items' })).rows).toEqual([{ n: 9 }, { n: 9 }])
  })

  it('may be lost while nobody waits for it: what was done is done, and called so', async () => {
    await using one = await open()
    await using two = await open()
    await new Migrator({ storage: one, revisions: [items] }).upgrade()
    const losing = revision('b2', ['a1'], async (op) => {
      await op.execute('update items set n = n + 1')
      await two.query({ sql: endOfLocks })
      await op.execute('update items set n = n + 1')
    }, undefined, false)
    expect(await new Migrator({ storage: one, revisions: [items, losing] }).upgrade()).toMatchObject({ to: ['b2'], steps: [{ revision: 'b2' }] })
    expect((await two.query({ sql: 'select n from items' })).rows).toEqual([{ n: 9 }, { n: 9 }])
    expect(await new Migrator({ storage: two, revisions: [items, losing] }).current()).toEqual(['b2'])
  })

  it('needs a second connection, unless the caller vouches for it', async () => {
    await using storage = await open(1)
    const options: MigratorOptions = { storage, revisions: [items, indexed] }
    await expect(new Migrator(options).upgrade()).rejects.toMatchObject({ code: 'operation_not_supported', next: expect.stringMatching(/two connections.*`lock: false`/) })
    expect(await new Migrator(options).current()).toEqual(['a1'])
    await new Migrator({ ...options, lock: false }).upgrade()
    expect(await indexes(storage)).toEqual([{ name: 'ix_items_n', valid: true }])
  })
})

/** Ends the connections that hold a lock of migrations. */
const endOfLocks = `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`

async function indexes(storage: Storage): Promise<readonly unknown[]> {
  const sql = storage.dialect === 'sqlite'
    ? `select name, 1 as valid from sqlite_schema where type = 'index' and tbl_name = 'items' and sql is not null`
    : `select c.relname as name, i.indisvalid as valid from pg_index as i join pg_class as c on c.oid = i.indexrelid where i.indrelid = 'items'::regclass and not i.indisprimary`
  return (await storage.query({ sql })).rows.map((row) => ({ ...row, valid: Boolean(row['valid']) }))
}
