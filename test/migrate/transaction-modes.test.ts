import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MigrationProgress } from '../../src/migrate/migration-plan.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Op } from '../../src/migrate/op.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'
import { catalogue } from './catalogue.ts'

const createdAt = '2026-11-20T18:00:00Z'
const revision = (id: string, down: readonly string[], upgrade: (op: Op) => Promise<void>, more: Partial<Revision> = {}): Revision =>
  defineRevision({ id, down, message: `make ${id}`, createdAt, upgrade, downgrade: async () => undefined, ...more })

const first = revision('a1', [], (op) => op.createTable('items', { id: c.integer().primaryKey(), n: c.integer().notNull() }), { downgrade: (op) => op.dropTable('items') })
const second = revision('b2', ['a1'], async (op) => {
  await op.createTable('extra', { id: c.integer().primaryKey() })
  await op.insert('items', [{ id: 1, n: 1 }])
  await op.createIndex('ix_items_n', 'items', ['n'])
}, {
  async downgrade(op) {
    await op.dropIndex('ix_items_n', 'items')
    await op.execute('delete from items')
    await op.dropTable('extra')
  },
})
const failing = revision('c3', ['b2'], async (op) => {
  await op.createTable('late', { id: c.integer().primaryKey() })
  await op.insert('items', [{ id: 2, n: 2 }])
  await op.execute('insert into items (id, n) values (1, 7)')
  await op.createTable('last', { id: c.integer().primaryKey() })
})
const mended: Revision = { ...failing, async upgrade(op) {
  await op.createTable('late', { id: c.integer().primaryKey() })
  await op.insert('items', [{ id: 2, n: 2 }])
  await op.execute('insert into items (id, n) values (3, 7)')
  await op.createTable('last', { id: c.integer().primaryKey() })
} }

