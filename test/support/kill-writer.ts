/**
 * A process that commits to a database on disk until it is killed, and prints each commit once it is done. What a commit does
 * follows from its number in the ledger, so that the test can tell what the database must hold; see `kill-work.ts`.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { dieAtCall } from './fatal-call.ts'
import { kindOf } from './kill-ledger.ts'
import { commitNext, createTables } from './kill-work.ts'

const [engine, path = '', writer = '', relaxed, fatalAfter, fatalCall, share] = process.argv.slice(2)
const durability = relaxed === 'relaxed' ? 'relaxed' : 'commit'
// All that takes long and touches no file happens before the word to begin.
await (engine === 'sqljs' ? sqljs().then((storage) => storage.close()) : import('@electric-sql/pglite'))
say('ready')
await once(process.stdin, 'data')
if (fatalAfter === 'begin') await dieAtCall(Number(fatalCall), Number(share))
const storage = await (engine === 'sqljs' ? sqljs({ file: path, durability }) : pglite({ dir: path, durability }))
say('open')
if (fatalAfter === 'open') await dieAtCall(Number(fatalCall), Number(share))
await createTables(storage)
for (let number = 1; ; number += 1) {
  const seq = await commitNext(storage, writer, number)
  say(`commit ${seq} ${number} ${Date.now()}`)
  if (kindOf(seq) === 'vacuum') {
    await storage.query({ sql: 'vacuum' })
    // Nobody does it by itself in a PGlite that lives so shortly.
    if (storage.dialect === 'postgres') await storage.query({ sql: 'checkpoint' })
    say('vacuum')
  }
}

function say(line: string): void {
  writeSync(1, `${line}\n`)
}
