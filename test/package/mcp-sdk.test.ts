/** Whose SDK an MCP server is made of: the command has one built in, and `tidemark/mcp` takes that of the program, which would not know a server of another. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tools } from '../../adapters/mcp/tools.ts'
import { createConsumer, manifest, type Consumer } from './consumer.ts'

const names = tools.map(({ definition }) => definition.name)

let program: Consumer
/** Without the SDK: what only the command has is found out here. */
let bare: Consumer

beforeAll(() => {
  program = createConsumer()
  bare = createConsumer({ without: ['@modelcontextprotocol/server'] })
}, 120_000)

afterAll(() => {
  program.remove()
  bare.remove()
})

describe.each(['legacy', 'modern'] as const)('a client of the %s era', (era) => {
  it('is served by the command without an SDK in reach', async () => {
    const command = join(bare.installed, manifest.bin['tidemark'] ?? '')
    expect(await listed(era, [command, 'serve', '--customer', '1', '--database', 'sqlite::memory:'], bare.folder)).toStrictEqual(names)
  })

  it('is served by a program that gives the server of `tidemark/mcp` to the SDK it has', async () => {
    const script = program.write('host.mjs', `
      import { serveStdio } from '@modelcontextprotocol/server/stdio'
      import { createMcpServer } from 'tidemark/mcp'
      serveStdio(() => createMcpServer(() => Promise.reject(new Error('There is no database'))))`)
    expect(await listed(era, [script], program.folder)).toStrictEqual(names)
  })
})

it('comes with the licences of all that is built into it', () => {
  const [text, ...rest] = readFileSync(join(bare.installed, 'dist/mcp-sdk.LICENSE'), 'utf8').split(/^-{80}\n\n/m)
  const packages = [text, ...rest].map((licence) => /^.*/.exec(licence ?? '')?.[0])
  expect(packages).toStrictEqual([
    '@modelcontextprotocol/core', '@modelcontextprotocol/server', 'ajv', 'ajv-formats', 'content-type', 'fast-deep-equal', 'fast-uri', 'json-schema-traverse', 'zod',
  ])
  expect(rest.every((licence) => /copyright/i.test(licence))).toBe(true)
})

/** The tools that a server in a process of its own lists. */
async function listed(era: 'legacy' | 'modern', args: string[], cwd: string): Promise<readonly string[]> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } } })
  await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd, env: { HOME: cwd }, stderr: 'ignore' }))
  try {
    return (await client.listTools()).tools.map(({ name }) => name)
  } finally {
    await client.close()
  }
}
