/** Tidemark's process: answers requests as the other tools' processes do (see `worker.ts`). */
import { writeSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { loadModule } from '../../adapters/node/load-module.ts'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { autogenerate } from '../../src/migrate/autogenerate/autogenerate.ts'
import { renderRevision } from '../../src/migrate/autogenerate/render-revision.ts'
import type { TransactionMode } from '../../src/migrate/migration-plan.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Op } from '../../src/migrate/op.ts'
import { defineRevision, type Revision, type RevisionSpec } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Schema } from '../../src/schema/table.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { version } from '../../src/version.ts'
import { time } from '../measure.ts'
import { declaredSchema, historyOf } from './compare/declared-schema.ts'
import type { NeutralTable } from './history/neutral.ts'
import type { EventsChange } from './rebuild/events.ts'

/** Which of them a request has follows from what it asks for. */
interface Request {
  readonly ask: string
  readonly history: string
  readonly database: string
  readonly transaction?: TransactionMode
  readonly statements: readonly string[]
  readonly change: EventsChange
  readonly schema: readonly NeutralTable[]
}

let opened: Storage | undefined
/** By database. */
const histories = new Map<string, readonly Revision[]>()

const handlers: Record<string, (request: Request) => Promise<object>> = {
  async upgrade({ history, database, transaction }) {
    const revisions = await revisionsOf(history)
    await using storage = await open(database)
    await storage.query({ sql: 'select 1' })
    return { ms: await time(() => new Migrator({ storage, revisions }).upgrade('head', { transaction })) }
  },
  /** Through a history, as a project has one: a revision a table. */
  async create({ database, schema }) {
    await using storage = await open(database)
    histories.set(database, historyOf(schema))
    await new Migrator({ storage, revisions: historyOf(schema) }).upgrade()
    return {}
  },
  /** What `tidemark migrate revision --autogenerate` does between reading its files and writing one. */
  async compare({ database, schema }) {
    await using storage = await open(database)
    await storage.query({ sql: 'select 1' })
    const declared = declaredSchema(schema)
    const start = performance.now()
    const { changes } = await findChanges(storage, declared, histories.get(database) ?? [])
    return { ms: performance.now() - start, changes }
  },
  async apply({ database, schema }) {
    await using storage = await open(database)
    const revisions = histories.get(database) ?? []
    const folder = await mkdtemp(join(tmpdir(), 'tidemark-bench-'))
    await writeFile(join(folder, 'found.ts'), (await findChanges(storage, declaredSchema(schema), revisions)).source)
    // Checked by defineRevision.
    const after = [...revisions, defineRevision((await loadModule(join(folder, 'found.ts'))) as RevisionSpec)]
    await rm(folder, { recursive: true })
    await new Migrator({ storage, revisions: after }).upgrade()
    histories.set(database, after)
    return {}
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

async function findChanges(storage: Storage, schema: Schema, revisions: readonly Revision[]): Promise<{ readonly changes: number; readonly source: string }> {
  const { upgrade, downgrade, lossy } = await autogenerate({ storage, schema, revisions })
  const down = revisions.at(-1)?.id ?? ''
  return { changes: upgrade.length, source: renderRevision({ id: 'ffffffffffff', down: [down], message: 'changes', createdAt: '2026-01-01T00:00:00Z', upgrade, downgrade, lossy }) }
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
answer({ tool: `tidemark ${version}`, engines: { sqlite: `sql.js, WASM SQLite ${engine?.version}`, postgres: 'pg' } })
for await (const line of createInterface({ input: process.stdin })) {
  const request: Request = JSON.parse(line)
  await handlers[request.ask]?.(request).then(answer, (error: unknown) => answer({ error: String(error) }))
}
