/**
 * Vitest global setup: what is too slow to make for each test file is made once, when the first test asks for it: one
 * real PostgreSQL server on a free port, and a dump of a fresh PGlite folder, which is kept from run to run. A run that
 * needs neither starts neither. Tests reach both through `engines.ts`.
 */
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import type { TestProject } from 'vitest/node'
import { type EmbeddedServer, createServerFolder, listen } from './embedded-postgres.ts'

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
    await (await postgres)?.remove()
    await rm(folder, { recursive: true, force: true })
  }
}

async function startPostgres(): Promise<EmbeddedServer> {
  const server = await createServerFolder()
  await server.start()
  return server
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
