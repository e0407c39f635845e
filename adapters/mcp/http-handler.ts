/** A Tidemark as a web-standard MCP handler, for whatever serves Requests: Node, Deno, Bun, a framework. */
import type { Tidemark } from '../../src/tidemark.ts'
import { createGuardedHandler, type GuardOptions, type McpHttpHandler } from './http/guarded-handler.ts'
import { createReadiness } from './http/readiness.ts'
import type { McpServerOptions } from './lazy-server.ts'
import { createMcpServer } from './server.ts'
import { stderrLogger } from './stderr-logger.ts'
import { createSyncRuns } from './sync-runs.ts'

/** What an MCP server over HTTP takes, without its address. */
export type McpHttpHandlerOptions = McpServerOptions & GuardOptions

/**
 * Serves MCP at `/mcp` in both protocol eras, and `/healthz` and `/readyz`. Closing it cancels running syncs and leaves the
 * Tidemark open.
 *
 * @throws TidemarkError `configuration_invalid` for toolsets, host names and origins that cannot be
 * @throws TypeError for a token that is none, also when it was forgotten
 *
 * @example
 * const handler = createMcpHttpHandler(tidemark, { token, allowedHosts: ['mcp.example.com'] })
 * Deno.serve((request, { remoteAddr }) => handler.fetch(request, { remoteAddress: remoteAddr.hostname }))
 */
export function createMcpHttpHandler(tidemark: Tidemark | (() => Promise<Tidemark>), options: McpHttpHandlerOptions): McpHttpHandler {
  const { logger = stderrLogger, syncRuns = createSyncRuns() } = options
  const create = () => createMcpServer(tidemark, { ...options, logger, syncRuns })
  // What cannot be is told now, not to the first client.
  create()
  const ready = createReadiness(async () => (typeof tidemark === 'function' ? tidemark() : tidemark), logger)
  const handler = createGuardedHandler(create, { ...options, logger, ready })
  return {
    fetch: handler.fetch,
    async close(closing) {
      // Those who wait for a sync get to know that it was cancelled.
      await Promise.all([syncRuns.stop(), handler.close(closing)])
    },
  }
}
