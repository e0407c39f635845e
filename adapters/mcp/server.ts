/**
 * The MCP server: tools, prompts and resources over a Tidemark, for whatever transport. Speaks both protocol eras, keeps no state of a client, and so
 * may be made anew for every connection or request. Definitions are fixed: they depend on `readOnly` and `toolsets` and on nothing else.
 */
import { McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { nearestWord } from '../../src/answers/nearest-word.ts'
import type { Logger, Tidemark } from '../../src/tidemark.ts'
import { version } from '../../src/version.ts'
import type { SyncScope } from '../node/sync-scope.ts'
import { answerCompletions } from './answer-completions.ts'
import { answerPromptRequests } from './answer-prompts.ts'
import { answerResourceRequests } from './answer-resources.ts'
import { checkTools } from './check-tools.ts'
import { createSyncRuns, type SyncRuns } from './sync-runs.ts'
import { instructionsFor } from './instructions.ts'
import { onlyPage, quotedName } from './protocol-errors.ts'
import { stderrLogger } from './stderr-logger.ts'
import { refusal } from './tool-errors.ts'
import type { ToolEnvironment } from './tool-environment.ts'
import { tools } from './tools.ts'
import { createToolGate, type ToolGate, type Toolset } from './toolsets.ts'

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

/** Definitions are fixed, and over HTTP every request makes a server. */
let toolsAreChecked = false

/** What is listed changes with the program only. */
const definitions = { ttlMs: 300_000, cacheScope: 'public' } as const

/**
 * A server that answers from this Tidemark; give a function to open it when the first tool is called. Closing the server
 * leaves the Tidemark open.
 *
 * @throws TidemarkError `configuration_invalid` for a toolset that does not exist
 * @throws TypeError in development and tests when the definitions of the tools break their limits
 *
 * @example
 * const server = createMcpServer(tidemark, { readOnly: true })
 * await server.connect(transport)
 */
export function createMcpServer(tidemark: Tidemark | (() => Promise<Tidemark>), options: McpServerOptions = {}): McpServer {
  const { readOnly = false, databaseUrl = null, logger = stderrLogger } = options
  if (!toolsAreChecked) checkTools(tools.map(({ definition }) => definition))
  toolsAreChecked = true
  const gate = createToolGate({ readOnly, toolsets: options.toolsets })
  const offers = (name: string): boolean => tools.some((tool) => tool.definition.name === name && gate(tool) === undefined)
  const server = new McpServer(
    { name: 'tidemark', title: 'Tidemark', version },
    {
      instructions: instructionsFor(readOnly, offers('sync_data')),
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
  answerToolRequests(server, environment, gate)
  answerPromptRequests(server.server, environment, offers)
  answerResourceRequests(server.server, environment)
  answerCompletions(server.server, environment)
  return server
}

function answerToolRequests({ server }: McpServer, environment: ToolEnvironment, gate: ToolGate): void {
  const offered = tools.filter((tool) => gate(tool) === undefined)
  server.setRequestHandler('tools/list', ({ params }) => {
    onlyPage(params)
    return { tools: offered.map(({ definition, readOnlyDefinition }) => (environment.readOnly ? (readOnlyDefinition ?? definition) : definition)) }
  })
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = tools.find(({ definition }) => definition.name === params.name)
    if (tool === undefined) throw unknownTool(params.name, offered.map(({ definition }) => definition.name))
    const reason = gate(tool)
    if (reason !== undefined) return refusal(reason)
    return tool.call(params.arguments ?? {}, context, environment)
  })
}

function unknownTool(name: string, names: readonly string[]): ProtocolError {
  const nearest = nearestWord(name, names)
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `Cannot call ${quotedName(name)}\nThere is no such tool.${meant}\nCall one of ${names.join(', ')}.`,
  )
}
