import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { beforeAll, describe, expect, it } from 'vitest'
import { afterFile } from '../../support/after-file.ts'
import { fakeTidemark } from '../fake-tidemark.ts'
import { ask, bearer, jsonHeaders, listTools, serving, token, type RawRequest, type Serving } from './serving.ts'

let server: Serving
beforeAll(async () => {
  server = await serving(fakeTidemark(), { allowedHosts: ['mcp.example.com'], allowedOrigins: ['https://app.example.com'] })
  afterFile(async () => server[Symbol.asyncDispose]())
})

const as = (headers: Readonly<Record<string, string>>): RawRequest => ({ headers: { ...jsonHeaders, ...bearer, ...headers } })

describe('the HTTP endpoint', () => {
  it.each([
    ['a client without an origin', as({}), 200],
    ['an allowed host name', as({ host: 'mcp.example.com:8443' }), 200],
    ['a host name that is not allowed', as({ host: 'evil.test' }), 403],
    ['a host name that begins like an allowed one', as({ host: 'mcp.example.com.evil.test' }), 403],
    ['a host name that is none', as({ host: 'a b' }), 400],
    ['a page of this machine', as({ origin: 'http://localhost:6274' }), 200],
    ['a page of an allowed origin', as({ origin: 'https://app.example.com' }), 200],
    ['a page of the same host and another scheme', as({ origin: 'http://app.example.com' }), 403],
    ['a page of another origin', as({ origin: 'https://evil.test' }), 403],
    ['a page that says nothing about its origin', as({ origin: 'null' }), 403],
    ['another media type', as({ 'content-type': 'text/plain' }), 415],
    ['a client that does not take streams', as({ accept: 'application/json' }), 406],
    ['a protocol version that does not exist', as({ 'mcp-protocol-version': '1999-01-01' }), 400],
    ['a body that is not JSON', { body: '{"jsonrpc"' }, 400],
    ['a body that is too long', { body: ' '.repeat(1_100_000) }, 413],
    ['a body whose length is not told', { ...as({ 'transfer-encoding': 'chunked' }), body: ' '.repeat(1_100_000) }, 413],
    ['GET, which would open a session', { method: 'GET' }, 405],
    ['DELETE, which would close one', { method: 'DELETE' }, 405],
    ['OPTIONS from nowhere', { method: 'OPTIONS' }, 405],
    ['another path', { path: '/' }, 404],
  ] as const)('answers %s', async (_what, request: RawRequest, status) => {
    expect((await ask(server.url, request)).status).toBe(status)
  })

  it('repeats nothing of what was wrong', async () => {
    for (const headers of [{ host: 'evil.test' }, { origin: 'https://evil.test' }, { authorization: 'Bearer evil.test' }]) {
      const { status, text, headers: answered } = await ask(server.url, as(headers))
      expect([401, 403]).toContain(status)
      expect(JSON.stringify([text, answered])).not.toContain('evil')
      expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: expect.any(Number) } })
    }
  })

  it.each([
    ['no token', {}],
    ['a wrong token', { authorization: `Bearer ${token}x` }],
    ['the beginning of the token', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['another scheme', { authorization: `Basic ${token}` }],
    ['the token without a scheme', { authorization: token }],
  ])('refuses %s, and says how to present one', async (_what, headers) => {
    const { status, headers: answered } = await ask(server.url, { headers: { ...jsonHeaders, ...headers } })
    expect([status, answered['www-authenticate']]).toEqual([401, expect.stringMatching(/^Bearer realm="tidemark"/)])
  })

  it('asks for the token before it reads a body', async () => {
    // Of which the rest never comes.
    const outgoing = request(new URL('/mcp', server.url), { method: 'POST', headers: { ...jsonHeaders, 'content-length': '1000' } })
    outgoing.write('{')
    const [answer]: IncomingMessage[] = await once(outgoing, 'response')
    expect(answer?.statusCode).toBe(401)
    outgoing.destroy()
  })

  it('lets pages of an allowed origin ask first and read the answer, and no others', async () => {
    const preflight = await ask(server.url, { method: 'OPTIONS', headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' } })
    expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': 'https://app.example.com', 'access-control-allow-headers': expect.stringContaining('Authorization') } })
    expect((await ask(server.url, as({ origin: 'https://app.example.com' }))).headers['access-control-allow-origin']).toBe('https://app.example.com')
    expect((await ask(server.url, as({ origin: 'http://localhost:6274' }))).headers['access-control-allow-origin']).toBeUndefined()
  })

  it('says its token to nobody', async () => {
    const { text, headers } = await ask(server.url)
    expect(JSON.stringify([text, headers, server.lines])).not.toContain(token)
  })

  it('takes everybody without a token when it was told so', async () => {
    await using open = await serving(fakeTidemark(), { token: null })
    expect((await ask(open.url, { headers: jsonHeaders })).status).toBe(200)
  })

  it.each([undefined, '', 5])('is not made with %j for a token', async (wrong) => {
    await expect(serving(fakeTidemark(), { token: wrong as string | null })).rejects.toThrow(TypeError)
  })

  it.each([
    ['allowedHosts', ['https://mcp.example.com']],
    ['allowedHosts', ['mcp.example.com:443']],
    ['allowedHosts', ['*']],
    ['allowedOrigins', ['app.example.com']],
    ['allowedOrigins', ['https://app.example.com/page']],
  ])('is not made for %s %j, which could never match', async (option, values) => {
    await expect(serving(fakeTidemark(), { [option]: values })).rejects.toMatchObject({ code: 'configuration_invalid' })
  })
})

describe('the rate limit', () => {
  it('refuses what is too much, says when to come back, and counts wrong tokens too', async () => {
    await using limited = await serving(fakeTidemark(), { requestsPerMinute: 3 })
    for (const headers of [bearer, {}, bearer]) await ask(limited.url, { headers: { ...jsonHeaders, ...headers } })
    const refused = await ask(limited.url)
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '20' } })
    expect((await ask(limited.url, { path: '/healthz', method: 'GET' })).status).toBe(200)
  })

  it('is of each address', async () => {
    await using limited = await serving(fakeTidemark(), { requestsPerMinute: 1 })
    const from = (remoteAddress: string) => limited.handler.fetch(new Request('http://localhost/mcp', { method: 'POST', headers: { ...jsonHeaders, ...bearer }, body: listTools }), { remoteAddress })
    expect([(await from('192.0.2.1')).status, (await from('192.0.2.1')).status, (await from('192.0.2.2')).status]).toEqual([200, 429, 200])
  })
})
