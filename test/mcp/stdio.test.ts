import { beforeAll, describe, expect, it } from 'vitest'
import { bundleScript } from '../support/bundled-script.ts'
import { initialize, startServer, type ServerProcess } from './server-process.ts'

let entry = ''
beforeAll(async () => {
  entry = await bundleScript(new URL('./stdio-entry.ts', import.meta.url))
})

/** A server that has answered `initialize`. */
async function greeted(mode: string): Promise<ServerProcess> {
  const server = startServer(entry, [mode])
  server.request(1, 'initialize', initialize)
  await server.response(1)
  server.write('{"jsonrpc":"2.0","method":"notifications/initialized"}')
  return server
}

describe('the server on standard input and output', () => {
  it('writes nothing but JSON-RPC to standard output, whoever logs', async () => {
    const server = await greeted('noisy')
    server.request(2, 'tools/list')
    server.request(3, 'tools/call', { name: 'list_products', arguments: {} })
    server.request(4, 'tools/call', { name: 'no_such_tool', arguments: {} })
    await Promise.all([2, 3, 4].map((id) => server.response(id)))
    server.end()
    expect(await server.exited).toStrictEqual({ code: 0, signal: null })
    expect(server.lines).toHaveLength(4)
    for (const line of server.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' })
    expect(server.stderr()).toContain('noise')
  })

  it('survives lines that are not JSON-RPC', async () => {
    const server = await greeted('quick')
    for (const garbage of ['hello', '{"jsonrpc":"2.0"', '[]', 'null', '{"id":9}', '\u0000\uFFFF', '{"jsonrpc":"2.0","id":2,"method":5}']) server.write(garbage)
    server.request(3, 'tools/call', { name: 'list_products', arguments: {} })
    expect(await server.response(3)).toHaveProperty('result')
    server.end()
    expect((await server.exited).code).toBe(0)
    expect(server.stderr()).not.toContain('hello')
  })

  it('answers what it was asked although the input ends behind the question', async () => {
    const server = startServer(entry, ['slow'])
    server.request(1, 'initialize', initialize)
    server.write('{"jsonrpc":"2.0","method":"notifications/initialized"}')
    server.request(2, 'tools/call', { name: 'list_products', arguments: {} })
    server.end()
    expect((await server.exited).code).toBe(0)
    expect(server.lines.map((line) => (JSON.parse(line) as { readonly id: number }).id)).toStrictEqual([1, 2])
    expect(server.stderr()).toContain('closed')
  })

  it('answers the first requests while the database is still opening', async () => {
    const server = await greeted('never-opens')
    server.request(2, 'tools/list')
    expect((await server.response(2))['result']).toHaveProperty('tools')
    await expect.poll(() => server.stderr()).toContain('opening')
    const end = performance.now()
    server.end()
    expect((await server.exited).code).toBe(0)
    // Without an open question it does not wait the five seconds that one would be given.
    expect(performance.now() - end).toBeLessThan(5_000)
  })

  it('greets before it looks at its tools, and ends with what is wrong with them', async () => {
    const server = startServer(entry, ['bad-tool'], { NODE_ENV: 'test' })
    server.request(1, 'initialize', initialize)
    server.request(2, 'tools/list')
    expect(await server.response(1)).toHaveProperty('result')
    expect((await server.exited).code).toBe(1)
    expect(server.lines).toHaveLength(1)
    expect(server.stderr()).toContain('Cannot offer these tools: Bad Name is not named in lower case with underscores')
  })

  it('answers a database that cannot be opened with three lines, and tries again with the next call', async () => {
    const server = await greeted('fails')
    for (const id of [2, 3]) server.request(id, 'tools/call', { name: 'list_products', arguments: {} })
    for (const id of [2, 3]) {
      const { result } = (await server.response(id)) as { result: { isError: boolean; content: { text: string }[] } }
      expect(result.isError).toBe(true)
      expect(result.content[0]?.text.split('\n')).toHaveLength(3)
      expect(result.content[0]?.text).not.toContain('secret.db')
    }
    server.end()
    expect((await server.exited).code).toBe(0)
  })

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])('closes the store and ends with 0 on %s', async (signal) => {
    const server = await greeted('quick')
    server.request(2, 'tools/call', { name: 'list_products', arguments: {} })
    await server.response(2)
    server.kill(signal)
    expect(await server.exited).toStrictEqual({ code: 0, signal: null })
    expect(server.stderr()).toContain('closed')
  })

  it.each([
    { wait: true, how: 'the end of the input', leave: (server: ServerProcess) => server.end() },
    { wait: false, how: 'the end of the input', leave: (server: ServerProcess) => server.end() },
    { wait: true, how: 'SIGTERM', leave: (server: ServerProcess) => server.kill('SIGTERM') },
    { wait: false, how: 'SIGTERM', leave: (server: ServerProcess) => server.kill('SIGTERM') },
  ])('cancels a sync on $how, before it closes the store (wait: $wait)', async ({ wait, leave }) => {
    const server = await greeted('quick')
    server.request(2, 'tools/call', { name: 'sync_data', arguments: { wait }, _meta: { progressToken: 'p' } })
    await expect.poll(() => server.lines.length, { timeout: 5000 }).toBe(2)
    leave(server)
    expect((await server.exited).code).toBe(0)
    expect(server.stderr().split('\n').filter((line) => line === 'sync cancelled' || line === 'closed')).toStrictEqual(['sync cancelled', 'closed'])
  })

  it('keeps the copy fresh once it is open, and stops that before it closes the store', async () => {
    const server = await greeted('refreshes')
    await expect.poll(() => server.stderr(), { timeout: 10_000 }).toContain('refreshing')
    server.kill('SIGTERM')
    expect((await server.exited).code).toBe(0)
    expect(server.stderr().trim().split('\n')).toStrictEqual(['opening', 'refreshing', 'refresh stopped', 'closed'])
  })

  it('does not wait for a store that never closes', async () => {
    const server = await greeted('never-closes')
    server.request(2, 'tools/call', { name: 'list_products', arguments: {} })
    await server.response(2)
    server.end()
    expect((await server.exited).code).toBe(0)
  })
})
