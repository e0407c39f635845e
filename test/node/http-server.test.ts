import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { serveHttp, type HttpServer } from '../../adapters/node/http-server.ts'

let server: HttpServer | undefined
afterEach(() => server?.close())

async function urlOf(handle: (request: Request) => Promise<Response>): Promise<string> {
  server = await serveHttp(handle, { port: 0 })
  return server.url
}

describe('serveHttp', () => {
  it('hands over method, path, query, headers and body, and sends back status, headers and body', async () => {
    const url = await urlOf(async (request) => {
      const { pathname, search } = new URL(request.url)
      return Response.json([request.method, pathname, search, request.headers.get('x-kind'), await request.text()], { status: 418, headers: { 'x-answer': 'tea' } })
    })
    const response = await fetch(`${url}/a%20b?c=d`, { method: 'POST', headers: { 'x-kind': 'test' }, body: 'Grüße' })
    expect([response.status, response.headers.get('x-answer')]).toEqual([418, 'tea'])
    expect(await response.json()).toEqual(['POST', '/a%20b', '?c=d', 'test', 'Grüße'])
  })

  it('sends an answer without a body', async () => {
    const response = await fetch(await urlOf(async () => new Response(null, { status: 204 })))
    expect([response.status, await response.text()]).toEqual([204, ''])
  })

  it('ends the connection when the client asks for that, whatever the handler says of connections', async () => {
    const { port } = new URL(await urlOf(async () => new Response('done', { headers: { connection: 'keep-alive' } })))
    const socket = connect(Number(port), '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    // Else the socket, and with it the test, waits for the server to lose patience.
    const answer = await text(socket)
    expect(answer).toMatch(/^connection: close\r$/im)
    expect(answer).not.toMatch(/keep-alive/i)
  })

  it('breaks the connection when the handler throws', async () => {
    await expect(fetch(await urlOf(() => Promise.reject(new TypeError('dropped'))))).rejects.toThrow()
  })

  it('aborts the signal of a request whose client has gone', async () => {
    const client = new AbortController()
    let signal: AbortSignal | undefined
    const url = await urlOf((request) => {
      signal = request.signal
      client.abort()
      return new Promise(() => undefined)
    })
    await expect(fetch(url, { signal: client.signal })).rejects.toThrow()
    await vi.waitFor(() => expect(signal?.aborted).toBe(true))
  })

  it('sends a stream while it grows, no faster than it is read, and stops it when nobody reads any more', async () => {
    let [sent, cancelled] = [0, false]
    const url = await urlOf(async () => new Response(new ReadableStream({
      pull(controller) {
        sent += 1
        controller.enqueue(new Uint8Array(65_536))
      },
      cancel() {
        cancelled = true
      },
    })))
    const stop = new AbortController()
    const reader = (await fetch(url, { signal: stop.signal })).body?.getReader()
    expect((await reader?.read())?.value?.byteLength).toBeGreaterThan(0)
    let before = -1
    // What fits between the two, and no more.
    await expect.poll(() => [before, (before = sent)], { interval: 300 }).toEqual([sent, sent])
    expect(sent).toBeLessThan(500)
    stop.abort()
    await expect.poll(() => cancelled).toBe(true)
  })

  it('keeps the connection for the next request, though nobody read the body of this one', async () => {
    const url = await urlOf(async (request) => {
      if (request.headers.has('x-peek')) await request.clone().body?.getReader().read()
      return new Response('enough', { status: 413 })
    })
    for (const headers of [{}, { 'x-peek': '1' }, {}]) {
      const response = await fetch(url, { method: 'POST', headers, body: 'x'.repeat(2_000_000) })
      expect([response.status, await response.text()]).toEqual([413, 'enough'])
    }
  })

  it('refuses a request whose address is none', async () => {
    const { port } = new URL(await urlOf(async () => new Response('x')))
    const socket = connect(Number(port), '127.0.0.1')
    socket.end('GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('finishes what is under way when it is closed, and cuts off what takes too long', async () => {
    let [begun, finish] = [0, (_answer: Response): void => undefined]
    server = await serveHttp((request) => new Promise((resolve) => {
      begun += 1
      if (!request.url.endsWith('/for-ever')) finish = resolve
    }), { port: 0, graceMs: 500 })
    const answers = Promise.allSettled([fetch(server.url).then((response) => response.text()), fetch(`${server.url}/for-ever`)])
    await vi.waitFor(() => expect(begun).toBe(2))
    const closed = Promise.all([server.close(), server.close()])
    finish(new Response('done'))
    await closed
    expect(await answers).toMatchObject([{ value: 'done' }, { status: 'rejected' }])
  })

  it('listens on this machine only, unless told otherwise', async () => {
    expect(await urlOf(async () => new Response('x'))).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  it.each([70_000, -1])('refuses %i, which is no port', async (port) => {
    await expect(serveHttp(async () => new Response('x'), { port })).rejects.toMatchObject({ code: 'argument_invalid', what: `Cannot listen on port ${port}`, why: expect.stringContaining('65535') })
  })
})
