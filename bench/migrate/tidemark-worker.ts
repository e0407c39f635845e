/** Tidemark's process: answers requests as the other tools' processes do (see `worker.ts`). */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Op } from '../../src/migrate/op.ts'
import { defineRevision, type Revision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { version } from '../../src/version.ts'
import { time } from '../measure.ts'
import type { EventsChange } from './rebuild/events.ts'

/** Which of them a request has follows from what it asks for. */
interface Request {
  readonly ask: string
  readonly history: string
  readonly database: string
  readonly statements: readonly string[]
  readonly change: EventsChange
}

let opened: Storage | undefined

const handlers: Record<string, (request: Request) => Promise<object>> = {
  async upgrade({ history, database }) {
    const revisions = await revisionsOf(history)
    await using storage = await open(database)
    await storage.query({ sql: 'select 1' })
    return { ms: await time(() => new Migrator({ storage, revisions }).upgrade()) }
  },
  async open({ database, statements }) {
    opened = await open(database)
    for (const sql of statements) await opened.query({ sql })
    return {}
  },
  async change({ change }) {
    const start = performance.now()
    const { steps } = await new Migrator({ storage: openedStorage(), revisions: [change === 'type' ? changeType : setNotNull] }).upgrade()
    return { ms: performance.now() - start, grade: steps[0]?.operations[0]?.grade }
  },
  async read({ statements }) {
    const values: unknown[] = []
    for (const sql of statements) values.push(Object.values((await openedStorage().query({ sql })).rows[0] ?? {})[0])
    return { values }
  },
  async close() {
    await openedStorage().close()
    return {}
  },
}

const changeType = revision((op) => op.alterColumn('events', 'amount', { type: c.text() }))
const setNotNull = revision((op) => op.alterColumn('events', 'body', { nullable: false }))

function revision(upgrade: (op: Op) => Promise<void>): Revision {
  return defineRevision({ id: '000000000001', down: [], message: 'change events', createdAt: '2026-01-01T00:00:00Z', irreversible: 'nobody goes back', upgrade })
}

function openedStorage(): Storage {
  if (opened === undefined) throw new Error('No database is open')
  return opened
}

function open(database: string): Promise<Storage> {
  return database.startsWith('postgres') ? postgres({ url: database }) : sqljs(database === ':memory:' ? {} : { file: database })
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
