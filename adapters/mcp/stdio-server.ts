/**
 * MCP over standard input and output, for clients that start the server themselves. Greets before it loads what it offers, answers the
 * first requests without waiting for the database, writes nothing but protocol to standard output, and leaves within a second of the last answer.
 */
import { Console } from 'node:console'
import type { McpServer } from '@modelcontextprotocol/server'
import type { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import type { Tidemark } from '../../src/tidemark.ts'
import { drainingTransport } from './draining-transport.ts'
import { lazy } from './lazy.ts'
import { createLazyServer, type McpServerOptions } from './lazy-server.ts'
import { serveStore } from './served-store.ts'
import { stderrLogger } from './stderr-logger.ts'
import { stopSignal } from './stop-signal.ts'

// For questions that were still open when the client left; without any the server leaves at once.
const graceMs = 5000
const leaveMs = 900

/** What an MCP server over standard input and output takes. */
export interface StdioServerOptions extends Omit<McpServerOptions, 'syncRuns'> {
  /** Reads again by itself what is older than so many seconds. Left out, or with `readOnly`: nothing does. */
  readonly refreshSeconds?: number | undefined
}

/** What of the SDK it is made of. */
export interface StdioSdk {
  readonly McpServer: typeof McpServer
  readonly StdioServerTransport: typeof StdioServerTransport
  readonly serveStdio: typeof serveStdio
}

/** `runStdioServer` with this SDK, which is the one part of it that is slow to load. */
export async function serveOverStdio(sdk: StdioSdk, open: () => Promise<Tidemark>, options: StdioServerOptions): Promise<never> {
  // Whoever logs with console.log would speak into the protocol.
  globalThis.console = new Console(process.stderr, process.stderr)
  // The SDK listens once for each message that waits for a slow reader.
  process.stdout.setMaxListeners(0)
  const logger = options.logger ?? stderrLogger
  const store = serveStore(open, { ...options, logger })
  let broken: { readonly reason: unknown } | undefined
  const offerings = lazy(async () => {
    try {
      const { checkedOfferings } = await import('./offerings.ts')
      return checkedOfferings()
    } catch (reason) {
      // A server with a bad tool does not go on: nobody would see why its tools are missing.
      broken = { reason }
      void transport.close()
      throw reason
    }
  })
  const transport = drainingTransport(sdk.StdioServerTransport, process.stdin, process.stdout, { graceMs, onInputEnd: () => void store.stopSyncs() })
  const server = sdk.serveStdio(
    ({ era }) => {
      // Behind the answer to `initialize`, since both block the thread for a while. A modern client may only be probing,
      // in a process that it throws away: there the first call opens.
      setImmediate(() => void offerings.get().catch(() => undefined))
      if (era === 'legacy') setImmediate(() => void store.openEarly())
      return createLazyServer({ McpServer: sdk.McpServer, offerings: offerings.get, tidemark: store.get }, { ...options, logger, syncRuns: store.syncRuns })
    },
    { transport, onerror: (error) => logger.warn(`Ignored on the MCP connection: ${error.name}`) },
  )
  await Promise.race([transport.closed, stopSignal()])
  setTimeout(() => process.exit(broken === undefined ? 0 : 1), leaveMs)
  await server.close()
  await store.close()
  if (broken !== undefined) throw broken.reason
  // Left to itself the process would stay until V8 has compiled the whole database engine in the background.
  return new Promise(() => process.stdout.write('', () => process.exit(0)))
}
