/**
 * A process that commits to a database on disk until it is killed, and prints each commit once it is done. What a commit does
 * follows from its number in the ledger, so that the test can tell what the database must hold; see `kill-ledger.ts`.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { raw, sqlTemplate } from '../../src/storage/laws/law.ts'
import type { Transaction } from '../../src/storage/storage.ts'
import { dieAtCall } from './fatal-call.ts'
import { droppedBy, kindOf, sizeOf } from './kill-ledger.ts'

const [engine, path = '', writer = '', relaxed, fatalAfter, fatalCall, share] = process.argv.slice(2)
const durability = relaxed === 'relaxed' ? 'relaxed' : 'commit'
// All that takes long and touches no file happens before the word to begin.
await (engine === 'sqljs' ? sqljs().then((storage) => storage.close()) : import('@electric-sql/pglite'))
say('ready')
await once(process.stdin, 'data')
if (fatalAfter === 'begin') await dieAtCall(Number(fatalCall), Number(share))
const storage = await (engine === 'sqljs' ? sqljs({ file: path, durability }) : pglite({ dir: path, durability }))
const sql = sqlTemplate(storage.dialect)
say('open')
if (fatalAfter === 'open') await dieAtCall(Number(fatalCall), Number(share))
await storage.transaction(async (tx) => {
  await tx.query(sql`create table if not exists ledger (seq integer primary key, writer text not null, number integer not null, kind text not null)`)
  await tx.query(sql`create table if not exists items (batch integer, n integer, mark integer not null, body text not null, primary key (batch, n))`)
  await tx.query(sql`create index if not exists items_by_mark on items (mark, body)`)
})
for (let number = 1; ; number += 1) {
  const seq = await storage.transaction(async (tx) => {
    const { rows } = await tx.query<{ seq: number }>(sql`select coalesce(max(seq), 0) + 1 as seq from ledger`)
    const next = rows[0]?.seq ?? 0
    await tx.query(sql`insert into ledger values (${next}, ${writer}, ${number}, ${kindOf(next)})`)
    await work(tx, next)
    return next
  })
  say(`commit ${seq} ${number} ${Date.now()}`)
  if (kindOf(seq) === 'vacuum') {
    await storage.query(sql`vacuum`)
    // Nobody does it by itself in a PGlite that lives so shortly.
    if (storage.dialect === 'postgres') await storage.query(sql`checkpoint`)
    say('vacuum')
  }
}

async function work(tx: Transaction, seq: number): Promise<void> {
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

function say(line: string): void {
  writeSync(1, `${line}\n`)
}
