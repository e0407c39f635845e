/** How a server over HTTP begins and ends: what it refuses to be, and in which order it stops. */
import { describe, expect, it } from 'vitest'
import { runHttpServer, type HttpServerOptions } from '../../../adapters/mcp/http.ts'
import type { ScheduleOptions, Tidemark } from '../../../src/tidemark.ts'
import type { SyncOptions } from '../../../src/sync/types.ts'
import { call, eras, keepingLogger } from '../connect.ts'
import { fakeTidemark, fresh, syncResult, type FakeContents } from '../fake-tidemark.ts'
import { ask, connectHttp, listTools, token } from './serving.ts'

interface Running {
  readonly url: string
  stop(): void
  readonly ended: Promise<void>
}

async function running(open: () => Promise<Tidemark>, options: Partial<HttpServerOptions> = {}): Promise<Running> {
  const stop = new AbortController()
  let ended: Promise<void> = Promise.resolve()
  const url = await new Promise<string>((resolve, reject) => {
    ended = runHttpServer(open, { token, port: 0, logger: keepingLogger(), signal: stop.signal, onListening: resolve, ...options })
    ended.catch(reject)
  })
  return { url, stop: () => stop.abort(), ended }
}

/** A Tidemark that tells in which order things end. */
function telling(contents: FakeContents = {}) {
  const ends: string[] = []
  const untilAborted = (signal: AbortSignal | undefined) => new Promise((resolve) => signal?.addEventListener('abort', resolve))
  const tidemark = fakeTidemark({
    async sync({ signal, onProgress }: SyncOptions = {}) {
      onProgress?.({ done: 1, total: 2, stream: 'products', productId: null, newCount: 0, changedCount: 0, deletedCount: 0 })
      await untilAborted(signal)
      ends.push('sync cancelled')
      return syncResult({ outcome: 'cancelled' })
    },
    async schedule({ signal }: ScheduleOptions) {
      ends.push('refreshing')
      await untilAborted(signal)
      ends.push('refresh stopped')
    },
    async close() {
      ends.push('closed')
    },
    ...contents,
  })
  return { tidemark, ends }
}

const slowList = (ms: number): FakeContents['listProducts'] => async () => {
  await new Promise((resolve) => { setTimeout(resolve, ms) })
  return { items: [], total: 0, returned: 0, offset: 0, hasMore: false, nextCursor: null, filters: {}, freshness: fresh, warnings: [] }
}

describe.each(eras)('a server that is told to stop (clients of the %s era)', (era) => {
  it('finishes its answers, cancels syncs, closes the store, and takes no more connections', async () => {
    const { tidemark, ends } = telling({ listProducts: slowList(500) })
    const server = await running(async () => tidemark)
    const client = await connectHttp(server.url, era)
    const answer = call(client, 'list_products')
    let sync: Promise<unknown> = Promise.resolve()
    await new Promise((resolve) => {
      sync = client.callTool({ name: 'sync_data', arguments: {} }, { onprogress: resolve })
    })
    server.stop()
    expect(await answer).toMatchObject({ total: 0 })
    expect(await sync).toMatchObject({ structuredContent: { outcome: 'cancelled' } })
    await server.ended
    expect(ends).toStrictEqual(['sync cancelled', 'closed'])
    await expect(fetch(server.url)).rejects.toThrow()
  })

  it('does not wait for ever', async () => {
    let hasBegun = false
    const { tidemark, ends } = telling({ listProducts: () => { hasBegun = true; return new Promise(() => undefined) } })
    const server = await running(async () => tidemark, { graceMs: 200 })
    const client = await connectHttp(server.url, era)
    const answer = call(client, 'list_products').catch(() => 'cut off')
    await expect.poll(() => hasBegun).toBe(true)
    server.stop()
    await server.ended
    expect(ends).toStrictEqual(['closed'])
    await client.close()
    expect(await answer).toBe('cut off')
  })
})

describe('a server over HTTP', () => {
  it('ends the streams of those who listen, without the time that answers are given', async () => {
    const { tidemark } = telling()
    const server = await running(async () => tidemark, { graceMs: 600_000 })
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {}, 'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' } }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: { _meta: meta, notifications: { toolsListChanged: true } } })
    const response = await fetch(server.url, {
      method: 'POST', body,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' },
    })
    const reader = response.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('acknowledged')
    server.stop()
    await server.ended
  })

  it('keeps the copy fresh while it runs', async () => {
    const { tidemark, ends } = telling()
    const server = await running(async () => tidemark, { refreshSeconds: 60 })
    await expect.poll(() => ends, { timeout: 10_000 }).toStrictEqual(['refreshing'])
    server.stop()
    await server.ended
    expect(ends).toStrictEqual(['refreshing', 'refresh stopped', 'closed'])
  })

  it('stays when the database cannot be opened, says so, and tries again', async () => {
    const { tidemark } = telling()
    let tries = 0
    const open = async () => {
      tries += 1
      if (tries < 3) throw new Error('not yet')
      return tidemark
    }
    const server = await running(open)
    const ready = async () => (await ask(server.url, { path: '/readyz', method: 'GET' })).status
    expect(await ready()).toBe(503)
    await expect.poll(ready, { timeout: 5000 }).toBe(200)
    server.stop()
    await server.ended
  })

  it.each([
    ['no names and no token', { token: null }],
    ['no token', { token: null, allowedHosts: ['mcp.example.com'] }],
    ['no names', {}],
  ])('is not served to other machines with %s', async (_what, options) => {
    await expect(running(async () => fakeTidemark(), { host: '0.0.0.0', ...options })).rejects.toMatchObject({ code: 'configuration_invalid', what: 'Cannot listen on 0.0.0.0' })
  })

  it('is served to other machines with names and a token', async () => {
    const server = await running(async () => fakeTidemark(), { host: '0.0.0.0', allowedHosts: ['mcp.example.com'] })
    const url = server.url.replace('0.0.0.0', '127.0.0.1')
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
    expect((await ask(url, { headers: { ...headers, host: 'mcp.example.com' }, body: listTools })).status).toBe(200)
    expect((await ask(url, { headers: { ...headers, host: '192.0.2.1' } })).status).toBe(403)
    server.stop()
    await server.ended
  })
})
