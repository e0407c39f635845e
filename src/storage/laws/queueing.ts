/** Who waits for whom: statements and transactions that are issued at the same time, waits that end, closing. */
import { type StorageLaw, failureOf, law, pause, refused, same } from './law.ts'
import { marksOf } from './transactions.ts'

const undo = new Error('undo')

export const queueingLaws: readonly StorageLaw[] = [
  law('a statement issued outside never slips into an open transaction', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    let outside: Promise<void> | undefined
    let seen: Promise<readonly string[]> | undefined
    await failureOf(storage.transaction(async (tx) => {
      await marks.add(tx, 'inside')
      seen = marks.all()
      outside = marks.add(storage, 'outside')
      await pause()
      await marks.add(tx, 'inside again')
      throw undo
    }))
    // With several connections the read may come after the other statement from outside, and then sees that one.
    same((await seen)?.filter((mark) => mark !== 'outside'), [], 'marks seen from outside')
    await outside
    same(await marks.all(), ['outside'], 'marks')
  }, { essential: true }),

  law('on one connection everything waits for the open transaction, in order', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    const done: string[] = []
    const note = (name: string) => (): number => done.push(name)
    await Promise.all([
      storage.transaction(async (tx) => {
        await marks.add(tx, 'a1')
        await pause()
        await marks.add(tx, 'a2')
      }).then(note('a')),
      marks.add(storage, 'b').then(note('b')),
      storage.transaction(async (tx) => {
        await marks.add(tx, 'c1')
        await pause()
        await marks.add(tx, 'c2')
      }).then(note('c')),
      marks.add(storage, 'd').then(note('d')),
    ])
    same(await marks.all(), ['a1', 'a2', 'b', 'c1', 'c2', 'd'], 'marks')
    same(done, ['a', 'b', 'c', 'd'], 'order of the ends')
  }, { lacks: 'concurrentStatements' }),

  law('statements run while a transaction is open', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    await storage.transaction(async (tx) => {
      await marks.add(tx, 'inside')
      same(await marks.all(), [], 'marks seen from outside')
      await storage.transaction(async (other) => marks.add(other, 'other'))
    })
    same((await marks.all()).toSorted(), ['inside', 'other'], 'marks')
  }, { needs: 'concurrentStatements' }),

  law('many statements at once are all answered, each with its own rows', async (storage, sql) => {
    await storage.query(sql`create table numbers (n integer primary key, half integer)`)
    await Promise.all(Array.from({ length: 100 }, (_, n) => storage.query(sql`insert into numbers values (${n}, ${n * 2})`)))
    const results = await Promise.all(Array.from({ length: 100 }, (_, n) => storage.query(sql`select half from numbers where n = ${n}`)))
    same(results.map(({ rows }) => rows), results.map((_, n) => [{ half: n * 2 }]), 'rows')
  }),

  law('many transactions at once lose no update', async (storage, sql) => {
    await storage.query(sql`create table counter (id integer primary key, n integer)`)
    await storage.query(sql`insert into counter values (1, 0)`)
    await Promise.all(Array.from({ length: 20 }, () =>
      storage.transaction(async (tx) => {
        await tx.query(sql`update counter set n = n + 1 where id = 1`)
        await pause(1)
        await tx.query(sql`update counter set n = n + 1 where id = 1`)
      }),
    ))
    same((await storage.query(sql`select n from counter`)).rows, [{ n: 40 }], 'row')
  }),

  {
    name: 'a statement on the storage inside its own transaction fails after the wait limit',
    lacks: 'concurrentStatements',
    check: async (place) => {
      const storage = await place.open({ waitTimeoutMs: 50 })
      const error = await refused(storage.transaction(() => storage.query({ sql: 'select 1' })), 'storage_busy')
      same(/\btx\b/.test(error.next), true, 'the error says to use tx')
      await refused(storage.transaction(() => storage.transaction(async () => undefined)), 'storage_busy')
      same((await storage.query({ sql: 'select 1 as one' })).rows, [{ one: 1 }], 'row afterwards')
    },
  },

  {
    name: 'a statement on an outer transaction inside a nested one fails after the wait limit',
    check: async (place) => {
      const storage = await place.open({ waitTimeoutMs: 50 })
      await refused(storage.transaction((tx) => tx.transaction(() => tx.query({ sql: 'select 1' }))), 'storage_busy')
      same((await storage.query({ sql: 'select 1 as one' })).rows, [{ one: 1 }], 'row afterwards')
    },
  },

  law('a signal that has aborted starts no transaction', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    const reason = new Error('enough')
    const error = await refused(storage.transaction(async (tx) => marks.add(tx, 'a'), { signal: AbortSignal.abort(reason) }), 'aborted')
    same(error.cause === reason, true, 'the cause is the reason of the signal')
    same(await marks.all(), [], 'marks')
  }),

  law('a signal ends the wait for a transaction', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    const controller = new AbortController()
    await storage.transaction(async (tx) => {
      const waiting = storage.transaction(async (other) => marks.add(other, 'waited'), { signal: controller.signal })
      controller.abort()
      await refused(waiting, 'aborted')
      await marks.add(tx, 'a')
    })
    same(await marks.all(), ['a'], 'marks')
  }, { lacks: 'concurrentStatements' }),

  law('a signal ends a transaction between its statements', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    const controller = new AbortController()
    await refused(storage.transaction(async (tx) => {
      await marks.add(tx, 'a')
      controller.abort()
      await refused(marks.add(tx, 'b'), 'aborted')
      await refused(tx.transaction(async (inner) => marks.add(inner, 'c')), 'aborted')
      return 'never given'
    }, { signal: controller.signal }), 'aborted')
    const late = new AbortController()
    await refused(storage.transaction(async (tx) => {
      await tx.transaction(async (inner) => {
        await marks.add(inner, 'd')
        late.abort()
      }).catch(() => undefined)
    }, { signal: late.signal }), 'aborted')
    same(await marks.all(), [], 'marks')
  }, { essential: true }),

  law('a closed storage refuses everything', async (storage, sql) => {
    await storage.query(sql`create table kept (id integer)`)
    await Promise.all([storage.close(), storage.close()])
    await storage.close()
    await refused(storage.query(sql`select * from kept`), 'storage_closed')
    await refused(storage.transaction(async () => undefined), 'storage_closed')
  }),

  law('a storage can be disposed of', async (storage) => {
    await storage[Symbol.asyncDispose]()
    await refused(storage.query({ sql: 'select 1' }), 'storage_closed')
  }),

  law('closing waits for what is under way', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    const order: string[] = []
    let closing: Promise<unknown> | undefined
    const open = storage.transaction(async (tx) => {
      await marks.add(tx, 'a')
      closing = storage.close().then(() => order.push('closed'))
      await refused(storage.query({ sql: 'select 1' }), 'storage_closed')
      await pause()
      await marks.add(tx, 'b')
      same(await marks.all(tx), ['a', 'b'], 'marks')
    }).then(() => order.push('committed'))
    await Promise.all([open, pause().then(() => closing)])
    same(order, ['committed', 'closed'], 'order')
  }),
]
