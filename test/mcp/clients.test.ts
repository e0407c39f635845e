/**
 * The whole way: a simulated account, synced into a database of each kind, served by the command, listed by the clients of
 * both SDKs in both protocol eras. What they get is compared with the truth that the account was made from.
 */
import { join } from 'node:path'
import { Client as CurrentClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as CurrentTransport } from '@modelcontextprotocol/client/stdio'
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as FirstTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { openTidemark } from '../../src/mod.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { bundleScript } from '../support/bundled-script.ts'
import { freshFolder, freshPostgresUrl } from '../support/engines.ts'

const now = Date.UTC(2025, 7, 1, 12)
const simulator = createSimulator({ now })
const customerId = 7

/** What a client of any SDK can do here. */
interface AnyClient {
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>
  callTool(request: { readonly name: string; readonly arguments: Record<string, unknown> }): Promise<object>
  close(): Promise<void>
}

interface ServerCommand {
  readonly command: string
  readonly args: string[]
  readonly env: Record<string, string>
}

async function connectFirst(server: ServerCommand): Promise<AnyClient> {
  const client = new FirstClient({ name: 'test', version: '1' })
  await client.connect(new FirstTransport({ ...server, stderr: 'ignore' }))
  return client
}

async function connectCurrent(server: ServerCommand, mode: 'legacy' | 'auto' | { readonly pin: string }): Promise<AnyClient> {
  const client = new CurrentClient({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(new CurrentTransport({ ...server, stderr: 'ignore' }))
  return client
}

const clients: readonly { readonly name: string; connect(server: ServerCommand): Promise<AnyClient> }[] = [
  { name: 'the client of SDK 1', connect: connectFirst },
  { name: 'the client of SDK 2 in the old era', connect: (server) => connectCurrent(server, 'legacy') },
  { name: 'the client of SDK 2 that asks for the era', connect: (server) => connectCurrent(server, 'auto') },
  { name: 'the client of SDK 2 in the new era', connect: (server) => connectCurrent(server, { pin: '2026-07-28' }) },
]

const databases: readonly { readonly name: string; url(): Promise<string>; open(url: string): Promise<Storage> }[] = [
  { name: 'sqlite', url: async () => `sqlite:${join(await freshFolder(), 'tidemark.db')}`, open: (url) => sqljs({ file: url.slice('sqlite:'.length) }) },
  { name: 'pglite', url: async () => `pglite:${join(await freshFolder(), 'pglite')}`, open: (url) => pglite({ dir: url.slice('pglite:'.length) }) },
  { name: 'postgres', url: freshPostgresUrl, open: (url) => postgres({ url }) },
]

/** What nobody can see, spelled out here once more: the simulator's strangers use only these. */
const seen = (text: string): string => text.replace(/[\u200B\u202C\u202E\u0007\u001B]/g, '')

/** The truth as `list_tests` has to give it: newest end first, without an end last, ties by id. */
const expectedTests = simulator.truth.tests
  .toSorted((a, b) => compare(b.endAt ?? '', a.endAt ?? '') || a.id - b.id)
  .map((test) => ({
    id: test.id,
    product_id: test.productId,
    title: seen(test.title),
    status: test.status,
    testing_type: test.testingType,
    review_status: test.reviewStatus,
    start_at: test.startAt,
    end_at: test.endAt,
    created_by: test.createdBy,
    submitted_by: test.submittedBy,
    environment: test.environment,
    bugs: outcomesOf(test.id),
  }))

let bin = ''
beforeAll(async () => {
  bin = await bundleScript(new URL('../../adapters/cli/bin.ts', import.meta.url))
})

describe.each(databases)('the tests in a $name database', ({ name, url, open }) => {
  let server: ServerCommand
  beforeAll(async () => {
    const databaseUrl = await url()
    const tidemark = await openTidemark({
      storage: await open(databaseUrl), customerId, now: () => now, testio: { token: simulator.token, fetch: simulator.fetch },
    })
    expect((await tidemark.sync()).outcome).toBe('success')
    await tidemark.close()
    const env = { PATH: process.env['PATH'] ?? '', HOME: await freshFolder(), TIDEMARK_DATABASE_URL: databaseUrl, TIDEMARK_CUSTOMER_ID: String(customerId) }
    server = { command: process.execPath, args: [bin, 'serve'], env }
  })

  // The eras do not depend on the database: all of them on one, one of each SDK on the others.
  it.each(name === 'sqlite' ? clients : clients.filter((_, index) => index % 2 === 0))('reach $name field by field, in order', async ({ connect }) => {
    const client = await connect(server)
    try {
      expect((await client.listTools()).tools.map(({ name }) => name)).toContain('list_tests')
      const items: unknown[] = []
      for (let cursor: unknown = null; cursor !== undefined; ) {
        const page = answerOf(await client.callTool({ name: 'list_tests', arguments: { limit: 25, include_bug_counts: true, ...(cursor === null ? {} : { cursor }) } }))
        expect(page).toMatchObject({ total: expectedTests.length, offset: items.length, freshness: { incomplete: false }, warnings: [] })
        items.push(...(page['items'] as unknown[]))
        expect(page['has_more']).toBe(items.length < expectedTests.length)
        cursor = page['next_cursor'] ?? undefined
      }
      expect(items).toStrictEqual(expectedTests)
    } finally {
      await client.close()
    }
  })
})

describe('every tool over a real copy', () => {
  let client: AnyClient
  beforeAll(async () => {
    const file = join(await freshFolder(), 'tidemark.db')
    const tidemark = await openTidemark({ storage: await sqljs({ file }), customerId, now: () => now, testio: { token: simulator.token, fetch: simulator.fetch } })
    await tidemark.sync()
    await tidemark.close()
    const env = { PATH: process.env['PATH'] ?? '', HOME: await freshFolder(), TIDEMARK_DATABASE_URL: `sqlite:${file}`, TIDEMARK_CUSTOMER_ID: String(customerId) }
    client = await connectCurrent({ command: process.execPath, args: [bin, 'serve'], env }, 'legacy')
  })
  afterAll(() => client.close())

  it('gives the bugs of the truth', async () => {
    const items: Record<string, unknown>[] = []
    for (let cursor: unknown = null; cursor !== undefined; ) {
      const page = answerOf(await client.callTool({ name: 'list_bugs', arguments: { limit: 100, ...(cursor === null ? {} : { cursor }) } }))
      items.push(...(page['items'] as Record<string, unknown>[]))
      cursor = page['next_cursor'] ?? undefined
    }
    const expected = simulator.truth.bugs
      .toSorted((a, b) => compare(b.reportedAt, a.reportedAt) || a.id - b.id)
      .map((bug) => ({
        id: bug.id, test_id: bug.testId, product_id: bug.productId, feature_id: bug.featureId, title: seen(bug.title), kind: bug.kind, severity: bug.severity,
        outcome: bug.outcome, rejection_reason: bug.rejectionReason, known: bug.known, tester: seen(bug.tester), reported_at: bug.reportedAt,
      }))
    expect(items).toStrictEqual(expected)
  })

  it('gives a summary of every test, no longer than an answer may be and without the credentials of its environment', async () => {
    for (const test of simulator.truth.tests) {
      const summary = answerOf(await client.callTool({ name: 'get_test_summary', arguments: { test_id: test.id } }))
      expect(JSON.stringify(summary).length).toBeLessThanOrEqual(40_000)
      expect(simulator.truth.secrets.filter((secret) => JSON.stringify(summary).includes(secret))).toStrictEqual([])
      expect(summary).toMatchObject({ id: test.id, title: seen(test.title), bugs: outcomesOf(test.id) })
    }
  })

  it('goes on from a cursor whatever the time phrase is', async () => {
    const ask = async (cursor?: unknown): Promise<Record<string, unknown>> =>
      answerOf(await client.callTool({ name: 'list_bugs', arguments: { from: '20 years ago', limit: 5, ...(cursor === undefined ? {} : { cursor }) } }))
    const first = await ask()
    expect(first).toMatchObject({ has_more: true })
    expect(await ask(first['next_cursor'])).toMatchObject({ offset: 5, returned: 5 })
  })

  it('names ids that do not exist in warnings, and refuses a summary of one', async () => {
    const answer = answerOf(await client.callTool({ name: 'list_bugs', arguments: { product_ids: [999_999_999] } }))
    expect(answer).toMatchObject({ total: 0, items: [], warnings: [expect.stringContaining('999999999')] })
    expect(await client.callTool({ name: 'get_test_summary', arguments: { test_id: 999_999_999 } })).toMatchObject({
      isError: true, content: [{ text: expect.stringMatching(/^Cannot summarize test 999999999\n.*\n.*list_tests.*$/) }],
    })
  })

  it('says in the diagnostics what is there', async () => {
    const { truth } = simulator
    const answer = answerOf(await client.callTool({ name: 'get_server_diagnostics', arguments: {} }))
    expect(answer).toMatchObject({
      protocol: expect.stringMatching(/^20\d\d-/),
      database: { url: expect.stringMatching(/^sqlite:.*tidemark\.db$/), at_head: true, counts: { products: truth.products.length, tests: truth.tests.length, bugs: truth.bugs.length } },
      api: { reachable: null }, sync: { last_run: { id: 1, outcome: 'success' } },
    })
  })

  it('refuses to sync without a token, and says how to give one', async () => {
    expect(await client.callTool({ name: 'sync_data', arguments: {} })).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('TESTIO_API_TOKEN') }] })
  })

  it('answers hostile arguments without harm', async () => {
    for (const payload of ["'; drop table bugs; --", '../../etc/passwd', '%', '_', '{"$ne":1}', '\u0000', '\uD800', '${7*7}', 'x'.repeat(500)]) {
      for (const [name, argument] of [['list_tests', 'search'], ['list_bugs', 'cursor'], ['list_bugs', 'from'], ['list_products', 'search']] as const) {
        const result = await client.callTool({ name, arguments: { [argument]: payload } })
        expect(JSON.stringify(result)).not.toMatch(/SQLITE|syntax error|\bat .*\.ts:\d|select .* from/i)
      }
      // What is only invisible is no name at all, and refused as such.
      const among = await client.callTool({ name: 'list_bugs', arguments: { testers: [payload], kinds: [payload] } })
      expect(among).toMatchObject(payload === '\u0000' ? { isError: true, content: [{ text: expect.stringContaining('"testers[0]"') }] } : { structuredContent: { total: 0 } })
    }
    expect(answerOf(await client.callTool({ name: 'list_bugs', arguments: { limit: 1 } }))['total']).toBe(simulator.truth.bugs.length)
  })
})

function answerOf(result: object): Record<string, unknown> {
  const { isError, structuredContent, content } = result as { isError?: boolean; structuredContent?: Record<string, unknown>; content: readonly { readonly text: string }[] }
  if (isError === true || structuredContent === undefined) throw new Error(`the call failed: ${content[0]?.text}`)
  expect(JSON.parse(content[0]?.text ?? '')).toStrictEqual(structuredContent)
  return structuredContent
}

function outcomesOf(testId: number): Record<string, number> {
  const bugs = simulator.truth.bugs.filter((bug) => bug.testId === testId)
  const count = (outcome: string): number => bugs.filter((bug) => bug.outcome === outcome).length
  return {
    total: bugs.length, open: count('open'), accepted: count('accepted'), auto_accepted: count('auto_accepted'), rejected: count('rejected'), other: count('other'),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
