/** What the history of a database says while somebody else moves it. */
import { expect, it } from 'vitest'
import { Migrator } from '../../src/migrate/migrator.ts'
import { defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Queryable, Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

const revisions = [defineRevision({
  id: 'a1', down: [], message: 'add posts', createdAt: '2026-11-20T18:00:00Z',
  async upgrade(op) { await op.createTable('posts', { id: c.integer().primaryKey() }) },
  async downgrade(op) { await op.dropTable('posts') },
})]

it('tells of one state, also when another program upgrades between two of its reads', async () => {
  const place = await engineNamed('postgres').place()
  await using storage = await place.open()
  await using other = await place.open()
  let upgraded: Promise<unknown> | undefined
  const upgradedAfterFirstRead = (inner: Queryable): Queryable => ({
    async query(statement) {
      const result = await inner.query<never>(statement)
      await (upgraded ??= new Migrator({ storage: other, revisions }).upgrade())
      return result
    },
  })
  const watched: Storage = Object.defineProperties(Object.create(storage), {
    query: { value: upgradedAfterFirstRead(storage).query },
    snapshot: { value: <T>(read: (view: Queryable) => Promise<T>) => storage.snapshot((view) => read(upgradedAfterFirstRead(view))) },
  })

  const first = await new Migrator({ storage: watched, revisions }).history()
  expect(upgraded).toBeDefined()
  expect(first).toMatchObject([{ applied: false, current: false, runs: [] }])
  expect(await new Migrator({ storage, revisions }).history()).toMatchObject([{ applied: true, current: true, runs: [{ outcome: 'done' }] }])
})
