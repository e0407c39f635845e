/** MCP over standard input and output for programs, with the SDK that they have. */
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import type { Tidemark } from '../../src/tidemark.ts'
import { serveOverStdio, type StdioServerOptions } from './stdio-server.ts'

/**
 * Serves until the input ends or the process is asked to stop (SIGTERM, SIGINT), then cancels running syncs, closes what
 * `open` gave and ends the process with code 0, at the latest after 0.9 seconds, also when closing hangs.
 *
 * @param open opens the Tidemark; called once the first request was answered, again after a failure
 * @throws whatever kept the tools from being loaded, or was wrong with them, when the connection is closed
 */
export async function runStdioServer(open: () => Promise<Tidemark>, options: StdioServerOptions = {}): Promise<never> {
  return serveOverStdio({ McpServer, StdioServerTransport, serveStdio }, open, options)
}
