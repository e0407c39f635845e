/** What a writer does that is to be killed, with SQL: commit number `seq` of `kill-ledger.ts`. Runs in a process and in a page. */
import { raw, sqlTemplate } from '../../src/storage/laws/law.ts'
import type { Storage, Transaction } from '../../src/storage/storage.ts'
import { droppedBy, kindOf, sizeOf } from './kill-ledger.ts'

export async function createTables(storage: Storage): Promise<void> {
  const sql = sqlTemplate(storage.dialect)
  await storage.transaction(async (tx) => {
    await tx.query(sql`create table if not exists ledger (seq integer primary key, writer text not null, number integer not null, kind text not null)`)
    await tx.query(sql`create table if not exists items (batch integer, n integer, mark integer not null, body text not null, primary key (batch, n))`)
    await tx.query(sql`create index if not exists items_by_mark on items (mark, body)`)
  })
}

/** Gives the number that the commit has in the ledger; `number` is that among the writer's own. */
export async function commitNext(storage: Storage, writer: string, number: number): Promise<number> {
  const sql = sqlTemplate(storage.dialect)
  return storage.transaction(async (tx) => {
    const { rows } = await tx.query<{ seq: number }>(sql`select coalesce(max(seq), 0) + 1 as seq from ledger`)
    const next = rows[0]?.seq ?? 0
    await tx.query(sql`insert into ledger values (${next}, ${writer}, ${number}, ${kindOf(next)})`)
    await work(tx, next)
    return next
  })
}

async function work(tx: Transaction, seq: number): Promise<void> {
  const sql = sqlTemplate(tx.dialect)
  switch (kindOf(seq)) {
    case 'one':
    case 'many':
      return void (await tx.query(sql`
        insert into items with recursive counted(n) as (select 1 union all select n + 1 from counted where n < cast(${sizeOf(seq)} as integer))
        select batch, n, 0, batch || '.' || n || '.' || substr(cast(${'0'.repeat(200)} as text), 1, (batch * 31 + n * 17) % 200)
        from counted cross join (select cast(${seq} as integer) as batch) b`))
    case 'touch':
      return void (await tx.query(sql`update items set mark = ${seq} where n % 10 = 1`))
    case 'thin':
      return void (await tx.query(sql`delete from items where n % 3 = 0`))
    case 'forget':
    case 'vacuum':
      return void (await tx.query(sql`delete from items where batch <= ${seq - 30}`))
    case 'table':
      await tx.query(sql`create table ${raw(`extra_${seq}`)} (id integer primary key, text text)`)
      await tx.query(sql`create index ${raw(`extra_${seq}_by_text`)} on ${raw(`extra_${seq}`)} (text)`)
      await tx.query(sql`insert into ${raw(`extra_${seq}`)} select batch * 100 + n, body from items where n <= 50 and batch > ${seq - 12}`)
      await tx.query(sql`drop table if exists ${raw(`extra_${droppedBy(seq) ?? 0}`)}`)
  }
}
