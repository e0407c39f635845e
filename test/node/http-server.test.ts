import { afterEach, describe, expect, it } from 'vitest'
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

  it('breaks the connection when the handler throws', async () => {
    await expect(fetch(await urlOf(() => Promise.reject(new TypeError('dropped'))))).rejects.toThrow()
  })

  it('aborts the signal of a request whose client has gone', async () => {
    let gone: Promise<void> | undefined
    const url = await urlOf((request) => {
      gone = new Promise((resolve) => request.signal.addEventListener('abort', () => resolve()))
      return new Promise(() => undefined)
    })
    await fetch(url, { signal: AbortSignal.timeout(100) }).catch(() => undefined)
    await gone
  })

  it('listens on this machine only, unless told otherwise', async () => {
    expect(await urlOf(async () => new Response('x'))).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })
})
