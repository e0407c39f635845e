/** What a run finds under the lock, when another runner was there between the first look and the lock. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Migrator, type MigratorOptions } from '../../src/migrate/migrator.ts'
import type { MigrationResult, TransactionMode } from '../../src/migrate/migration-plan.ts'
import type { Op } from '../../src/migrate/op.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { aroundStatements } from '../support/around-statements.ts'
import { engineNamed } from '../support/engines.ts'

const revision = (id: string, down: readonly string[], more: Partial<Revision> = {}): Revision =>
  defineRevision({ id, down, message: `make ${id}`, createdAt: '2026-11-20T18:00:00Z', upgrade: (op) => op.createTable(`t_${id}`, { id: c.integer().primaryKey() }), downgrade: (op) => op.dropTable(`t_${id}`), ...more })
const revisions = [revision('a1', []), revision('b2', ['a1']), revision('c3', ['b2']), revision('d4', ['a1'])]
/** Stays half-way, with the table of its first operation. */
const halfDone = async (op: Op): Promise<void> => {
  await op.createTable('t_b2', { id: c.integer().primaryKey() })
  await op.execute('insert into nothing values (1)')
}

describe('a run that another one came before', () => {
  let storage: Storage
  beforeEach(async () => { storage = await engineNamed('sqljs memory').open() })
  afterEach(() => storage.close())

  const migrator = (on = storage, options: Partial<MigratorOptions> = {}): Migrator => new Migrator({ storage: on, revisions, ...options })
  /** A migrator that looks where the database stands before `meanwhile`, and takes the lock after it. */
  const after = (meanwhile: () => Promise<unknown>, options: Partial<MigratorOptions> = {}): Migrator => migrator(overtaken(storage, meanwhile), options)
  const halfWay = (): Promise<unknown> => migrator(storage, { revisions: [revision('a1', []), revision('b2', ['a1'], { upgrade: halfDone })] }).upgrade('b2', { transaction: 'none' }).catch(() => undefined)
  const tables = async (): Promise<readonly unknown[]> =>
    (await storage.query({ sql: `select name from sqlite_schema where type = 'table' and name not like 'tidemark%' order by name` })).rows.map((row) => row['name'])

  describe.each(['each', 'all', 'none'] as const satisfies readonly TransactionMode[])('(%s)', (transaction) => {
    it('applies nothing on a revision that was undone', async () => {
      await migrator().upgrade('a1')
      await expect(after(() => migrator().downgrade('base')).upgrade('b2', { transaction })).rejects.toMatchObject({ code: 'migration_locked', retryable: true })
      expect([await migrator().current(), await tables()]).toEqual([[], []])
    })

    it('undoes nothing below a revision that was applied', async () => {
      await migrator().upgrade('b2')
      await expect(after(() => migrator().upgrade('c3')).downgrade('a1', { transaction })).rejects.toMatchObject({ code: 'migration_locked', retryable: true })
      expect([await migrator().current(), await tables()]).toEqual([['c3'], ['t_a1', 't_b2', 't_c3']])
    })

    it('does only what is left to do', async () => {
      expect((await after(() => migrator().upgrade('a1')).upgrade('b2', { transaction })).steps.map((step) => step.revision)).toEqual(['b2'])
      expect((await after(() => migrator().downgrade('a1')).downgrade('base', { transaction })).steps.map((step) => step.revision)).toEqual(['a1'])
      expect(await after(() => migrator().upgrade('b2')).upgrade('b2', { transaction })).toEqual({ from: [], to: ['b2'], steps: [] })
      expect(await after(() => migrator().downgrade('base')).downgrade('a1', { transaction })).toEqual({ from: ['b2'], to: [], steps: [] })
    })

    it('touches nothing that a newer program has made', async () => {
      await migrator().upgrade('b2')
      const newer = [...revisions, revision('e5', ['c3'])]
      await expect(after(() => migrator(storage, { revisions: newer }).upgrade('e5')).upgrade('c3', { transaction })).rejects.toMatchObject({ code: 'database_unknown_revision', details: { revisions: ['e5'] } })
    })

    it('goes no other way while a revision is half-way', async () => {
      await migrator().upgrade('a1')
      for (const run of [(late: Migrator) => late.upgrade('d4', { transaction }), (late: Migrator) => late.downgrade('base', { transaction })]) {
        await expect(run(after(halfWay))).rejects.toMatchObject({ code: 'migration_locked', retryable: true })
        expect([await migrator().current(), await tables()]).toEqual([['a1'], ['t_a1', 't_b2']])
        await storage.query({ sql: 'drop table t_b2' })
        await migrator().stamp('a1')
      }
    })

    it('goes on with the revision that is half-way, but not in one transaction', async () => {
      await migrator().upgrade('a1')
      const run = (target: string): Promise<MigrationResult> => after(halfWay).upgrade(target, { transaction })
      if (transaction === 'all') await expect(run('b2')).rejects.toMatchObject({ code: 'migration_locked', retryable: true })
      else expect((await run('c3')).steps.map((step) => step.revision)).toEqual(['b2', 'c3'])
    })
  })
})

it.each(['each', 'all'] as const)('a run that is cancelled at its very end did not happen, and says that it was cancelled (%s)', async (transaction) => {
  await using storage = await engineNamed('sqljs memory').open()
  const cancelled = new AbortController()
  const last = revision('a1', [], { upgrade: async () => cancelled.abort() })
  await expect(new Migrator({ storage, revisions: [last] }).upgrade('head', { transaction, signal: cancelled.signal })).rejects.toMatchObject({ code: 'aborted' })
  expect(await new Migrator({ storage, revisions: [last] }).current()).toEqual([])
})

it.each([undefined, 'a logger'])('a failure is told as it is where it cannot be noted in the history (with %s)', async (logs) => {
  await using storage = await engineNamed('sqljs memory').open()
  const warnings: string[] = []
  const logger = logs === undefined ? undefined : { info: () => undefined, warn: (message: string) => void warnings.push(message) }
  const forgetful = aroundStatements(storage, (statement, ask) => (statement.sql.startsWith('insert into "tidemark_history"') ? Promise.reject(new RangeError('No room')) : ask()))
  const failing = revision('a1', [], { upgrade: (op) => op.execute('insert into nothing values (1)') })
  await expect(new Migrator({ storage: forgetful, revisions: [failing], logger }).upgrade()).rejects.toMatchObject({ code: 'revision_failed', cause: { code: 'statement_failed' } })
  expect(warnings).toHaveLength(logs === undefined ? 0 : 1)
})

/** The storage, with something that happens before its first transaction begins. */
function overtaken(storage: Storage, meanwhile: () => Promise<unknown>): Storage {
  let first: (() => Promise<unknown>) | undefined = meanwhile
  return {
    ...aroundStatements(storage, (_statement, ask) => ask()),
    async transaction(run, options) {
      const before = first
      first = undefined
      await before?.()
      return storage.transaction(run, options)
    },
  }
}
