/**
 * The MCP server: tools, prompts and resources over a Tidemark, for whatever transport. Speaks both protocol eras, keeps no state of a client, and so
 * may be made anew for every connection or request. What it offers depends on `readOnly` and `toolsets` and on nothing else. A client is greeted
 * without it: this module and those that it imports stay clear of it, so that it can be loaded while the client reads the greeting.
 */
import type { McpServer } from '@modelcontextprotocol/server'
import type { Logger, Tidemark } from '../../src/tidemark.ts'
import { version } from '../../src/version.ts'
import type { SyncScope } from '../node/sync-scope.ts'
import { answerCompletions } from './answer-completions.ts'
import { answerPromptRequests } from './answer-prompts.ts'
import { answerResourceRequests } from './answer-resources.ts'
import { answerToolRequests } from './answer-tools.ts'
import { instructionsFor } from './instructions.ts'
import type { Offerings } from './offerings.ts'
import { stderrLogger } from './stderr-logger.ts'
import { createSyncRuns, type SyncRuns } from './sync-runs.ts'
import type { ToolEnvironment } from './tool-environment.ts'
import { createToolGate, offersSync, type Toolset } from './toolsets.ts'

/** What every MCP server takes, however it is reached. */
export interface McpServerOptions {
  /** Leaves out the tools that change something, and refuses them when they are called all the same. Default false. */
  readonly readOnly?: boolean | undefined
  /** Which groups of tools there are; see `toolsetNames`. Default all. What changes something is left out by `readOnly` all the same. */
  readonly toolsets?: readonly Toolset[] | undefined
  /** The database as people may see it, without secrets; shown by the diagnostics. */
  readonly databaseUrl?: string | undefined
  /** Default: warnings and errors to standard error. */
  readonly logger?: Logger | undefined
  /** What a sync covers when its caller does not say. Default everything. */
  readonly syncScope?: SyncScope | undefined
  /** Where reports are saved that a client asks for; made when it is not there. Default: none are saved. */
  readonly reportsFolder?: string | undefined
  /** Of all servers over one store, for whoever closes it. Default its own. */
  readonly syncRuns?: SyncRuns | undefined
}

/** What is listed changes with the program only. */
const definitions = { ttlMs: 300_000, cacheScope: 'public' } as const

export interface LazyServerParts {
  /** The class of the SDK by which it is served: the SDK tells its servers by it. */
  readonly McpServer: typeof McpServer
  /** Asked for by every request behind the greeting. */
  readonly offerings: () => Promise<Offerings>
  readonly tidemark: Tidemark | (() => Promise<Tidemark>)
}

/**
 * @throws TidemarkError `configuration_invalid` for a toolset that does not exist
 */
export function createLazyServer({ McpServer, offerings, tidemark }: LazyServerParts, options: McpServerOptions): McpServer {
  const { readOnly = false, toolsets, databaseUrl = null, logger = stderrLogger } = options
  const gate = createToolGate({ readOnly, toolsets })
  const server = new McpServer(
    { name: 'tidemark', title: 'Tidemark', version },
    {
      instructions: instructionsFor(readOnly, offersSync({ readOnly, toolsets })),
      capabilities: {
        tools: { listChanged: false }, prompts: { listChanged: false }, resources: { subscribe: false, listChanged: false }, completions: {},
      },
      cacheHints: { 'tools/list': definitions, 'prompts/list': definitions, 'resources/templates/list': definitions, 'server/discover': definitions },
    },
  )
  const environment: ToolEnvironment = {
    tidemark: async () => (typeof tidemark === 'function' ? tidemark() : tidemark),
    readOnly,
    databaseUrl,
    logger,
    syncRuns: options.syncRuns ?? createSyncRuns(),
    syncScope: options.syncScope ?? {},
    reportsFolder: options.reportsFolder ?? null,
    protocol: () => server.server.getNegotiatedProtocolVersion() ?? null,
  }
  answerToolRequests(server.server, offerings, environment, gate)
  answerPromptRequests(server.server, offerings, environment, gate)
  answerResourceRequests(server.server, offerings, environment)
  answerCompletions(server.server, offerings, environment)
  return server
}
