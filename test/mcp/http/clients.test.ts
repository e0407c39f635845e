/** Clients of both SDKs in both eras, over sockets. */
import { request } from 'node:http'
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as FirstTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { describe, expect, it } from 'vitest'
import type { SyncOptions } from '../../../src/sync/types.ts'
import { sqljs } from '../../../adapters/sqljs/sqljs.ts'
import { openTidemark } from '../../../src/mod.ts'
import { createSimulator } from '../../../src/simulator/simulator.ts'
import { call, connect, eras, failingCall, textOf } from '../connect.ts'
import { fakeTidemark, productItem, syncResult } from '../fake-tidemark.ts'
import { ask, bearer, connectHttp, jsonHeaders, listTools, serving } from './serving.ts'

/** A sync that goes on until it is cancelled; tells so. */
function endlessSync() {
  const ends: string[] = []
  const sync = async ({ signal, onProgress }: SyncOptions = {}) => {
    onProgress?.({ done: 1, total: 2, stream: 'products', productId: null, newCount: 0, changedCount: 0, deletedCount: 0 })
    await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    ends.push('cancelled')
    return syncResult({ outcome: 'cancelled' })
  }
  return { sync, ends }
}

describe.each(eras)('a client of the %s era over HTTP', (era) => {
  it('gets the same tools as over standard streams, in the same order', async () => {
    await using server = await serving(fakeTidemark())
    const direct = await connect(fakeTidemark(), { era })
    expect((await (await connectHttp(server.url, era)).listTools()).tools).toStrictEqual((await direct.listTools()).tools)
  })

  it('gets answers whose text is their structure, and refusals that name the argument', async () => {
    await using server = await serving(fakeTidemark({ products: [productItem()] }))
    const client = await connectHttp(server.url, era)
    const result = await client.callTool({ name: 'list_products', arguments: {} })
    expect(result.structuredContent).toMatchObject({ total: 1 })
    expect(JSON.parse(textOf(result))).toStrictEqual(result.structuredContent)
    expect((await failingCall(client, 'list_bugs', { qery: 'x' })).join('\n')).toContain('qery')
  })

  it('gets growing progress and nothing else, when it asked for it', async () => {
    const sync = async ({ onProgress }: SyncOptions = {}) => {
      for (const done of [1, 2, 2, 3]) onProgress?.({ done, total: 3, stream: 'tests', productId: 2, newCount: done, changedCount: 0, deletedCount: 0 })
      return syncResult()
    }
    await using server = await serving(fakeTidemark({ sync }))
    const client = await connectHttp(server.url, era)
    const seen: number[] = []
    await client.callTool({ name: 'sync_data', arguments: {} }, { onprogress: ({ progress }) => seen.push(progress) })
    expect(seen).toStrictEqual([1, 2, 3])
    expect(await call(client, 'sync_data')).toMatchObject({ outcome: 'success' })
  })

  it('that goes away cancels what it asked for', async () => {
    const { sync, ends } = endlessSync()
    await using server = await serving(fakeTidemark({ sync }))
    const client = await connectHttp(server.url, era)
    const begun = new Promise((resolve) => {
      client.callTool({ name: 'sync_data', arguments: {} }, { onprogress: resolve }).catch(() => undefined)
    })
    await begun
    await client.close()
    await expect.poll(() => ends, { timeout: 5000 }).toStrictEqual(['cancelled'])
  })

  it('cannot make a read-only server write', async () => {
    const { sync, ends } = endlessSync()
    await using server = await serving(fakeTidemark({ sync }), { readOnly: true })
    const client = await connectHttp(server.url, era)
    expect((await client.listTools()).tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true)
    expect(await failingCall(client, 'sync_data')).toHaveLength(3)
    expect(ends).toStrictEqual([])
  })
})

it('a client that goes away before its request was read leaves the server as it was', async () => {
  await using server = await serving(fakeTidemark())
  const leaving = new AbortController()
  const early = new Request('http://localhost/mcp', { method: 'POST', headers: { ...jsonHeaders, ...bearer }, body: listTools, signal: leaving.signal })
  const answer = server.handler.fetch(early)
  leaving.abort()
  expect((await answer).status).toBe(400)

  // Half of a body, and then nothing.
  const half = request(new URL('/mcp', server.url), { method: 'POST', headers: { ...jsonHeaders, ...bearer, 'content-length': '1000' } })
  const ended = new Promise((resolve) => half.once('close', resolve))
  half.once('error', () => undefined)
  half.write('{"jsonrpc"')
  await new Promise((resolve) => { setTimeout(resolve, 50) })
  half.destroy()
  await ended
  expect((await ask(server.url)).status).toBe(200)
  expect(server.lines.filter((line) => line.includes('failed'))).toEqual([])
})

it('the client of SDK 1 lists and calls', async () => {
  await using server = await serving(fakeTidemark({ products: [productItem()] }))
  const client = new FirstClient({ name: 'test', version: '1' })
  await client.connect(new FirstTransport(new URL('/mcp', server.url), { requestInit: { headers: bearer } }))
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('list_products')
  expect(await client.callTool({ name: 'list_products', arguments: {} })).toMatchObject({ structuredContent: { total: 1 } })
  await client.close()
})

