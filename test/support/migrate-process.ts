/** A process that upgrades a database as soon as it is told to, and prints how far it has come. */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { isTidemarkError } from '../../src/errors.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { counted, counters } from './slow-revisions.ts'

const [engine = '', place = '', mode = ''] = process.argv.slice(2)
const storage = await open()
say('ready')
await once(process.stdin, 'data')
try {
  const { steps } = await new Migrator({ storage, revisions: [counters, { ...counted, transaction: mode === 'none' ? false : undefined }] }).upgrade('head', {
    onProgress: ({ operation, rows }) => say(`at ${operation ?? 'begin'} ${rows ?? ''}`),
  })
  say(`done ${steps.map((step) => step.revision).join(' ')}`)
} catch (error) {
  say(`failed ${isTidemarkError(error) ? error.code : String(error)}`)
}
await storage.close()
process.exit()

function open(): Promise<Storage> {
  if (engine === 'postgres') return postgres({ url: place })
  return engine === 'pglite' ? pglite({ dir: place }) : sqljs({ file: place })
}

function say(line: string): void {
  writeSync(1, `${line}\n`)
}
