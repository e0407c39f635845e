import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Op } from '../../src/migrate/op.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

const revision = (id: string, down: readonly string[], upgrade: (op: Op) => Promise<void>): Revision =>
  defineRevision({ id, down, message: `make ${id}`, createdAt: '2026-11-20T18:00:00Z', upgrade, downgrade: async () => undefined })
const authors = revision('a1', [], async (op) => {
  await op.createTable('authors', { id: c.integer().primaryKey() })
  await op.createTable('posts', { id: c.integer().primaryKey(), author: c.integer().references('authors', 'id') })
})
const orphan = (op: Op): Promise<void> => op.insert('posts', [{ id: 1, author: 99 }])
const harmless = (op: Op): Promise<void> => op.createIndex('ix_posts', 'posts', ['author'])
const other = (op: Op): Promise<void> => op.insert('authors', [{ id: 1 }])

describe('a revision', () => {
  let storage: Storage
  beforeEach(async () => {
    storage = await engineNamed('sqljs memory').open()
    await new Migrator({ storage, revisions: [authors] }).upgrade()
  })
  afterEach(() => storage.close())
  const upgrade = (run: (op: Op) => Promise<void>, transaction?: 'none'): Promise<unknown> => new Migrator({ storage, revisions: [authors, revision('b2', ['a1'], run)] }).upgrade('head', { transaction })

  it.each([['first', [orphan, harmless, other]], ['in the middle', [other, orphan, harmless]], ['last', [harmless, other, orphan]]])('is refused when it leaves rows without what they refer to (%s)', async (_, operations) => {
    const run = upgrade(async (op) => { for (const operation of operations) await operation(op) })
    await expect(run).rejects.toMatchObject({ code: 'revision_failed', cause: { code: 'foreign_key_violated' } })
    expect((await storage.query({ sql: 'select * from posts' })).rows).toEqual([])
  })

  it.each([undefined, 'none'] as const)('tells where it failed, also when that is a question (transaction: %s)', async (transaction) => {
    const asking = async (op: Op): Promise<void> => { await other(op); await op.query('select secret from nowhere') }
    await expect(upgrade(asking, transaction)).rejects.toMatchObject({ code: 'revision_failed', details: { operation: 'query', statement: 'select secret from nowhere' } })
  })

  it('tells operation and statement to people too, and of a long one the beginning', async () => {
    const long = `insert into nowhere (id) values ${Array(500).fill('(1)').join(',\n  ')}`
    const error: unknown = await upgrade((op) => op.execute(long)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'revision_failed', why: expect.stringMatching(/operation: execute; statement: insert into nowhere \(id\) values \(1\), \(1\)/), details: { statement: long } })
    expect(String(error).length).toBeLessThan(1000)
  })

  it('names the operation also when that is refused before it has a statement', async () => {
    await expect(upgrade((op) => op.dropColumn('nowhere', 'x'))).rejects.toMatchObject({ code: 'revision_failed', details: { operation: 'dropColumn nowhere.x', statement: undefined } })
  })

  it('has a checksum of its own operations', async () => {
    const first = new Migrator({ storage, revisions: [authors, revision('b2', ['a1'], other), revision('c3', ['b2'], harmless)] })
    const [one, two] = (await first.upgrade()).steps
    expect(one?.checksum).not.toBe(two?.checksum)
    await first.stamp('a1')
    await storage.query({ sql: 'drop index ix_posts' })
    const same = await new Migrator({ storage, revisions: [authors, revision('b2', ['a1'], harmless)] }).upgrade()
    expect(same.steps[0]?.checksum).toBe(two?.checksum)
  })
})
