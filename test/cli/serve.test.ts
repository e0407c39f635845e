/** `tidemark serve` as processes that share a database: what keeps the copy fresh, and what that costs the API. */
import path from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bundleScript } from '../support/bundled-script.ts'
import { freshFolder, freshPostgresUrl } from '../support/engines.ts'
import { serveAccount, type ServedAccount } from './account.ts'
import { run } from './capture.ts'

let bin = ''
beforeAll(async () => {
  bin = await bundleScript(new URL('../../adapters/cli/bin.ts', import.meta.url))
})

const clients: Client[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
})

/** A server whose database is open. */
async function serve(env: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [bin, 'serve', ...flags], env: { PATH: process.env['PATH'] ?? '', ...env }, stderr: 'ignore' }))
  clients.push(client)
  await client.callTool({ name: 'list_products', arguments: { limit: 1 } })
  return client
}

interface Status {
  readonly running: object | null
  readonly runs: readonly { readonly run_id: number; readonly outcome: string | null; readonly mode: string; readonly holder: string }[]
}

async function statusOf(client: Client): Promise<Status> {
  const { structuredContent } = await client.callTool({ name: 'get_sync_status', arguments: {} })
  return structuredContent as Status
}

async function totalOf(client: Client, tool: string): Promise<unknown> {
  const { structuredContent } = await client.callTool({ name: tool, arguments: { limit: 1 } })
  return (structuredContent as { readonly total: number }).total
}

/** What one sync of such an account costs. */
async function requestsOfOneSync(): Promise<number> {
  await using account = await serveAccount()
  await run(['sync'], { env: { ...account.env, TIDEMARK_DATABASE_URL: 'sqlite::memory:' } })
  return account.simulator.requestCount
}

const sqliteUrl = async (): Promise<string> => `sqlite:${path.join(await freshFolder(), 'copy.db')}`
const settled = (client: Client) => expect.poll(() => statusOf(client), { timeout: 40_000, interval: 300 })

describe.each([['a SQLite file', sqliteUrl], ['PostgreSQL', freshPostgresUrl]] as const)('servers on %s', (_name, makeUrl) => {
  it('fill an empty copy by themselves, and three of them ask the API no more than one does', async () => {
    await using account = await serveAccount()
    const env = { ...account.env, TIDEMARK_DATABASE_URL: await makeUrl() }
    const [first, second, third] = await Promise.all([serve(env), serve(env), serve(env)])
    await settled(first).toMatchObject({ running: null, runs: [{ run_id: 1, outcome: 'success', mode: 'hybrid', holder: expect.stringMatching(/^tidemark serve, process \d+ on /) }] })
    for (const client of [first, second, third]) expect(await totalOf(client, 'list_bugs')).toBe(account.simulator.truth.bugs.length)
    // Those that began a moment later have looked meanwhile.
    await new Promise((resolve) => { setTimeout(resolve, 3_000) })
    expect(account.simulator.requestCount).toBe(await requestsOfOneSync())
    expect((await statusOf(third)).runs).toHaveLength(1)
  }, 90_000)
})

describe('a server', () => {
  it('reads again what has become older than its interval', async () => {
    await using account = await serveAccount()
    const env = { ...account.env, TIDEMARK_DATABASE_URL: await sqliteUrl(), TIDEMARK_REFRESH_SECONDS: '2' }
    await run(['sync'], { env })
    const client = await serve(env)
    account.simulator.change.addTest(account.simulator.truth.products[0]?.id ?? 0)
    await expect.poll(() => totalOf(client, 'list_tests'), { timeout: 20_000, interval: 300 }).toBe(account.simulator.truth.tests.length)
  }, 60_000)

  it.each([['--no-refresh'], ['--read-only']])('with %s never asks the API by itself', async (flag) => {
    await using account: ServedAccount = await serveAccount()
    const client = await serve({ ...account.env, TIDEMARK_DATABASE_URL: await sqliteUrl(), TIDEMARK_REFRESH_SECONDS: '1' }, flag)
    await new Promise((resolve) => { setTimeout(resolve, 4_500) })
    expect(account.simulator.requestCount).toBe(0)
    expect(await statusOf(client)).toMatchObject({ running: null, runs: [] })
  }, 30_000)

  it('that is stopped in the middle of a refresh leaves no run and no lease behind', async () => {
    await using account = await serveAccount({ faults: { latencyMs: 150 } })
    const env = { ...account.env, TIDEMARK_DATABASE_URL: await sqliteUrl() }
    const client = await serve(env)
    await settled(client).toMatchObject({ runs: [{ run_id: 1, outcome: null }] })
    await client.close()
    const status = JSON.parse((await run(['status', '--json'], { env })).stdout)
    expect(status.sync).toMatchObject({ running: null, runs: [{ run_id: 1, outcome: 'cancelled' }] })
  }, 60_000)
})
