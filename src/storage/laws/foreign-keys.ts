/** Foreign keys are enforced on every connection; only a transaction that asks for it is spared, and nothing after it. */
import type { Queryable, Storage } from '../storage.ts'
import { type SqlTemplate, type StorageLaw, failureOf, law, refused, same } from './law.ts'

const undo = new Error('undo')

export const foreignKeyLaws: readonly StorageLaw[] = [
  law('foreign keys are enforced, with their actions', async (storage, sql) => {
    await createFamily(storage, sql)
    await refused(addOrphan(storage, sql), 'foreign_key_violated')
    await refused(storage.transaction((tx) => addOrphan(tx, sql)), 'foreign_key_violated')
    await storage.query(sql`delete from parents where id = ${1}`)
    same((await storage.query(sql`select * from children`)).rows, [], 'children of a deleted parent')
  }, { essential: true }),

  law('foreign keys are enforced again after a transaction that suspended them, however it ended', async (storage, sql) => {
    await createFamily(storage, sql)
    await storage.transaction(async (tx) => {
      await tx.query(sql`insert into parents values (${2})`)
    }, { foreignKeys: 'suspended' })
    await refused(addOrphan(storage, sql), 'foreign_key_violated')
    await failureOf(storage.transaction(async () => {
      throw undo
    }, { foreignKeys: 'suspended' }))
    await refused(addOrphan(storage, sql), 'foreign_key_violated')
    await failureOf(storage.transaction((tx) => tx.query(sql`insert into nowhere values (1)`), { foreignKeys: 'suspended' }))
    await refused(storage.transaction((tx) => addOrphan(tx, sql)), 'foreign_key_violated')
    same((await storage.query(sql`select id from parents order by id`)).rows, [{ id: 1 }, { id: 2 }], 'parents')
  }, { essential: true }),

  law('with foreign keys suspended a table can be rebuilt under the rows that refer to it', async (storage, sql) => {
    await createFamily(storage, sql)
    // Only SQLite rebuilds tables; other engines ignore the option.
    if (storage.dialect !== 'sqlite') return
    await storage.transaction(async (tx) => {
      await tx.query(sql`create table parents_new (id integer primary key, name text)`)
      await tx.query(sql`insert into parents_new (id) select id from parents`)
      await tx.query(sql`drop table parents`)
      await tx.query(sql`alter table parents_new rename to parents`)
      same((await tx.query(sql`pragma foreign_key_check`)).rows, [], 'broken references')
    }, { foreignKeys: 'suspended' })
    same((await storage.query(sql`select parent_id from children`)).rows, [{ parent_id: 1 }], 'children')
    await refused(addOrphan(storage, sql), 'foreign_key_violated')
  }),
]

async function createFamily(storage: Storage, sql: SqlTemplate): Promise<void> {
  await storage.query(sql`create table parents (id integer primary key)`)
  await storage.query(sql`create table children (id integer primary key, parent_id integer not null references parents (id) on delete cascade)`)
  await storage.query(sql`insert into parents values (${1})`)
  await storage.query(sql`insert into children values (${1}, ${1})`)
}

async function addOrphan(on: Queryable, sql: SqlTemplate): Promise<void> {
  await on.query(sql`insert into children values (${2}, ${77})`)
}
