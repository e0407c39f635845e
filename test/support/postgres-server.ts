/**
 * Vitest global setup: what is too slow to make for each test file is made once, when the first test asks for it: one
 * real PostgreSQL server on a free port, and a prepared PGlite database, which is kept from run to run. A run that
 * needs neither starts neither. Tests reach both through `engines.ts`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { makeCluster } from '../../adapters/pglite/make-cluster.ts'
import { type EmbeddedServer, createServerFolder, listen } from './embedded-postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Answers `/postgres` with the URL of the server and `/pglite` when the prepared PGlite is there. */
    readonly fixturesUrl: string
    /** A folder that is removed when the run is over. */
    readonly folder: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let postgres: ReturnType<typeof startPostgres> | undefined
  let prepared: Promise<void> | undefined
  const broker = createHttpServer((request, response) => {
    // Test workers are busy for seconds; a connection that is kept would time out under them.
    response.setHeader('connection', 'close')
    const answer = request.url === '/postgres' ? (postgres ??= startPostgres()).then(({ url }) => url) : (prepared ??= makeCluster('adapters/pglite'))
    answer.then((text) => response.end(text ?? ''), (error: unknown) => response.writeHead(500).end(String(error)))
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
