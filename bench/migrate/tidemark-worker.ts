/** Tidemark's process: answers requests as the other tools' processes do (see `worker.ts`). */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Revision } from '../../src/migrate/revision.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { version } from '../../src/version.ts'
import { time } from '../measure.ts'

interface Request {
  readonly ask: string
  readonly history: string
  readonly database: string
}

const handlers: Record<string, (request: Request) => Promise<object>> = {
  async upgrade({ history, database }) {
    const revisions = await revisionsOf(history)
    await using storage = await open(database)
    await storage.query({ sql: 'select 1' })
    return { ms: await time(() => new Migrator({ storage, revisions }).upgrade()) }
  },
}

function open(database: string): Promise<Storage> {
  return database.startsWith('postgres') ? postgres({ url: database }) : sqljs({ file: database })
}

const loaded = new Map<string, readonly Revision[]>()

async function revisionsOf(history: string): Promise<readonly Revision[]> {
  const known = loaded.get(history)
  if (known !== undefined) return known
  const module: { readonly revisions: readonly Revision[] } = await import(`${history}/revisions.mjs`)
  loaded.set(history, module.revisions)
  return module.revisions
}

function answer(value: object): void {
  writeSync(3, `${JSON.stringify(value)}\n`)
}

await using memory = await sqljs()
const { rows: [engine] } = await memory.query<{ version: string }>({ sql: 'select sqlite_version() as version' })
answer({ tool: `tidemark ${version}`, engine: `sql.js, WASM SQLite ${engine?.version}` })
for await (const line of createInterface({ input: process.stdin })) {
  const request: Request = JSON.parse(line)
  await handlers[request.ask]?.(request).then(answer, (error: unknown) => answer({ error: String(error) }))
}
