/**
 * The five engines that every behaviour is proven on. `open` gives a fresh, empty database; what it needed on disk or
 * on the server is removed when its test file is done.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { afterFile } from './after-file.ts'
import { PglitePool } from './pglite-pool.ts'

export interface EngineOptions {
  readonly waitTimeoutMs?: number | undefined
}

/** A place for one database, which can be opened more than once in a row. */
export interface Place {
  open(options?: EngineOptions): Promise<Storage>
}

export interface Engine {
  readonly name: string
  /** A new place with nothing in it. */
  place(): Promise<Place>
  /** A fresh, empty database. */
  open(options?: EngineOptions): Promise<Storage>
}

const pglites = {
  memory: new PglitePool({ prepared: preparePglite }),
  folder: new PglitePool({ prepared: preparePglite, folder: async () => join(await runFolder(), 'pglite') }),
}

export const engines: readonly Engine[] = [
  engine('sqljs memory', async () => ({ open: (options) => sqljs(options) })),
  engine('sqljs file', async () => {
    const file = join(await freshFolder(), 'tidemark.db')
    return { open: (options) => sqljs({ file, ...options }) }
  }),
  engine('pglite memory', async () => pglites.memory.place()),
  engine('pglite folder', async () => pglites.folder.place()),
  engine('postgres', async () => {
    const url = await freshPostgresUrl()
    return { open: (options) => postgres({ url, ...options }) }
  }),
]

/** The engine of that name; for tests that are about one engine. */
export function engineNamed(name: string): Engine {
  const found = engines.find((candidate) => candidate.name === name)
  if (found === undefined) throw new RangeError(`Unknown engine "${name}"`)
  return found
}

/** A new folder, removed when the test file is done. */
export async function freshFolder(): Promise<string> {
  const folder = await runFolder()
  afterFile(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A new folder, removed when the run is over: a PGlite that is given back serves the next test files too. */
function runFolder(): Promise<string> {
  return mkdtemp(join(inject('folder'), 'test-'))
}

/** Resolves when what lets a PGlite start fast is there; without it one starts all the same. */
export async function preparePglite(): Promise<void> {
  await fixture('pglite')
}

/** The URL of a new, empty database on the test server, with the order of a language, which no answer may depend on. */
export async function freshPostgresUrl(): Promise<string> {
  databases += 1
  const name = `test_${process.pid}_${databases}`
  await onServer(`create database ${name} template template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US'`)
  afterFile(() => onServer(`drop database if exists ${name} with (force)`))
  return `${await fixture('postgres')}/${name}`
}

let databases = 0

function engine(name: string, place: () => Promise<Place>): Engine {
  return { name, place, open: async (options) => (await place()).open(options) }
}

/** What the global setup makes when it is first asked: the server, whose URL it gives, or the prepared PGlite. */
async function fixture(name: 'postgres' | 'pglite'): Promise<string> {
  const response = await fetch(`${inject('fixturesUrl')}/${name}`)
  if (!response.ok) throw new Error(await response.text())
  return response.text()
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${await fixture('postgres')}/postgres` })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