describe.each(['sqljs memory', 'pglite memory', 'postgres'].map(engineNamed))('a migration on $name', (engine) => {
  let storage: Storage
  beforeEach(async () => { storage = await engine.open() })
  afterEach(() => storage.close())

  const migrator = (...revisions: readonly Revision[]): Migrator => new Migrator({ storage, revisions })
  const failure = async (run: Promise<unknown>): Promise<Record<string, unknown> & { readonly next: string; readonly why: string; readonly message: string }> => run.then(() => { throw new Error('It did not fail') }, (error: unknown) => error as never)
  const rowsOf = async (sql: string): Promise<readonly unknown[]> => (await storage.query({ sql })).rows
  const has = async (table: string): Promise<boolean> => storage.query({ sql: `select * from ${table}` }).then(() => true, () => false)

  it('ends in the same schema whatever the transactions are', async () => {
    await migrator(first, second).upgrade()
    const each = await catalogue(storage)
    for (const transaction of ['all', 'none', 'each'] as const) {
      await migrator(first, second).downgrade('base', { transaction })
      expect(await migrator(first, second).current(), transaction).toEqual([])
      expect([await has('items'), await has('extra')], transaction).toEqual([false, false])
      const { steps } = await migrator(first, second).upgrade('head', { transaction })
      expect(steps.map(({ revision: id, operations }) => [id, operations.map(({ summary }) => summary)]), transaction).toEqual([
        ['a1', ['createTable items']],
        ['b2', ['createTable extra', 'insert items', 'createIndex ix_items_n on items']],
      ])
      expect(await catalogue(storage), transaction).toEqual(each)
      expect(await migrator(first, second).current(), transaction).toEqual(['b2'])
    }
    const [newest] = await migrator(first, second).history()
    expect(new Set(newest?.runs.map(({ outcome }) => outcome))).toEqual(new Set(['done']))
    // The checksum is one of what is done, not of how.
    expect(new Set(newest?.runs.filter(({ direction }) => direction === 'upgrade').map(({ checksum }) => checksum)).size).toBe(1)
  })

  it('in one transaction happens as a whole or not at all', async () => {
    const error = await failure(migrator(first, second, failing).upgrade('head', { transaction: 'all' }))
    expect(error).toMatchObject({ code: 'revision_failed', details: { revision: 'c3', operation: 'execute', at: [] }, next: expect.stringMatching(/^The whole run was rolled back, and the database stands at base.*`tidemark migrate upgrade head`/) })
    expect([await has('items'), await has('late')]).toEqual([false, false])
    expect(await migrator(first).current()).toEqual([])
    await migrator(first, second, mended).upgrade('head', { transaction: 'all' })
    expect(await migrator(first, second, mended).current()).toEqual(['c3'])
    expect(await rowsOf('select id, n from items order by id')).toEqual([{ id: 1, n: 1 }, { id: 2, n: 2 }, { id: 3, n: 7 }])
  })

  it('in one transaction is refused before anything runs when a revision on the way has none', async () => {
    const alone = { ...second, transaction: false }
    await expect(migrator(first, alone).upgrade('head', { transaction: 'all' })).rejects.toMatchObject({ code: 'operation_not_supported', why: expect.stringContaining('"b2"'), details: { revision: 'b2' } })
    expect(await has('items')).toBe(false)
    await migrator(first, alone).upgrade()
    await expect(migrator(first, alone).downgrade('base', { transaction: 'all' })).rejects.toMatchObject({ code: 'operation_not_supported' })
    expect(await migrator(first, alone).current()).toEqual(['b2'])
  })

  it('in a transaction each keeps what was applied before the one that fails', async () => {
    await expect(migrator(first, second, failing).upgrade()).rejects.toMatchObject({ code: 'revision_failed', next: expect.stringMatching(/^It was rolled back, and the database stands at b2\./) })
    expect(await migrator(first, second, failing).status()).toEqual({ current: 'b2', atHead: false })
    expect([await has('extra'), await has('late')]).toEqual([true, false])
  })

  describe.each([['by its own word', false, undefined], ['when asked to', undefined, 'none']] as const)('without a transaction %s', (_, transaction, mode) => {
    const alone = (each: Revision): Revision => (transaction === false ? { ...each, transaction } : each)
    const run = { transaction: mode }
    beforeEach(() => migrator(first, second).upgrade())

    it('says honestly what stands after a failure, and goes on from there', async () => {
      const error = await failure(migrator(first, second, alone(failing)).upgrade('head', run))
      expect(error).toMatchObject({
        code: 'revision_failed',
        details: { revision: 'c3', operation: 'execute', statement: 'insert into items (id, n) values (1, 7)', at: ['b2'], standing: ['createTable late', 'insert items'] },
        next: expect.stringMatching(/^It was not rolled back: 2 operations stand \(the last: insert items\).*half-way.*`tidemark migrate upgrade head`, which goes on from there/),
      })
      expect([await has('late'), await has('last')]).toEqual([true, false])
      expect(await migrator(first, second, failing).status()).toMatchObject({ current: 'b2', atHead: false, halfWay: { revision: 'c3', direction: 'upgrade', operations: ['createTable late', 'insert items'] } })

      // Goes on operation by operation also when nobody asks for it.
      const { steps } = await migrator(first, second, mended).upgrade()
      expect(steps[0]?.operations.map(({ summary }) => summary)).toEqual(['createTable late', 'insert items', 'execute', 'createTable last'])
      expect(await rowsOf('select id, n from items order by id')).toEqual([{ id: 1, n: 1 }, { id: 2, n: 2 }, { id: 3, n: 7 }])
      expect(await migrator(first, second, mended).status()).toEqual({ current: 'c3', atHead: true })
      const [entry] = await migrator(first, second, mended).history('c3')
      expect(entry?.runs.map(({ outcome, statementCount }) => [outcome, statementCount]).toSorted()).toEqual([['done', 4], ['failed', 3]])
    })

    it('that fails at once leaves nothing, and no mark', async () => {
      const broken = alone(revision('c3', ['b2'], (op) => op.execute('insert into items (id, n) values (1, 7)')))
      expect(await failure(migrator(first, second, broken).upgrade('head', run))).toMatchObject({ code: 'revision_failed', next: expect.stringMatching(/^Nothing of it stands: the database is at b2/) })
      expect(await migrator(first, second, broken).halfWay()).toBeUndefined()
    })

    it('refuses to go on with a revision whose applied operations were changed', async () => {
      await failure(migrator(first, second, alone(failing)).upgrade('head', run))
      const other = { ...mended, upgrade: async (op: Op) => { await op.createTable('later', { id: c.integer().primaryKey() }) } }
      const error = await failure(migrator(first, second, other).upgrade())
      expect(error).toMatchObject({
        code: 'revision_half_way', details: { revision: 'c3', operation: 1, standing: ['createTable late', 'insert items'] },
        why: expect.stringContaining('operation 1 was "createTable late" and is "createTable later" now'),
        next: expect.stringMatching(/Restore the revision as it was.*`tidemark migrate stamp c3`/),
      })
      const shorter = { ...mended, upgrade: async (op: Op) => { await op.createTable('late', { id: c.integer().primaryKey() }) } }
      await expect(migrator(first, second, shorter).upgrade()).rejects.toMatchObject({ code: 'revision_half_way', why: expect.stringContaining('operation 2 was "insert items" and is no longer there') })
      const wider = { ...mended, upgrade: async (op: Op) => { await op.createTable('late', { id: c.bigint().primaryKey() }) } }
      await expect(migrator(first, second, wider).upgrade()).rejects.toMatchObject({ code: 'revision_half_way', why: expect.stringContaining('is another one of that name now') })
      expect([await has('later'), await has('late')]).toEqual([false, true])

      await storage.query({ sql: 'create table last (id integer primary key)' })
      expect(await migrator(first, second, other).stamp('c3')).toEqual(['c3'])
      expect(await migrator(first, second, other).status()).toEqual({ current: 'c3', atHead: true })
      expect(await migrator(first, second, other).halfWay()).toBeUndefined()
      await migrator(first, second, mended).downgrade('b2')
    })

    it('lets nobody go another way while a revision is half-way', async () => {
      await failure(migrator(first, second, alone(failing)).upgrade('head', run))
      const side = revision('d4', ['b2'], async () => undefined)
      const all = migrator(first, second, failing, side)
      for (const attempt of [() => all.downgrade('a1'), () => all.upgrade('d4'), () => all.plan('d4'), () => all.plan('a1'), () => all.upgrade('c3', { transaction: 'all' })]) {
        await expect(attempt()).rejects.toMatchObject({ code: 'revision_half_way', why: expect.stringMatching(/upgrade of revision "c3" ended half-way: 2 operations stand/), next: expect.stringContaining('`tidemark migrate upgrade c3`') })
      }
      // Whatever else is on the way comes after it.
      expect((await migrator(first, second, mended, side).upgrade('heads')).steps.map((step) => step.revision)).toEqual(['c3', 'd4'])
    })

    it('counts a revision that is undone in part as not applied, and undoes the rest', async () => {
      const stuck: Revision = alone({ ...second, downgrade: async (op) => {
        await op.dropIndex('ix_items_n', 'items')
        await op.execute('delete from nothing')
      } })
      const error = await failure(migrator(first, stuck).downgrade('a1', run))
      expect(error).toMatchObject({ code: 'revision_failed', next: expect.stringMatching(/one operation stands \(the last: dropIndex ix_items_n on items\).*`tidemark migrate downgrade a1`/) })
      expect(await migrator(first, second).status()).toMatchObject({ current: 'a1', atHead: false, halfWay: { revision: 'b2', direction: 'downgrade' } })
      await expect(migrator(first, second).upgrade()).rejects.toMatchObject({ code: 'revision_half_way', next: expect.stringContaining('`tidemark migrate downgrade a1`') })
      expect((await migrator(first, second).plan('a1')).steps.map((step) => step.revision)).toEqual(['b2'])

      expect((await migrator(first, second).downgrade('base')).steps.map((step) => step.revision)).toEqual(['b2', 'a1'])
      expect(await migrator(first, second).status()).toEqual({ current: null, atHead: false })
      expect([await has('items'), await has('extra')]).toEqual([false, false])
    })

    it('reads with op.query what its operations have left', async () => {
      const reading = alone(revision('c3', ['b2'], async (op) => {
        await op.insert('items', [{ id: 5, n: 5 }])
        const { rows } = await op.query<{ total: number }>('select count(*) as total from items')
        await op.insert('items', [{ id: 6, n: rows[0]?.total ?? 0 }])
      }))
      await migrator(first, second, reading).upgrade('head', run)
      expect(await rowsOf('select n from items where id = 6')).toEqual([{ n: 2 }])
    })

    it('refuses to leave rows without what they refer to', async () => {
      const orphans = alone(revision('c3', ['b2'], async (op) => {
        await op.createTable('notes', { id: c.integer().primaryKey(), item: c.integer().notNull().references('items', 'id') })
        await op.insert('notes', [{ id: 1, item: 99 }])
      }))
      await expect(migrator(first, second, orphans).upgrade('head', run)).rejects.toMatchObject({ code: 'revision_failed', cause: { code: 'foreign_key_violated' } })
      expect(await rowsOf('select * from notes')).toEqual([])
    })
  })

  it('tells how far it has come', async () => {
    const seen: string[] = []
    const onProgress = ({ revision: id, direction, index, total, operation, rows, ofRows }: MigrationProgress): void =>
      void seen.push(`${direction} ${index}/${total} ${id}: ${operation ?? 'begins'}${rows === undefined ? '' : ` ${rows} of ${ofRows}`}`)
    await migrator(first).upgrade()
    await storage.query({ sql: 'insert into items (id, n) values (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)' })
    const update = revision('b2', ['a1'], (op) => op.updateInBatches('items', { set: 'n = n + 1', size: 2 }))
    const after = revision('c3', ['b2'], async (op) => op.createIndex('ix', 'items', ['n']))
    const expected = [
      'upgrade 1/2 b2: begins', 'upgrade 1/2 b2: updateInBatches items',
      ...[2, 4, 5].map((rows) => `upgrade 1/2 b2: updateInBatches items ${rows} of 5`),
      'upgrade 2/2 c3: begins', 'upgrade 2/2 c3: createIndex ix on items',
    ]
    for (const transaction of ['each', 'none', 'all'] as const) {
      await migrator(first, update, after).upgrade('head', { onProgress, transaction })
      expect(seen.splice(0), transaction).toEqual(expected)
      await migrator(first, update, after).stamp('a1')
      await storage.query({ sql: 'drop index ix' })
    }
  })

  it.each(['each', 'all', 'none'] as const)('is cancelled between two operations (%s), and goes on when it is wanted again', async (transaction) => {
    const cancelled = new AbortController()
    const onProgress = ({ operation }: MigrationProgress): void => {
      if (operation === 'createIndex ix_items_n on items') cancelled.abort(new Error('Enough'))
    }
    const error = await failure(migrator(first, second).upgrade('head', { signal: cancelled.signal, onProgress, transaction }))
    expect(error).toMatchObject({ code: 'aborted', details: { revision: 'b2' }, next: expect.stringMatching({ each: /^It was rolled back, and the database stands at a1/, all: /^The whole run was rolled back/, none: /2 operations stand.*To go on from there, run/ }[transaction]) })
    expect(await migrator(first, second).current()).toEqual(transaction === 'all' ? [] : ['a1'])
    expect(await has('extra')).toBe(transaction === 'none')
    const runs = (await migrator(first, second).history('b2'))[0]?.runs ?? []
    expect(runs.map(({ outcome }) => outcome)).toEqual(transaction === 'none' ? ['halfway'] : [])
    await migrator(first, second).upgrade()
    expect(await rowsOf('select id, n from items')).toEqual([{ id: 1, n: 1 }])
    await expect(migrator(first, second).downgrade('base', { signal: cancelled.signal })).rejects.toMatchObject({ code: 'aborted' })
  })

  it.each(['each', 'all', 'none'] as const)('is run once by several runners of one process (%s)', async (transaction) => {
    const slow = [first, second].map((each) => ({ ...each, upgrade: async (op: Op) => {
      await each.upgrade(op)
      await new Promise((resolve) => setTimeout(resolve, 10))
      await op.execute('update items set n = n + 1')
    } }))
    const results = await Promise.all([1, 2, 3].map(() => migrator(...slow).upgrade('head', { transaction })))
    expect(results.map(({ to }) => to)).toEqual([['b2'], ['b2'], ['b2']])
    expect(results.flatMap(({ steps }) => steps.map((step) => step.revision)).toSorted()).toEqual(['a1', 'b2'])
    expect(await rowsOf('select id, n from items')).toEqual([{ id: 1, n: 2 }])
  })

  it('asks for no lock where the caller vouches that nobody else is there', async () => {
    const free = new Migrator({ storage, revisions: [first, second], lock: false })
    await free.upgrade('head', { transaction: 'none' })
    await free.downgrade('base')
    await free.upgrade('head', { transaction: 'all' })
    expect(await free.stamp('a1')).toEqual(['a1'])
  })

  it('takes several targets, up and down', async () => {
    const fork = ['left', 'right', 'other'].map((id) => revision(id, ['a1'], async () => undefined))
    const all = migrator(first, ...fork)
    expect((await all.plan(['left', 'right'])).to).toEqual(['left', 'right'])
    expect((await all.upgrade(['left', 'right'])).steps.map((step) => step.revision).toSorted()).toEqual(['a1', 'left', 'right'])
    await all.upgrade('heads')
    expect((await all.plan(['left@a1', 'right@a1'], 'downgrade')).to).toEqual(['other'])
    await all.downgrade(['left@a1', 'right@a1'])
    expect(await all.current()).toEqual(['other'])
    await all.upgrade('heads')
    await expect(all.downgrade(['a1', 'left'])).rejects.toMatchObject({ code: 'revision_target_invalid', details: { kind: 'overlapping_targets', revisions: ['left'] } })
    expect(await all.current()).toEqual(['left', 'other', 'right'])
  })

  it('is stamped anew over rows that nobody knows', async () => {
    await migrator(first, second).upgrade()
    const others = migrator(revision('x1', [], async () => undefined))
    await expect(others.stamp('x1')).rejects.toMatchObject({ code: 'database_unknown_revision' })
    expect(await others.stamp('x1', { purge: true })).toEqual(['x1'])
    expect(await others.current()).toEqual(['x1'])
    expect(await others.stamp('base', { purge: true })).toEqual([])
  })
})

