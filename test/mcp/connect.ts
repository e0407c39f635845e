/** Clients for tests: the SDK's own, connected to a server in this process, in either protocol era. */
import { Client, InMemoryTransport, type CallToolResult } from '@modelcontextprotocol/client'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { McpServerOptions } from '../../adapters/mcp/lazy-server.ts'
import { createMcpServer } from '../../adapters/mcp/server.ts'
import type { Logger, Tidemark } from '../../src/tidemark.ts'

export const eras = ['legacy', 'modern'] as const
export type Era = (typeof eras)[number]

/** A client of this era, connected to a server over the Tidemark. */
export async function connect(tidemark: Tidemark | (() => Promise<Tidemark>), options: McpServerOptions & { readonly era?: Era } = {}): Promise<Client> {
  const { era = 'legacy', ...serverOptions } = options
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair()
  serveStdio(() => createMcpServer(tidemark, serverOptions), { transport: serverSide })
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } } })
  await client.connect(clientSide)
  return client
}

/** The first text block of a result. */
export function textOf(result: CallToolResult): string {
  const [first] = result.content
  return first?.type === 'text' ? first.text : ''
}

/** Calls a tool that must succeed, and gives its answer. */
export async function call(client: Client, name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const result = await client.callTool({ name, arguments: args })
  if (result.isError === true) throw new Error(`${name} failed: ${textOf(result)}`)
  return result.structuredContent as Record<string, unknown>
}

/** Calls a tool that must fail, and gives the lines of its text. */
export async function failingCall(client: Client, name: string, args: Record<string, unknown> = {}): Promise<readonly string[]> {
  const result = await client.callTool({ name, arguments: args })
  if (result.isError !== true) throw new Error(`${name} did not fail`)
  return textOf(result).split('\n')
}

/** A logger that keeps what it is told. */
export function keepingLogger(): Logger & { readonly lines: readonly string[] } {
  const lines: string[] = []
  const keep = (message: string): void => void lines.push(message)
  return { lines, debug: keep, info: keep, warn: keep, error: keep }
}
