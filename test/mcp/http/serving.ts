/** An MCP server over HTTP on a free port of this machine, clients of it, and requests as no client would send them. */
import { request } from 'node:http'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createMcpHttpHandler, type McpHttpHandlerOptions } from '../../../adapters/mcp/http-handler.ts'
import type { McpHttpHandler } from '../../../adapters/mcp/http/guarded-handler.ts'
import { serveHttp } from '../../../adapters/node/http-server.ts'
import type { Tidemark } from '../../../src/tidemark.ts'
import { keepingLogger, type Era } from '../connect.ts'

export const token = 't0ken-of-the-http-test'
export const jsonHeaders = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
export const bearer = { authorization: `Bearer ${token}` }
export const listTools = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })

export interface Serving extends AsyncDisposable {
  /** Without a path. */
  readonly url: string
  readonly handler: McpHttpHandler
  /** What was logged. */
  readonly lines: readonly string[]
}

export async function serving(tidemark: Tidemark | (() => Promise<Tidemark>), options: Partial<McpHttpHandlerOptions> = {}): Promise<Serving> {
  const logger = keepingLogger()
  const handler = createMcpHttpHandler(tidemark, { token, logger, ...options })
  const server = await serveHttp(handler.fetch, { port: 0 })
  return {
    url: server.url,
    handler,
    lines: logger.lines,
    async [Symbol.asyncDispose]() {
      await handler.close({ graceMs: 0 })
      await server.close()
    },
  }
}

export async function connectHttp(url: string, era: Era = 'legacy'): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } } })
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers: bearer } }))
  return client
}

export interface RawRequest {
  readonly path?: string | undefined
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

export interface RawResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** With whatever headers, also those that `fetch` would not send. */
export function ask(url: string, { path = '/mcp', method = 'POST', headers = { ...jsonHeaders, ...bearer }, body = method === 'POST' ? listTools : undefined }: RawRequest = {}): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), { method, headers }, (incoming) => {
      let text = ''
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()))
      incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }))
      incoming.once('error', reject)
    })
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}