it.each(eras)('a client that cancels in the %s era stops the work, though its connection stays', async (era) => {
  const { sync, ends } = endlessSync()
  await using server = await serving(fakeTidemark({ sync }))
  const client = await connectHttp(server.url, era)
  const stop = new AbortController()
  await client.callTool({ name: 'sync_data', arguments: {} }, { signal: stop.signal, onprogress: () => stop.abort() }).catch(() => undefined)
  await expect.poll(() => ends, { timeout: 5000 }).toStrictEqual(['cancelled'])
  expect(await call(client, 'list_products')).toMatchObject({ total: 0 })
})

describe('a cancellation by message', () => {
  const post = (url: string, session: string | undefined, message: object) =>
    ask(url, { headers: { ...jsonHeaders, ...bearer, ...(session === undefined ? {} : { 'mcp-session-id': session }) }, body: JSON.stringify({ jsonrpc: '2.0', ...message }) })
  const initialize = { id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } } }
  const sync = { id: 1, method: 'tools/call', params: { name: 'sync_data', arguments: {} } }
  const cancelled = (requestId: unknown) => ({ method: 'notifications/cancelled', params: { requestId } })
  const sessionOf = async (url: string): Promise<string> => String((await post(url, undefined, initialize)).headers['mcp-session-id'])

  it('is of the client whose session it names, though all count from one', async () => {
    const { sync: endless, ends } = endlessSync()
    const begun: unknown[] = []
    await using server = await serving(fakeTidemark({ sync: (options) => { begun.push(options); return endless(options) } }))
    const [mine, other] = [await sessionOf(server.url), await sessionOf(server.url)]
    expect(mine).not.toBe(other)
    const [first, second] = [post(server.url, mine, sync), post(server.url, other, sync)]
    await expect.poll(() => begun).toHaveLength(2)
    // Without a session, of one that does not exist, of another number, of no number: nobody is meant.
    for (const [session, id] of [[undefined, 1], ['x', 1], [mine, 2], [mine, '1'], [mine, null], [mine, undefined], [mine, { a: 1 }]] as const) {
      expect((await post(server.url, session, cancelled(id))).status).toBe(202)
    }
    expect(ends).toEqual([])
    await post(server.url, mine, cancelled(1))
    await first.catch(() => undefined)
    await expect.poll(() => ends).toEqual(['cancelled'])
    await post(server.url, other, cancelled(1))
    await second.catch(() => undefined)
    await expect.poll(() => ends).toEqual(['cancelled', 'cancelled'])
  })

  it('of what has been answered does nothing, and a number may come again', async () => {
    await using server = await serving(fakeTidemark())
    const session = await sessionOf(server.url)
    const list = { id: 1, method: 'tools/list' }
    expect((await post(server.url, session, list)).status).toBe(200)
    expect((await post(server.url, session, cancelled(1))).status).toBe(202)
    expect((await post(server.url, session, list)).text).toContain('list_products')
  })

  it('needs no session that is known: requests without one are answered as ever', async () => {
    await using server = await serving(fakeTidemark())
    for (const session of [undefined, 'of a server that was started again']) expect((await post(server.url, session, { id: 1, method: 'tools/list' })).status).toBe(200)
    expect((await ask(server.url, { headers: { ...jsonHeaders, ...bearer } })).headers['mcp-session-id']).toBeUndefined()
  })
})

describe('clients at the same time', () => {
  it('get each their own answers and progress, two hundred calls interleaved', async () => {
    const sync = async ({ products = [], onProgress }: SyncOptions = {}) => {
      const [mine = 0] = products
      for (const done of [1, 2]) {
        onProgress?.({ done, total: 2, stream: 'tests', productId: mine, newCount: mine, changedCount: 0, deletedCount: 0 })
        await new Promise((resolve) => { setTimeout(resolve, mine % 7) })
      }
      return syncResult({ runId: mine })
    }
    await using server = await serving(fakeTidemark({ sync }))
    const clients = await Promise.all(eras.map((era) => connectHttp(server.url, era)))
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const seen = new Set<string | undefined>()
        const result = await clients[index % 2]?.callTool({ name: 'sync_data', arguments: { product_ids: [index + 1] } }, { onprogress: ({ message }) => seen.add(message) })
        expect(result?.structuredContent).toMatchObject({ run_id: index + 1 })
        expect([...seen]).toStrictEqual([`tests of product ${index + 1}: ${index + 1} new, 0 changed so far`])
      }),
    )
  })

  it('of two servers see each only its own account', async () => {
    await using first = await serving(fakeTidemark({ products: [productItem({ id: 1, name: 'First' })] }))
    await using second = await serving(fakeTidemark({ products: [productItem({ id: 2, name: 'Second' })] }))
    const [a, b] = await Promise.all([connectHttp(first.url), connectHttp(second.url)])
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => call(index % 2 === 0 ? a : b, 'list_products')))
    answers.forEach((answer, index) => expect(answer).toMatchObject({ items: [{ name: index % 2 === 0 ? 'First' : 'Second' }] }))
  })

  it('get a hundred lists at once without an error, from a real copy', async () => {
    const simulator = createSimulator()
    const tidemark = await openTidemark({ storage: await sqljs(), customerId: 1, testio: { token: simulator.token, fetch: simulator.fetch } })
    try {
      await tidemark.sync()
      await using server = await serving(tidemark)
      const client = await connectHttp(server.url)
      const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => call(client, index % 2 === 0 ? 'list_bugs' : 'list_tests', { limit: 20 })))
      answers.forEach((answer, index) => expect(answer['total']).toBe(index % 2 === 0 ? simulator.truth.bugs.length : simulator.truth.tests.length))
    } finally {
      await tidemark.close()
    }
  })
})