describe('two storages on one sql.js file', () => {
  it.each(['each', 'none'] as const)('do each operation once, whoever comes between (%s)', async (transaction) => {
    const place = await engineNamed('sqljs file').place()
    await using one = await place.open()
    await using two = await place.open()
    await new Migrator({ storage: one, revisions: [first, second] }).upgrade()
    const counting = (gate: Promise<unknown>, entered: () => void): Revision => revision('c3', ['b2'], async (op) => {
      await op.execute('update items set n = n + 1')
      entered()
      await gate
      await op.execute('update items set n = n + 1')
    })
    let goOn: () => void = () => undefined
    const gate = new Promise<void>((resolve) => { goOn = resolve })
    let run: Promise<unknown> = Promise.resolve()
    await new Promise<void>((entered, reject) => {
      run = new Migrator({ storage: one, revisions: [first, second, counting(gate, entered)] }).upgrade('head', { transaction: 'none' })
      run.catch(reject)
    })
    const all = [first, second, counting(Promise.resolve(), () => undefined)]
    expect(await new Migrator({ storage: two, revisions: all }).halfWay()).toMatchObject({ revision: 'c3' })
    await expect(new Migrator({ storage: two, revisions: all }).downgrade('a1', { transaction })).rejects.toMatchObject({ code: 'revision_half_way' })
    expect((await new Migrator({ storage: two, revisions: all }).upgrade('head', { transaction })).steps.map((step) => step.revision)).toEqual(['c3'])
    goOn()
    expect(await run).toMatchObject({ to: ['c3'], steps: [] })
    expect((await one.query({ sql: 'select n from items' })).rows).toEqual([{ n: 3 }])
  })
})

