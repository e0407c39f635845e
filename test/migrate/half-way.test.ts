import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Op } from '../../src/migrate/op.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

const revision = (id: string, down: readonly string[], downgrade?: (op: Op) => Promise<void>): Revision => defineRevision({
  id, down, message: `make ${id}`, createdAt: '2026-11-20T18:00:00Z', transaction: false,
  async upgrade(op) {
    await op.createTable(id, { n: c.integer() })
    await op.insert(id, [{ n: 1 }])
  },
  async downgrade(op) {
    await op.execute(`delete from ${id}`)
    await (downgrade ?? ((its) => its.dropTable(id)))(op)
  },
})
const failing = (op: Op): Promise<void> => op.execute('delete from nothing')
const revisions = (downgrade?: (op: Op) => Promise<void>): readonly Revision[] => [revision('a1', [], downgrade), revision('b2', ['a1'], downgrade), revision('c3', ['a1'])]

describe('a revision that is half undone', () => {
  let storage: Storage
  beforeEach(async () => { storage = await engineNamed('sqljs memory').open() })
  afterEach(() => storage.close())
  const migrator = (downgrade?: (op: Op) => Promise<void>): Migrator => new Migrator({ storage, revisions: revisions(downgrade) })

  it.each([
    ['on one side of a fork', 'heads', 'b2@a1', ['c3']],
    ['where it is the only one', 'b2', 'a1', ['a1']],
    ['at the bottom', 'a1', 'base', []],
  ])('is finished by the command that the refusal of anything else names: %s', async (_, from, target, left) => {
    await migrator().upgrade(from)
    await expect(migrator(failing).downgrade(target)).rejects.toMatchObject({ code: 'revision_failed' })
    const { halfWay } = await migrator().status()
    await expect(migrator().upgrade('heads')).rejects.toMatchObject({ code: 'revision_half_way', details: { revision: halfWay?.revision, direction: 'downgrade' }, next: expect.stringContaining(`\`tidemark migrate downgrade ${target}\``) })
    expect((await migrator().downgrade(target)).steps.map((step) => step.revision)).toEqual([halfWay?.revision])
    expect(await migrator().current()).toEqual(left)
  })

  it('is left to the program that has it', async () => {
    await migrator().upgrade('b2')
    await migrator(failing).downgrade('a1').catch(() => undefined)
    const older = new Migrator({ storage, revisions: [revision('a1', [])] })
    await expect(older.downgrade('base')).rejects.toMatchObject({ code: 'revision_half_way', details: { revision: 'b2' } })
    expect((await storage.query({ sql: 'select n from a1' })).rows).toEqual([{ n: 1 }])
  })

  it('is told also where the database stands partly at a revision that is not known here', async () => {
    await migrator().upgrade('heads')
    await migrator(failing).downgrade('b2@a1').catch(() => undefined)
    const older = new Migrator({ storage, revisions: revisions().slice(0, 2) })
    await storage.query({ sql: `insert into tidemark_version values ('a1')` })
    expect(await older.status()).toMatchObject({ current: 'a1, c3', atHead: false, halfWay: { revision: 'b2' } })
    expect(await older.halfWay()).toMatchObject({ revision: 'b2', direction: 'downgrade' })
  })
})
