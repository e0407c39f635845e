/** What outlives a storage, and what two storages on one database see of each other. */
import type { Storage } from '../storage.ts'
import { type SqlTemplate, type StorageLaw, failureOf, pause, refused, same, sqlTemplate } from './law.ts'
import { marksOf } from './transactions.ts'

const undo = new Error('undo')

export const durabilityLaws: readonly StorageLaw[] = [
  {
    name: 'a database that is opened again has what was committed, and nothing else',
    needs: 'durable',
    reopens: true,
    essential: true,
    check: async (place) => {
      const first = await place.open()
      const sql = sqlTemplate(first.dialect)
      const marks = await marksOf(first, sql)
      await marks.add(first, 'statement')
      await first.transaction(async (tx) => {
        await marks.add(tx, 'transaction')
        await failureOf(tx.transaction(async (inner) => {
          await marks.add(inner, 'inner')
          throw undo
        }))
      })
      await failureOf(first.transaction(async (tx) => {
        await marks.add(tx, 'rolled back')
        await tx.query(sql`create table extra (id integer)`)
        throw undo
      }))
      await first.close()
      const names = async (storage: Storage): Promise<readonly unknown[]> => (await storage.query(sql`select name from marks order by id`)).rows
      const second = await place.open()
      same(await names(second), [{ name: 'statement' }, { name: 'transaction' }], 'marks')
      if (second.capabilities.transactionalDdl) await refused(second.query(sql`select * from extra`), 'statement_failed')
      await second.query(sql`insert into marks (name) values (${'second'})`)
      await second.close()
      const third = await place.open()
      same(await names(third), [{ name: 'statement' }, { name: 'transaction' }, { name: 'second' }], 'marks')
    },
  },

  betweenTwo('two storages on one database see what the other committed and lose nothing', async (first, second, sql) => {
    await first.query(sql`create table counter (id integer primary key, n integer)`)
    await second.query(sql`insert into counter values (1, 0)`)
    const bump = (storage: Storage): Promise<void> =>
      storage.transaction(async (tx) => {
        await tx.query(sql`update counter set n = n + 1 where id = 1`)
        await pause(1)
      })
    await Promise.all(Array.from({ length: 10 }, () => [bump(first), bump(second)]).flat())
    for (const storage of [first, second]) same((await storage.query(sql`select n from counter`)).rows, [{ n: 20 }], 'row')
  }),

  betweenTwo('a storage never sees a part of what another one commits', async (writer, reader, sql) => {
    await writer.query(sql`create table accounts (id integer primary key, balance integer)`)
    await writer.query(sql`insert into accounts values (1, 500), (2, 500)`)
    const transfers = (async () => {
      for (let n = 0; n < 30; n += 1) {
        await writer.transaction(async (tx) => {
          await tx.query(sql`update accounts set balance = balance - 7 where id = ${1 + (n % 2)}`)
          await tx.query(sql`update accounts set balance = balance + 7 where id = ${2 - (n % 2)}`)
        })
      }
    })()
    let isDone = false
    void transfers.finally(() => { isDone = true }).catch(() => undefined)
    while (!isDone) {
      const { rows } = await reader.query<{ total: unknown }>(sql`select cast(sum(balance) as integer) as total from accounts`)
      same(rows, [{ total: 1000 }], 'row')
      await pause(0)
    }
    await transfers
  }),

  betweenTwo('who waits for the transaction of another storage gets the turn when that ends', async (first, second, sql) => {
    await first.query(sql`create table counter (id integer primary key, n integer)`)
    await first.query(sql`insert into counter values (1, 0)`)
    const order: string[] = []
    let waiting: Promise<unknown> | undefined
    await first.transaction(async (tx) => {
      await tx.query(sql`update counter set n = n + 1 where id = 1`)
      waiting = second.transaction((other) => other.query(sql`update counter set n = n * 10 where id = 1`)).then(() => order.push('second'))
      await pause(50)
      order.push('first')
    })
    await waiting
    same(order, ['first', 'second'], 'order')
    same((await first.query(sql`select n from counter`)).rows, [{ n: 10 }], 'row')
  }),

  betweenTwo('a storage that gives up its transaction lets the others on', async (first, second, sql) => {
    const marks = await marksOf(first, sql)
    await failureOf(first.transaction(async (tx) => {
      await marks.add(tx, 'undone')
      throw undo
    }))
    await second.transaction((tx) => marks.add(tx, 'second'))
    await first.close()
    await second.query(sql`insert into marks (name) values (${'after'})`)
    same((await second.query(sql`select name from marks order by id`)).rows, [{ name: 'second' }, { name: 'after' }], 'marks')
  }),
]

/** A law about two storages that have one database open at the same time. */
function betweenTwo(name: string, check: (first: Storage, second: Storage, sql: SqlTemplate) => Promise<void>): StorageLaw {
  return {
    name,
    needs: 'sharedWriters',
    reopens: true,
    essential: true,
    check: async (place) => {
      const [first, second] = [await place.open(), await place.open()]
      await check(first, second, sqlTemplate(first.dialect))
    },
  }
}
