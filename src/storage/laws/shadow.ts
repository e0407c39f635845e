/** The empty database that a storage gives for trying things out. */
import { type StorageLaw, law, refused, same } from './law.ts'

export const shadowLaws: readonly StorageLaw[] = [
  law('a shadow is an empty database of the same kind, and nothing that happens in it reaches the storage', async (storage, sql) => {
    // Not every adapter has one to give.
    if (storage.openShadow === undefined) return
    await storage.query(sql`create table kept (id integer primary key)`)
    await storage.query(sql`insert into kept values (${1})`)
    const [shadow, other] = [await storage.openShadow(), await storage.openShadow()]
    try {
      same([shadow.dialect, shadow.capabilities.fullText], [storage.dialect, storage.capabilities.fullText], 'kind')
      await refused(shadow.query(sql`select * from kept`), 'statement_failed')
      await shadow.transaction(async (tx) => {
        await tx.query(sql`create table kept (name text primary key)`)
        await tx.query(sql`insert into kept values (${'shadow'})`)
      })
      same((await shadow.query(sql`select * from kept`)).rows, [{ name: 'shadow' }], 'rows of the shadow')
      await refused(other.query(sql`select * from kept`), 'statement_failed')
      same((await storage.query(sql`select * from kept`)).rows, [{ id: 1 }], 'rows of the storage')
    } finally {
      await Promise.all([shadow.close(), other.close()])
    }
    await refused(shadow.query(sql`select 1`), 'storage_closed')
    same((await storage.query(sql`select * from kept`)).rows, [{ id: 1 }], 'rows of the storage after the shadow')
  }),
]