describe('a migration on PostgreSQL', () => {
  it.each([['each', undefined], ['none', undefined], ['each', false]] as const)('is cancelled inside of a statement (%s, lock: %s)', async (transaction, lock) => {
    await using storage = await engineNamed('postgres').open()
    const sleeping = revision('b2', ['a1'], async (op) => {
      await op.execute('create table soon (n integer)')
      await op.createIndex('soon_n', 'soon', ['n'])
      await op.execute('select pg_sleep(600)')
    })
    const cancelled = new AbortController()
    const onProgress = ({ operation }: MigrationProgress): void => {
      if (operation === 'createIndex soon_n on soon') setTimeout(() => cancelled.abort(), 300)
    }
    await expect(new Migrator({ storage, revisions: [first, sleeping], lock }).upgrade('head', { transaction, signal: cancelled.signal, onProgress })).rejects.toMatchObject({ code: 'aborted', details: { revision: 'b2' } })
    expect((await storage.query({ sql: `select to_regclass('soon') is not null as made` })).rows).toEqual([{ made: transaction === 'none' }])
  })

  it('stops waiting for another runner when it is cancelled', async () => {
    await using storage = await engineNamed('postgres').open()
    await storage.transaction(async (tx) => {
      await tx.query({ sql: `select pg_advisory_xact_lock(hashtextextended('tidemark migrate ' || current_schema() || '.tidemark_version', 0))::text` })
      for (const transaction of ['each', 'none'] as const) {
        await expect(new Migrator({ storage, revisions: [first] }).upgrade('head', { transaction, signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ code: 'aborted' })
        await expect(new Migrator({ storage, revisions: [first], lock: { timeoutMs: 50 } }).upgrade('head', { transaction })).rejects.toMatchObject({ code: 'migration_locked', why: expect.stringContaining('50 ms') })
      }
      await new Migrator({ storage, revisions: [first], lock: false }).upgrade()
    })
    expect(await new Migrator({ storage, revisions: [first] }).current()).toEqual(['a1'])
  })
})
