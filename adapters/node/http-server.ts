/**
 * Serves a web-standard handler (Request in, Response out) over `node:http`. Bodies stream in both directions, at the pace of
 * whoever reads them. Knows nothing of what is served, and limits nothing but the time that a request may take to arrive.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { systemCode, TidemarkError } from '../../src/errors.ts'

export interface HttpServer {
  /** `http://127.0.0.1:8080`, without a path. */
  readonly url: string
  /** Takes no more requests and resolves when the open ones are done, or cut off when their time is over. */
  close(): Promise<void>
}

export interface HttpServerOptions {
  /** 0: any free one. */
  readonly port: number
  /** Default the loopback address: reachable from this machine only. */
  readonly host?: string | undefined
  /** How long open requests may go on after `close`, in milliseconds. Default 1000. */
  readonly graceMs?: number | undefined
}

/** Who is at the other end of a connection. */
export interface Peer {
  readonly remoteAddress: string
}

/** For a request to arrive whole. */
const arrivalMs = 30_000
/** For the rest of a body that nobody wanted, so that the client gets to read why. */
const unwantedBodyMs = 1000

/**
 * A handler that throws breaks its connection; the signal of its request is aborted when the client goes away before it has
 * the whole answer.
 *
 * @throws TidemarkError `argument_invalid` when the address cannot be used
 */
export async function serveHttp(
  handle: (request: Request, peer: Peer) => Promise<Response>,
  { port, host = '127.0.0.1', graceMs = 1000 }: HttpServerOptions,
): Promise<HttpServer> {
  let closing: Promise<void> | undefined
  const server = createServer({ requestTimeout: arrivalMs }, (incoming, outgoing) => {
    // A connection that is kept open would outlive the server.
    outgoing.once('close', () => {
      if (closing !== undefined) server.closeIdleConnections()
    })
    answer(handle, incoming, outgoing).catch(() => outgoing.destroy())
  })
  await listen(server, port, host)
  const address = server.address()
  const actualPort = typeof address === 'object' && address !== null ? address.port : port
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
    server.closeIdleConnections()
    const patience = setTimeout(() => server.closeAllConnections(), graceMs)
    await closed
    clearTimeout(patience)
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    close: () => (closing ??= close()),
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  }).catch((cause: unknown) => {
    throw new TidemarkError('argument_invalid', `Cannot listen on port ${port}`, { why: refusal(cause), next: 'Give another --port, or 0 for any free one; --host must be an address of this machine.', cause })
  })
}

function refusal(cause: unknown): string {
  const code = systemCode(cause)
  if (code === 'EADDRINUSE') return 'Another program uses it.'
  return code === 'ERR_SOCKET_BAD_PORT' ? 'Ports are numbers from 0 to 65535.' : `The system refused the address (${code ?? 'unknown reason'}).`
}

async function answer(handle: (request: Request, peer: Peer) => Promise<Response>, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort()
  })
  const chunks: AsyncIterator<Uint8Array> = incoming[Symbol.asyncIterator]()
  const request = toRequest(incoming, chunks, gone.signal)
  const response = request === undefined ? new Response(null, { status: 400 }) : await handle(request, { remoteAddress: incoming.socket.remoteAddress ?? '' })
  // The connection is the server's own matter: a client that wants its end waits for it.
  outgoing.writeHead(response.status, [...response.headers].filter(([name]) => name !== 'connection').flat())
  if (response.body === null) outgoing.end()
  else {
    // A stream may have nothing to say for a long time.
    outgoing.flushHeaders()
    await pipeline(Readable.fromWeb(response.body as NodeReadableStream), outgoing)
  }
  if (!incoming.complete) await discard(incoming, chunks)
}

/** The client may use the connection for its next request, which stands behind the rest of this one. */
async function discard(incoming: IncomingMessage, chunks: AsyncIterator<Uint8Array>): Promise<void> {
  const patience = setTimeout(() => incoming.destroy(), unwantedBodyMs)
  try {
    while ((await chunks.next()).done !== true);
  } finally {
    clearTimeout(patience)
  }
}

/** Undefined for what is HTTP and yet no request that can be handed on: an address that is none, a method like TRACE. */
function toRequest(incoming: IncomingMessage, chunks: AsyncIterator<Uint8Array>, signal: AbortSignal): Request | undefined {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) for (const value of values) headers.append(name, value)
  const method = incoming.method ?? 'GET'
  try {
    const url = new URL(`http://${incoming.headers.host ?? 'host.invalid'}${incoming.url?.startsWith('/') === true ? incoming.url : '/'}`)
    return new Request(url, { method, headers, signal, ...(method === 'GET' || method === 'HEAD' ? {} : { body: streamOf(chunks), duplex: 'half' }) })
  } catch {
    return undefined
  }
}

/** `Readable.toWeb` would destroy the connection when nobody wants the rest, and with it the answer that says so. */
function streamOf(chunks: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
}
