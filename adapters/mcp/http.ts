/**
 * MCP over HTTP as a program that is left running: listens, opens the database beside that, keeps it fresh, and ends in order
 * when it is told to.
 */
import { TidemarkError } from '../../src/errors.ts'
import { isLoopback } from '../../src/loopback.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { aborted } from '../node/aborted.ts'
import { serveHttp } from '../node/http-server.ts'
import { createMcpHttpHandler, type McpHttpHandlerOptions } from './http-handler.ts'
import { mcpPath } from './http/guarded-handler.ts'
import { serveStore } from './served-store.ts'
import { stderrLogger } from './stderr-logger.ts'
import { stopSignal } from './stop-signal.ts'

/** What an MCP server over HTTP takes. */
export interface HttpServerOptions extends Omit<McpHttpHandlerOptions, 'syncRuns'> {
  /** Default 127.0.0.1: reachable from this machine only. Any other address needs a token and `allowedHosts`. */
  readonly host?: string | undefined
  /** Default 3000; 0 for any free one. */
  readonly port?: number | undefined
  /** Reads again by itself what is older than so many seconds. Left out, or with `readOnly`: nothing does. */
  readonly refreshSeconds?: number | undefined
  /** Told where clients reach it, once it listens: `http://127.0.0.1:3000/mcp`. */
  readonly onListening?: ((url: string) => void) | undefined
  /** Ends it. Default: the first SIGTERM or SIGINT. */
  readonly signal?: AbortSignal | undefined
  /** How long answers may go on after that, in milliseconds. Default 5000. */
  readonly graceMs?: number | undefined
}

const defaultPort = 3000
const defaultGraceMs = 5000
/** Behind the answers, for syncs that have to come to rest and a database that has to close. */
const closeMs = 2000

/**
 * Serves until it is told to stop; then takes no more connections, cancels running syncs, lets the other answers finish, closes what
 * `open` gave, and resolves.
 *
 * @param open opens the Tidemark; called once the server listens, again after a failure
 * @throws TidemarkError `configuration_invalid` for an address that others can reach without a token and host names;
 * `argument_invalid` when the address cannot be used
 */
export async function runHttpServer(open: () => Promise<Tidemark>, options: HttpServerOptions): Promise<void> {
  const { host = '127.0.0.1', port = defaultPort, logger = stderrLogger, signal, graceMs = defaultGraceMs } = options
  requireGuards(host, options)
  const store = serveStore(open, { ...options, logger })
  const handler = createMcpHttpHandler(store.get, { ...options, logger, syncRuns: store.syncRuns })
  // The handler ends its answers first; connections that then are still open are cut off.
  const server = await serveHttp(handler.fetch, { port, host, graceMs: graceMs + 500 })
  const stopped = signal === undefined ? stopSignal() : aborted(signal)
  options.onListening?.(`${server.url}${mcpPath}`)
  void store.openEarly()
  await stopped
  void store.stopSyncs()
  const ended = Promise.all([server.close(), handler.close({ graceMs })]).then(() => store.close())
  await Promise.race([ended, waited(graceMs + closeMs)])
}

function requireGuards(host: string, { token, allowedHosts = [] }: HttpServerOptions): void {
  if (isLoopback(host) || (token !== null && allowedHosts.length > 0)) return
  const missing = [...(token === null ? ['a token'] : []), ...(allowedHosts.length === 0 ? ['the names under which clients reach it'] : [])]
  throw new TidemarkError('configuration_invalid', `Cannot listen on ${host}`, {
    why: `Other machines can reach this address, and there is no protection: ${missing.join(' and ')} must be given.`,
    next: 'Give the names with --allowed-hosts and a token with TIDEMARK_HTTP_TOKEN, or listen on 127.0.0.1 behind a proxy.',
  })
}

function waited(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}
