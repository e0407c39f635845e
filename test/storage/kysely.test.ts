import type { Generated, Kysely } from 'kysely'
import { describe, expect, it } from 'vitest'
import { kyselyFor } from '../../src/storage/kysely.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engines } from '../support/engines.ts'

interface Tables {
  readonly notes: { readonly id: Generated<number>; readonly title: string; readonly done: boolean; readonly tags: readonly string[] | null }
}

async function openNotes(open: () => Promise<Storage>): Promise<{ readonly storage: Storage; readonly db: Kysely<Tables> }> {
  const storage = await open()
  const types = storage.dialect === 'sqlite' ? ['BOOLEAN', 'JSON TEXT'] : ['boolean', 'jsonb']
  await storage.query({ sql: `create table notes (id integer primary key, title text not null, done ${types[0]} not null, tags ${types[1]})` })
  return { storage, db: kyselyFor<Tables>(storage, storage.dialect) }
}

describe.each(engines)('Kysely on $name', ({ open }) => {
  it('writes and reads with port values', async () => {
    const { storage, db } = await openNotes(open)
    await using _ = storage
    const inserted = await db.insertInto('notes').values([
      { id: 1, title: 'a', done: true, tags: ['x', 'y'] },
      { id: 2, title: 'b', done: false, tags: null },
    ]).executeTakeFirst()
    expect(inserted.numInsertedOrUpdatedRows).toBe(2n)
    expect(await db.selectFrom('notes').selectAll().where('done', '=', true).execute()).toEqual([{ id: 1, title: 'a', done: true, tags: ['x', 'y'] }])
    expect(await db.updateTable('notes').set({ done: true }).where('id', '=', 2).returning(['id', 'done']).execute()).toEqual([{ id: 2, done: true }])
    expect((await db.deleteFrom('notes').executeTakeFirst()).numDeletedRows).toBe(2n)
  })

  it('runs in a transaction of the port', async () => {
    const { storage, db } = await openNotes(open)
    await using _ = storage
    await expect(storage.transaction(async (tx) => {
      await kyselyFor<Tables>(tx, tx.dialect).insertInto('notes').values({ id: 1, title: 'a', done: false, tags: null }).execute()
      throw new Error('undo')
    })).rejects.toThrow('undo')
    expect(await db.selectFrom('notes').selectAll().execute()).toEqual([])
  })

  it('refuses transactions, introspection and streams of its own', async () => {
    const { storage, db } = await openNotes(open)
    await using _ = storage
    await expect(db.transaction().execute(async () => undefined)).rejects.toThrow(TypeError)
    await expect((async () => db.introspection.getTables())()).rejects.toThrow(TypeError)
    await expect((async () => {
      for await (const row of db.selectFrom('notes').selectAll().stream()) void row
    })()).rejects.toThrow(TypeError)
  })
})
