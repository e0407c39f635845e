/** The official referee over the real HTTP stack: guards, sockets, streams. What it may find wrong stands in the lists, with reasons. */
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { createGuardedHandler } from '../../../adapters/mcp/http/guarded-handler.ts'
import { serveHttp, type HttpServer } from '../../../adapters/node/http-server.ts'
import { afterFile } from '../../support/after-file.ts'
import { freshFolder } from '../../support/engines.ts'
import { keepingLogger } from '../connect.ts'
import { createFixtureServer } from './fixture-server.ts'
import { bundleReferee, judge } from './referee.ts'

let referee = ''
let server: HttpServer
beforeAll(async () => {
  referee = await bundleReferee()
  // The referee has no token to present.
  const handler = createGuardedHandler(createFixtureServer, { token: null, logger: keepingLogger(), ready: async () => 'ready' })
  server = await serveHttp(handler.fetch, { port: 0 })
  afterFile(async () => {
    await handler.close({ graceMs: 0 })
    await server.close()
  })
})

describe('the HTTP stack', () => {
  it.each(['2025-11-25', '2026-07-28'])('conforms to %s, but for what is listed', async (revision) => {
    const expected = fileURLToPath(new URL(`${revision}.yaml`, import.meta.url))
    const { code, output } = await judge(referee, ['--url', `${server.url}/mcp`, '--requirements', revision, '--expected-failures', expected, '--output-dir', await freshFolder()])
    expect(code, output.slice(output.indexOf('=== SUMMARY'))).toBe(0)
  }, 120_000)
})
