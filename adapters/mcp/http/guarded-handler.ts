/**
 * An MCP server as a web-standard handler, Request in, Response out, with everything in front of it that a server needs which is
 * left running: names and origins, rate, token, size of a body, health, an orderly end. Runs wherever `fetch` does. Each request gets a
 * server of its own, so that nothing of one client can reach another.
 */
import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server'
import type { Logger } from '../../../src/tidemark.ts'
import { createAddressGuard, type AddressGuardOptions } from './address-guard.ts'
import { startAnswering, type Answering } from './answering.ts'
import { createBearerCheck } from './bearer.ts'
import { createCancellations, sessionHeader, withSession } from './cancellations.ts'
import { readMessages } from './message-body.ts'
import { createRateLimit } from './rate-limit.ts'
import type { Readiness } from './readiness.ts'
import { refused } from './refused.ts'

export interface GuardOptions extends AddressGuardOptions {
  /** What clients present as `Authorization: Bearer …`. Null: nobody is asked, which is for addresses that only this machine can reach. */
  readonly token: string | null
  /** A longer body is refused. Default 1 MiB. */
  readonly maxBodyBytes?: number | undefined
  /** Requests that one address may make in a minute, at any pace within it; 0 for no limit. Default 6000. */
  readonly requestsPerMinute?: number | undefined
}

/** An MCP server that any HTTP server can be put in front of. */
export interface McpHttpHandler {
  /**
   * Answers one request; `/mcp` is the protocol's, `/healthz` and `/readyz` are for whoever watches the server. Never rejects.
   *
   * @param peer who asks, for the rate limit; without it all clients share one
   */
  fetch(request: Request, peer?: { readonly remoteAddress?: string | undefined }): Promise<Response>
  /** Refuses what comes, lets answers that are under way finish for so many milliseconds (default 5000), then cuts them off. */
  close(options?: { readonly graceMs?: number | undefined }): Promise<void>
}

export interface Guarded extends GuardOptions {
  readonly ready: () => Promise<Readiness>
  readonly logger: Logger
}

export const mcpPath = '/mcp'
const defaultMaxBodyBytes = 1_048_576
const defaultRequestsPerMinute = 6000
const defaultGraceMs = 5000

/**
 * @throws TidemarkError `configuration_invalid` for names and origins that could never match
 * @throws TypeError for a token that is none, also when it was forgotten, and for a limit that is no number
 */
export function createGuardedHandler(createServer: () => McpServer, options: Guarded): McpHttpHandler {
  const { logger, ready, token, maxBodyBytes = defaultMaxBodyBytes, requestsPerMinute = defaultRequestsPerMinute } = options
  if (token !== null && (typeof token !== 'string' || token === '')) throw new TypeError('token must be a text, or null to ask nobody for one')
  if (!Number.isFinite(requestsPerMinute) || requestsPerMinute < 0) throw new TypeError('requestsPerMinute must be a number, or 0 for no limit')
  const address = createAddressGuard(options)
  const authorize = token === null ? undefined : createBearerCheck(token)
  const limit = requestsPerMinute === 0 ? undefined : createRateLimit(requestsPerMinute)
  const protocol = createMcpHandler(createServer, { maxRequestBodySize: maxBodyBytes, onerror: ({ name }) => logger.debug(`Refused on the MCP endpoint: ${name}`) })
  const running = new Set<Answering>()
  const cancellations = createCancellations()
  let closing: Promise<void> | undefined

  async function answer(request: Request, client: string): Promise<Response> {
    const { pathname } = new URL(request.url)
    // Watchers ask for a machine by its address, and have no token; there is nothing to learn here.
    if (pathname === '/healthz') return health(request, 'ok')
    if (pathname === '/readyz') return health(request, closing === undefined ? await ready() : 'stopping')
    if (pathname !== mcpPath) return refused(404, `There is nothing here; MCP is spoken at ${mcpPath}`)
    const refusal = address.check(request) ?? limit?.(client) ?? (await authorize?.(request))
    if (refusal !== undefined) return refusal
    if (closing !== undefined) return refused(503, 'The server is stopping', { 'Retry-After': '5' })
    const incoming = await readMessages(request, maxBodyBytes)
    if (incoming instanceof Response) return incoming
    if (request.signal.aborted) return gone()
    const { messages } = incoming
    const session = request.headers.get(sessionHeader)
    const answering = startAnswering(incoming.request, () => {
      running.delete(answering)
      cancellations.end(session, messages)
    })
    running.add(answering)
    cancellations.begin(session, messages, answering.cut)
    try {
      return withSession(answering.until(await protocol.fetch(answering.request)), messages)
    } catch (error) {
      answering.cut()
      throw error
    }
  }

  async function close(graceMs: number): Promise<void> {
    const cutOff = setTimeout(() => {
      for (const { cut } of running) cut()
    }, graceMs)
    await Promise.all([...running].filter(({ endless }) => !endless).map(({ done }) => done))
    clearTimeout(cutOff)
    // Subscriptions, which have no end of their own.
    await protocol.close()
  }

  return {
    async fetch(request, peer) {
      try {
        return address.readable(request, await answer(request, peer?.remoteAddress ?? ''))
      } catch (error) {
        if (request.signal.aborted) return gone()
        logger.error(`The MCP endpoint failed: ${error instanceof Error ? (error.stack ?? error.message) : typeof error}`)
        return refused(500, 'Something failed inside the server')
      }
    },
    close: ({ graceMs = defaultGraceMs } = {}) => (closing ??= close(graceMs)),
  }
}

/** For nobody: who asked has left meanwhile. */
function gone(): Response {
  return refused(400, 'The request was given up')
}

function health(request: Request, status: Readiness | 'ok' | 'stopping'): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refused(405, 'Ask with GET', { Allow: 'GET, HEAD' })
  return Response.json({ status }, { status: status === 'ok' || status === 'ready' ? 200 : 503, headers: { 'Cache-Control': 'no-store' } })
}
