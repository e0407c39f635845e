/** Transactions happen whole or not at all, savepoints too, and in order. */
import { isTidemarkError } from '../../errors.ts'
import type { Queryable, Storage, Transaction } from '../storage.ts'
import { type SqlTemplate, type StorageLaw, failureOf, law, pause, refused, same } from './law.ts'

const undo = new Error('undo')

export const transactionLaws: readonly StorageLaw[] = [
  law('a transaction commits when its callback resolves, and gives its result', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    same(await storage.transaction(async (tx) => marks.add(tx, 'a').then(() => 'result')), 'result', 'result')
    same(await marks.all(), ['a'], 'marks')
  }),

  law('a transaction leaves nothing behind when its callback throws', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    await marks.add(storage, 'before')
    const error = await failureOf(storage.transaction(async (tx) => {
      await marks.add(tx, 'a')
      await tx.query(sql`update marks set name = ${'changed'} where name = ${'before'}`)
      await tx.query(sql`delete from marks where name = ${'a'}`)
      throw undo
    }))
    same(error === undo, true, 'the error of the callback comes out')
    const sync = await failureOf(storage.transaction(() => {
      throw undo
    }))
    same(sync === undo, true, 'an error thrown at once comes out')
    same(await marks.all(), ['before'], 'marks')
  }, { essential: true }),

  law('a change of the schema is rolled back with its transaction', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    await failureOf(storage.transaction(async (tx) => {
      await tx.query(sql`create table extra (id integer)`)
      await tx.query(sql`alter table marks add column extra integer`)
      await tx.query(sql`create index marks_by_name on marks (name)`)
      await tx.query(sql`insert into marks (name, extra) values ('a', 1)`)
      throw undo
    }))
    await refused(storage.query(sql`select * from extra`), 'statement_failed')
    await refused(storage.query(sql`select extra from marks`), 'statement_failed')
    await storage.query(sql`create index marks_by_name on marks (name)`)
    same(await marks.all(), [], 'marks')
  }, { needs: 'transactionalDdl', essential: true }),

  law('the callback is awaited before the commit', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    await failureOf(storage.transaction(async (tx) => {
      await marks.add(tx, 'early')
      await pause()
      await marks.add(tx, 'late')
      await pause()
      throw undo
    }))
    same(await marks.all(), [], 'marks after a late failure')
    await storage.transaction(async (tx) => {
      await pause()
      await marks.add(tx, 'late')
    })
    same(await marks.all(), ['late'], 'marks after a late success')
  }, { essential: true }),

  law('a statement that was not awaited still belongs to its transaction', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    await storage.transaction(async (tx) => {
      void marks.add(tx, 'a')
      void tx.transaction(async (inner) => marks.add(inner, 'b'))
      void marks.add(tx, 'c')
    })
    same(await marks.all(), ['a', 'b', 'c'], 'marks')
  }),

  law('a transaction sees what it wrote', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    await storage.transaction(async (tx) => {
      await marks.add(tx, 'a')
      same(await marks.all(tx), ['a'], 'marks inside')
    })
  }),

  law('a failed statement spoils its transaction, even if the callback goes on', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    let first: unknown
    const error = await failureOf(storage.transaction(async (tx) => {
      await marks.add(tx, 'a')
      first = await failureOf(tx.query(sql`insert into nowhere values (1)`))
      same((await failureOf(marks.add(tx, 'b'))) === first, true, 'the next statement fails with the first error')
      return 'never given'
    }))
    same(error === first && isTidemarkError(error, 'statement_failed'), true, 'the first error comes out')
    same(await marks.all(), [], 'marks')
  }, { essential: true }),

  law('the error of the callback wins over a failing end', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    const error = await failureOf(storage.transaction(async (tx) => {
      await marks.add(tx, 'a')
      await failureOf(tx.query(sql`insert into nowhere values (1)`))
      throw undo
    }))
    same(error === undo, true, 'the error of the callback comes out')
    same(await marks.all(), [], 'marks')
  }),

  law('a constraint that fails at the commit rolls everything back', async (storage, sql) => {
    await storage.query(sql`create table parents (id integer primary key)`)
    await storage.query(sql`create table children (id integer primary key, parent_id integer references parents (id) deferrable initially deferred)`)
    await refused(storage.transaction(async (tx) => {
      await tx.query(sql`insert into children values (${1}, ${1})`)
    }), 'foreign_key_violated')
    same((await storage.query(sql`select * from children`)).rows, [], 'rows')
    await storage.transaction(async (tx) => {
      await tx.query(sql`insert into children values (${1}, ${1})`)
      await tx.query(sql`insert into parents values (${1})`)
    })
    same((await storage.query(sql`select id from children`)).rows, [{ id: 1 }], 'rows')
  }, { essential: true }),

  law('a nested transaction is rolled back alone', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    await storage.transaction(async (tx) => {
      await marks.add(tx, 'a')
      const error = await failureOf(tx.transaction(async (inner) => {
        await marks.add(inner, 'b')
        throw undo
      }))
      same(error === undo, true, 'the error of the inner callback comes out')
      same(await marks.all(tx), ['a'], 'marks after the inner rollback')
      await tx.transaction(async (inner) => marks.add(inner, 'c'))
      await marks.add(tx, 'd')
    })
    same(await marks.all(), ['a', 'c', 'd'], 'marks')
  }, { essential: true }),

  law('a nested transaction shares the end of the outer one', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    await failureOf(storage.transaction(async (tx) => {
      await tx.transaction(async (inner) => marks.add(inner, 'a'))
      throw undo
    }))
    same(await marks.all(), [], 'marks')
  }, { essential: true }),

  law('transactions nest as deep as wanted', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    const nest = async (tx: Transaction, depth: number): Promise<void> => {
      await marks.add(tx, `in ${depth}`)
      if (depth < 6) {
        await tx.transaction(async (inner) => {
          await nest(inner, depth + 1)
          if (depth === 3) throw undo
        }).catch((error: unknown) => {
          if (error !== undo) throw error
        })
      }
      await marks.add(tx, `out ${depth}`)
    }
    await storage.transaction((tx) => nest(tx, 1))
    same(await marks.all(), ['in 1', 'in 2', 'in 3', 'out 3', 'out 2', 'out 1'], 'marks')
  }),

  law('a failed statement in a nested transaction spares the outer one', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    await storage.transaction(async (tx) => {
      await marks.add(tx, 'a')
      await refused(tx.transaction(async (inner) => {
        await marks.add(inner, 'b')
        await inner.query(sql`insert into marks (id, name) select id, name from marks`)
      }), 'unique_violated')
      await marks.add(tx, 'c')
    })
    same(await marks.all(), ['a', 'c'], 'marks')
  }, { essential: true }),

  law('nested transactions side by side run one after the other', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    await storage.transaction(async (tx) => {
      const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) =>
        tx.transaction(async (inner) => {
          await marks.add(inner, `${name}1`)
          await pause(5)
          await marks.add(inner, `${name}2`)
          if (name === 'b') throw undo
        }),
      ))
      same(outcomes.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled'], 'outcomes')
    })
    same(await marks.all(), ['a1', 'a2', 'c1', 'c2'], 'marks')
  }, { essential: true }),

  law('statements of the outer transaction wait for the nested one', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    await storage.transaction(async (tx) => {
      const inner = tx.transaction(async (nested) => {
        await marks.add(nested, 'inner')
        await pause()
        throw undo
      })
      const outer = marks.add(tx, 'outer')
      await failureOf(inner)
      await outer
    })
    same(await marks.all(), ['outer'], 'marks')
  }, { essential: true }),

  law('statements issued together in one transaction run in order', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    const names = Array.from({ length: 50 }, (_, index) => `mark ${index}`)
    await storage.transaction((tx) => Promise.all(names.map((name) => marks.add(tx, name))))
    same(await marks.all(), names, 'marks')
  }),

  law('a transaction that has ended refuses statements', async (storage, sql) => {
    const marks = await marksOf(storage, sql)
    const kept: Transaction[] = []
    await storage.transaction(async (tx) => {
      kept.push(tx)
      await tx.transaction(async (inner) => {
        kept.push(inner)
      })
      await refused(marks.add(kept[1] ?? tx, 'a'), 'transaction_finished')
    })
    await failureOf(storage.transaction(async (tx) => {
      kept.push(tx)
      throw undo
    }))
    same(kept.length, 3, 'transactions')
    for (const tx of kept) {
      await refused(marks.add(tx, 'a'), 'transaction_finished')
      await refused(tx.transaction(async (inner) => marks.add(inner, 'a')), 'transaction_finished')
    }
    same(await marks.all(), [], 'marks')
  }, { essential: true }),

  law('a nested transaction takes no options', async (storage) => {
    await storage.transaction(async (tx) => {
      // The types forbid it; a program without types must not believe that it was heard.
      const nested: (run: () => Promise<void>, options: object) => Promise<void> = tx.transaction.bind(tx)
      same((await failureOf(nested(async () => undefined, { foreignKeys: 'suspended' }))) instanceof TypeError, true, 'a TypeError')
    })
  }),
]

/** A table of names in the order in which they were added. */
export interface Marks {
  add(on: Queryable, name: string): Promise<void>
  all(on?: Queryable): Promise<readonly string[]>
}

export async function marksOf(storage: Storage, sql: SqlTemplate): Promise<Marks> {
  const key = storage.dialect === 'sqlite' ? 'integer primary key autoincrement' : 'integer generated by default as identity primary key'
  await storage.query({ sql: `create table marks (id ${key}, name text not null)` })
  return {
    add: async (on, name) => {
      await on.query(sql`insert into marks (name) values (${name})`)
    },
    all: async (on = storage) => (await on.query<{ name: string }>(sql`select name from marks order by id`)).rows.map((row) => row.name),
  }
}
