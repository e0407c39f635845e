/** What the reads of a snapshot see, and what they may not do. */
import type { Queryable } from '../storage.ts'
import { type StorageLaw, failureOf, law, refused, same } from './law.ts'

export const snapshotLaws: readonly StorageLaw[] = [
  law('the reads of a snapshot see what was committed, and give what the read gives', async (storage, sql) => {
    await storage.query(sql`create table marks (id integer)`)
    await storage.query(sql`insert into marks values (${7})`)
    same(await storage.snapshot(async (view) => (await view.query(sql`select id from marks`)).rows), [{ id: 7 }], 'rows')
  }),
  {
    name: 'the reads of a snapshot see one state, also when another storage commits between them',
    needs: 'sharedWriters',
    check: async (place) => {
      const [reader, writer] = [await place.open(), await place.open()]
      await writer.query({ sql: 'create table marks (id integer)' })
      const count = async (view: Queryable): Promise<unknown> => (await view.query<{ total: number }>({ sql: 'select count(*) as total from marks' })).rows[0]?.total
      let isCommitted = false
      const counts = await reader.snapshot(async (view) => {
        const before = await count(view)
        if (!isCommitted) await writer.query({ sql: 'insert into marks values (1)' })
        isCommitted = true
        return [before, await count(view)]
      })
      same(counts[1], counts[0], 'the second count')
      same(await count(reader), 1, 'the count afterwards')
    },
  },
  law('a snapshot refuses to write, and leaves the storage as it was', async (storage, sql) => {
    await storage.query(sql`create table marks (id integer)`)
    await refused(storage.snapshot((view) => view.query(sql`insert into marks values (1)`)), 'statement_failed')
    await refused(storage.snapshot((view) => view.query(sql`select nothing from marks`)), 'statement_failed')
    await storage.query(sql`insert into marks values (2)`)
    same((await storage.query(sql`select id from marks`)).rows, [{ id: 2 }], 'rows')
  }),
  law('a snapshot that is over answers no more', async (storage, sql) => {
    const view = await storage.snapshot(async (late) => late)
    const failure = await failureOf(view.query(sql`select 1 as one`))
    same(failure instanceof TypeError, true, 'a TypeError')
  }),
]
