/** Serves a web-standard handler (Request in, Response out) over `node:http`. Knows nothing of what is served. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { arrayBuffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { TidemarkError } from '../../src/errors.ts'

export interface HttpServer {
  /** `http://127.0.0.1:8080`, without a path. */
  readonly url: string
  /** Takes no more requests and resolves when the open ones are done, or cut off after a second. */
  close(): Promise<void>
}

export interface HttpServerOptions {
  /** 0: any free one. */
  readonly port: number
  /** Default the loopback address: reachable from this machine only. */
  readonly host?: string | undefined
}

const graceMs = 1000

/**
 * A handler that throws breaks its connection; its request's signal is aborted when the client goes away.
 *
 * @throws TidemarkError `argument_invalid` when the address cannot be used
 */
export async function serveHttp(handle: (request: Request) => Promise<Response>, { port, host = '127.0.0.1' }: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    answer(handle, incoming, outgoing).catch(() => outgoing.destroy())
  })
  await listen(server, port, host)
  const address = server.address()
  const actualPort = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      server.closeIdleConnections()
      const patience = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(patience)
    },
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new TidemarkError('argument_invalid', `Cannot listen on port ${port}`, {
          why: cause.code === 'EADDRINUSE' ? 'Another program uses it.' : `The system refused the address (${cause.code ?? 'unknown reason'}).`,
          next: 'Give another --port, or 0 for any free one; --host must be an address of this machine.',
          cause,
        }),
      )
    })
    server.listen(port, host, resolve)
  })
}

async function answer(handle: (request: Request) => Promise<Response>, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  const response = await handle(await toRequest(incoming, gone.signal))
  outgoing.writeHead(response.status, [...response.headers].flat())
  if (response.body === null) outgoing.end()
  else await pipeline(Readable.fromWeb(response.body as NodeReadableStream), outgoing)
}

async function toRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) for (const value of values) headers.append(name, value)
  const method = incoming.method ?? 'GET'
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`)
  const body = method === 'GET' || method === 'HEAD' ? null : await arrayBuffer(incoming)
  return new Request(url, { method, headers, body, signal })
}
