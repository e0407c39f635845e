/**
 * A process that commits to an SQLite file until it is killed, and prints each commit once it is done. What a commit does
 * follows from its number in the ledger, so that the test can tell what the file must hold; see `kill-ledger.ts`.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { Transaction } from '../../src/storage/storage.ts'
import { kindOf, sizeOf } from './kill-ledger.ts'

const [file = '', writer = '', durability] = process.argv.slice(2)
// All that takes long and touches no file happens before the word to begin.
await (await sqljs()).close()
say('ready')
await once(process.stdin, 'data')
const storage = await sqljs({ file, durability: durability === 'relaxed' ? 'relaxed' : 'commit' })
say('open')
await storage.transaction(async (tx) => {
  await tx.query({ sql: 'create table if not exists ledger (seq integer primary key, writer text not null, number integer not null, kind text not null)' })
  await tx.query({ sql: 'create table if not exists items (batch integer, n integer, mark integer not null, body text not null, primary key (batch, n))' })
  await tx.query({ sql: 'create index if not exists items_by_mark on items (mark, body)' })
})
for (let number = 1; ; number += 1) {
  const seq = await storage.transaction(async (tx) => {
    const { rows } = await tx.query<{ seq: number }>({ sql: 'select coalesce(max(seq), 0) + 1 as seq from ledger' })
    const next = rows[0]?.seq ?? 0
    await tx.query({ sql: 'insert into ledger values (?, ?, ?, ?)', parameters: [next, writer, number, kindOf(next)] })
    await work(tx, next)
    return next
  })
  say(`commit ${seq} ${number} ${Date.now()}`)
  if (kindOf(seq) === 'vacuum') {
    await storage.query({ sql: 'vacuum' })
    say('vacuum')
  }
}

async function work(tx: Transaction, seq: number): Promise<void> {
  const run = (sql: string, ...parameters: readonly number[]): Promise<unknown> => tx.query({ sql, parameters })
  switch (kindOf(seq)) {
    case 'one':
    case 'many':
      return void (await run(
        `insert into items with recursive counted(n) as (select 1 union all select n + 1 from counted where n < ?)
         select ?, n, 0, ? || '.' || n || '.' || substr(printf('%0200d', 0), 1, (? * 31 + n * 17) % 200) from counted`,
        sizeOf(seq), seq, seq, seq,
      ))
    case 'touch':
      return void (await run('update items set mark = ? where n % 10 = 1', seq))
    case 'thin':
      return void (await run('delete from items where n % 3 = 0'))
    case 'forget':
    case 'vacuum':
      return void (await run('delete from items where batch <= ? - 30', seq))
    case 'table':
      await run(`create table extra_${seq} (id integer primary key, text text)`)
      await run(`create index extra_${seq}_by_text on extra_${seq} (text)`)
      await run(`insert into extra_${seq} select null, body from items where n <= 50 and batch > ?`, seq - 12)
      for (const { name } of (await tx.query<{ name: string }>({ sql: `select name from sqlite_schema where type = 'table' and name like 'extra\\_%' escape '\\' order by cast(substr(name, 7) as integer) desc limit -1 offset 2` })).rows) {
        await tx.query({ sql: `drop table ${name}` })
      }
  }
}

function say(line: string): void {
  writeSync(1, `${line}\n`)
}
