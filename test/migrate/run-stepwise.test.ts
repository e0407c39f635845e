/** A revision that runs without a transaction, and what another runner does between two of its operations. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Op } from '../../src/migrate/op.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { aroundStatements } from '../support/around-statements.ts'
import { engineNamed } from '../support/engines.ts'

const revision = (id: string, down: readonly string[], upgrade: (op: Op) => Promise<void>, downgrade: (op: Op) => Promise<void> = async () => undefined): Revision =>
  defineRevision({ id, down, message: `make ${id}`, createdAt: '2026-11-20T18:00:00Z', upgrade, downgrade, transaction: id === 'b2' ? false : undefined })
const items = revision('a1', [], async (op) => {
  await op.createTable('items', { id: c.integer().primaryKey(), n: c.integer().notNull() })
  await op.insert('items', [{ id: 1, n: 0 }])
})
const count = (op: Op): Promise<void> => op.execute('update items set n = n + 1')
const fail = (op: Op): Promise<void> => op.execute('insert into nothing values (1)')

describe('a run without a transaction', () => {
  let storage: Storage
  beforeEach(async () => {
    storage = await engineNamed('sqljs memory').open()
    await new Migrator({ storage, revisions: [items] }).upgrade()
  })
  afterEach(() => storage.close())

  const migrator = (upgrade: (op: Op) => Promise<void>, downgrade?: (op: Op) => Promise<void>): Migrator => new Migrator({ storage, revisions: [items, revision('b2', ['a1'], upgrade, downgrade)] })
  /** Takes no lock, as the runner of another process that SQLite lets in between two transactions. */
  const other = (upgrade: (op: Op) => Promise<void>): Migrator => new Migrator({ storage, revisions: [items, revision('b2', ['a1'], upgrade)], lock: false })
  const n = async (): Promise<unknown> => (await storage.query({ sql: 'select n from items' })).rows[0]?.['n']

  it('does not do again what another runner did meanwhile', async () => {
    const { steps } = await migrator(async (op) => {
      await count(op)
      await other(async (its) => { await count(its); await count(its); await fail(its) }).upgrade().catch(() => undefined)
      await count(op)
    }).upgrade()
    expect(steps[0]?.operations).toHaveLength(2)
    expect(await n()).toBe(2)
  })

  it.each([
    ['between two operations', async (op: Op, meanwhile: () => Promise<unknown>) => { await count(op); await meanwhile(); await count(op) }],
    ['after the last operation', async (op: Op, meanwhile: () => Promise<unknown>) => { await count(op); await count(op); await meanwhile() }],
  ])('is not called done when another runner gave it up %s', async (_, upgrade) => {
    const run = migrator((op) => upgrade(op, () => other(count).stamp('a1'))).upgrade()
    await expect(run).rejects.toMatchObject({ code: 'migration_locked', retryable: true })
    expect(await other(count).current()).toEqual(['a1'])
    expect(await other(count).halfWay()).toBeUndefined()
  })

  it('ends with its code: what that had asked for and not awaited is not done afterwards, or told of', async () => {
    const run = migrator(async (op) => {
      const calls = [count(op), count(op), count(op)]
      await calls[0]
      throw new Error('Mine')
    })
    const failure: unknown = await run.upgrade().catch((error: unknown) => error)
    const counted = await n()
    expect(failure).toMatchObject({ code: 'revision_failed', details: { standing: Array.from({ length: Number(counted) }, () => 'execute') } })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await n()).toBe(counted)
    expect((await run.halfWay())?.operations).toHaveLength(Number(counted))
  })

  it('says that the revision was changed, whatever its code makes of that', async () => {
    await migrator(async (op) => { await count(op); await fail(op) }).upgrade().catch(() => undefined)
    const changed = migrator((op) => op.execute('delete from items').catch((cause: unknown) => { throw new Error('Mine', { cause }) }))
    await expect(changed.upgrade()).rejects.toMatchObject({ code: 'revision_half_way', next: expect.stringContaining('`tidemark migrate stamp b2`') })
    expect(await n()).toBe(1)
  })

  it('says of a changed way back where the database stands once that is finished by hand', async () => {
    await migrator(count, async (op) => { await count(op); await fail(op) }).upgrade()
    await migrator(count, async (op) => { await count(op); await fail(op) }).downgrade('a1').catch(() => undefined)
    await expect(migrator(count, (op) => op.execute('delete from items')).downgrade('a1')).rejects.toMatchObject({ code: 'revision_half_way', next: expect.stringContaining('`tidemark migrate stamp a1`') })
  })

  it('keeps the rows of other tables while it rebuilds the one that they refer to', async () => {
    await storage.query({ sql: 'create table notes (item integer references items (id) on delete cascade)' })
    await storage.query({ sql: 'insert into notes values (1)' })
    const { steps } = await migrator((op) => op.alterColumn('items', 'n', { type: c.text() })).upgrade()
    expect(steps[0]?.operations.map(({ grade }) => grade)).toEqual(['rebuild'])
    expect((await storage.query({ sql: 'select item from notes' })).rows).toEqual([{ item: 1 }])
  })

  it('that cannot be noted as done stands all the same, and the next one has nothing to do again', async () => {
    const forgetful = aroundStatements(storage, (statement, ask) => (statement.parameters?.includes('done') === true ? Promise.reject(new RangeError('No room')) : ask()))
    const revisions = [items, revision('b2', ['a1'], async (op) => { await count(op); await count(op) })]
    await expect(new Migrator({ storage: forgetful, revisions }).upgrade()).rejects.toMatchObject({ code: 'revision_failed', details: { at: ['a1'], standing: ['execute', 'execute'] } })
    expect((await new Migrator({ storage, revisions }).upgrade()).to).toEqual(['b2'])
    expect(await n()).toBe(2)
  })

  it('refuses an update in batches that leaves rows without what they refer to', async () => {
    await storage.query({ sql: 'create table notes (id integer primary key, item integer references items (id))' })
    await storage.query({ sql: 'insert into notes values (1, 1)' })
    await expect(migrator((op) => op.updateInBatches('notes', { set: 'item = 99' })).upgrade()).rejects.toMatchObject({ code: 'revision_failed', cause: { code: 'foreign_key_violated' } })
    expect((await storage.query({ sql: 'select item from notes' })).rows).toEqual([{ item: 1 }])
    const { steps } = await migrator((op) => op.updateInBatches('notes', { set: 'item = null' })).upgrade()
    expect(steps[0]?.operations).toEqual([{ summary: 'updateInBatches notes', grade: 'data', statements: 1 }])
  })
})
