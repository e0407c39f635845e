/** The MCP server for programs, with everything that it offers at hand when it is made. */
import { McpServer } from '@modelcontextprotocol/server'
import type { Tidemark } from '../../src/tidemark.ts'
import { createLazyServer, type McpServerOptions } from './lazy-server.ts'
import { checkedOfferings } from './offerings.ts'

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
  const offerings = checkedOfferings()
  return createLazyServer({ McpServer, offerings: async () => offerings, tidemark }, options)
}
