/** `tidemark serve --http` as a process: what it says, where its token is, and how it ends. */
import { spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { connectHttp, jsonHeaders, listTools } from '../mcp/http/serving.ts'
import { call } from '../mcp/connect.ts'
import { bundleScript } from '../support/bundled-script.ts'
import { freshFolder } from '../support/engines.ts'
import { run } from './capture.ts'

let bin = ''
beforeAll(async () => {
  bin = await bundleScript(new URL('../../adapters/cli/bin.ts', import.meta.url))
})

interface HttpProcess {
  readonly url: string
  readonly home: string
  output(): string
  end(signal: NodeJS.Signals): Promise<number | null>
}

async function start(env: Readonly<Record<string, string>> = {}, flags: readonly string[] = []): Promise<HttpProcess> {
  const home = await freshFolder()
  const child = spawn(process.execPath, [bin, 'serve', '--http', '--port', '0', '--log-level', 'debug', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: home, XDG_DATA_HOME: path.join(home, 'data'), TIDEMARK_DATABASE_URL: 'sqlite::memory:', TIDEMARK_CUSTOMER_ID: '1', ...env },
  })
  let output = ''
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const url = await new Promise<string>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      output += chunk.toString()
      const address = /http:\/\/\S+\/mcp/.exec(output)?.[0]
      if (address !== undefined && output.includes('Token:')) resolve(address)
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    child.once('close', () => reject(new Error(`ended: ${output}`)))
  })
  return {
    url,
    home,
    output: () => output,
    end(signal) {
      child.kill(signal)
      return exited
    },
  }
}

const post = (url: string, token: string): Promise<Response> => fetch(url, { method: 'POST', headers: { ...jsonHeaders, authorization: `Bearer ${token}` }, body: listTools })

describe('serve --http', () => {
  it('makes a token, says it once, keeps it for its owner, and ends with 0 on SIGTERM', async () => {
    const server = await start()
    const file = path.join(server.home, 'data', 'tidemark', 'http-token')
    const token = (await readFile(file, 'utf8')).trim()
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await post(server.url, token)).status).toBe(200)
    expect((await post(server.url, `${token}x`)).status).toBe(401)
    expect((await fetch(new URL('/readyz', server.url))).status).toBe(200)
    expect(await server.end('SIGTERM')).toBe(0)
    expect(server.output().split(token)).toHaveLength(2)
  })

  it('takes the token of the environment, and shows it to nobody', async () => {
    const token = 't0ken-of-the-http-test'
    const server = await start({ TIDEMARK_HTTP_TOKEN: token }, ['--read-only', '--toolsets', 'lists,sync'])
    const client = await connectHttp(server.url)
    expect((await client.listTools()).tools.map(({ name }) => name)).toStrictEqual(['list_products', 'list_tests', 'list_bugs', 'list_features', 'list_users', 'get_sync_status', 'get_quarantine', 'get_server_diagnostics'])
    expect(await call(client, 'list_products')).toMatchObject({ total: 0 })
    expect(JSON.stringify(await call(client, 'get_server_diagnostics'))).not.toContain(token)
    await client.close()
    expect(await server.end('SIGINT')).toBe(0)
    expect(server.output()).not.toContain(token)
  })
})

describe('serve', () => {
  it.each([
    ['a toolset that does not exist', ['--toolsets', 'lists,serch'], 'Did you mean search?'],
    ['options of HTTP without HTTP', ['--port', '3000', '--no-token'], '--port and --no-token are about HTTP'],
    ['an address of others without names', ['--http', '--host', '0.0.0.0'], '--allowed-hosts'],
    ['a name that could never match', ['--http', '--allowed-hosts', 'https://mcp.example.com'], 'without scheme, port or path'],
  ])('refuses %s as wrong use', async (_what, flags, text) => {
    const { code, stderr } = await run(['serve', '--customer', '1', '--database', 'sqlite::memory:', ...flags], { env: { TIDEMARK_HTTP_TOKEN: 't0ken-of-the-http-test' } })
    expect([code, stderr]).toEqual([2, expect.stringContaining(text)])
  })
})
