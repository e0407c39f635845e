/**
 * MCP over standard input and output, for clients that start the server themselves. Answers the first requests without
 * waiting for the database, writes nothing but protocol to standard output, and leaves within a second of the last answer.
 */
import { Console } from 'node:console'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Tidemark } from '../../src/tidemark.ts'
import { drainingTransport } from './draining-transport.ts'
import { serveStore } from './served-store.ts'
import { createMcpServer, type McpServerOptions } from './server.ts'
import { stderrLogger } from './stderr-logger.ts'
import { stopSignal } from './stop-signal.ts'

// For questions that were still open when the client left; without any the server leaves at once.
const graceMs = 5000
const leaveMs = 900

export interface StdioServerOptions extends Omit<McpServerOptions, 'syncRuns'> {
  /** Reads again by itself what is older than so many seconds. Left out, or with `readOnly`: nothing does. */
  readonly refreshSeconds?: number | undefined
}

/**
 * Serves until the input ends or the process is asked to stop (SIGTERM, SIGINT), then cancels running syncs, closes what
 * `open` gave and ends the process with code 0, at the latest after 0.9 seconds, also when closing hangs.
 *
 * @param open opens the Tidemark; called once the first request was answered, again after a failure
 */
export async function runStdioServer(open: () => Promise<Tidemark>, options: StdioServerOptions = {}): Promise<never> {
  // Whoever logs with console.log would speak into the protocol.
  globalThis.console = new Console(process.stderr, process.stderr)
  // The SDK listens once for each message that waits for a slow reader.
  process.stdout.setMaxListeners(0)
  const logger = options.logger ?? stderrLogger
  const store = serveStore(open, { ...options, logger })
  const transport = drainingTransport(process.stdin, process.stdout, { graceMs, onInputEnd: () => void store.stopSyncs() })
  const server = serveStdio(
    ({ era }) => {
      // Behind the answer to `initialize`, since opening can block the thread for a while. A modern client may only be probing,
      // in a process that it throws away: there the first call opens.
      if (era === 'legacy') setImmediate(() => void store.openEarly())
      return createMcpServer(store.get, { ...options, logger, syncRuns: store.syncRuns })
    },
    { transport, onerror: (error) => logger.warn(`Ignored on the MCP connection: ${error.name}`) },
  )
  await Promise.race([transport.closed, stopSignal()])
  setTimeout(() => process.exit(0), leaveMs)
  await server.close()
  await store.close()
  // Left to itself the process would stay until V8 has compiled the whole database engine in the background.
  return new Promise(() => process.stdout.write('', () => process.exit(0)))
}
