/** The demo account, a synced copy of it, and a client that asks the copy through the tools. */
import type { Client } from '@modelcontextprotocol/client'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { McpServerOptions } from '../../adapters/mcp/lazy-server.ts'
import type { AccountTruth } from '../../src/simulator/truth.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'
import { call, connect, failingCall } from './connect.ts'

export type Json = Readonly<Record<string, unknown>>

export interface AskedAccount {
  readonly truth: AccountTruth
  readonly tidemark: Tidemark
  readonly client: Client
  /** The answer of a tool, which has to succeed. */
  ask(tool: string, args?: Json): Promise<Json>
  /** The items of a list. */
  items(tool: string, args?: Json): Promise<readonly Json[]>
  /** The lines of the text of a tool that has to fail. */
  refusal(tool: string, args?: Json): Promise<readonly string[]>
}

export async function askedAccount(options: McpServerOptions = {}): Promise<AskedAccount> {
  const simulator = simulatedAccount()
  const tidemark = await openOver(simulator, await sqljs())
  await tidemark.sync()
  const client = await connect(tidemark, options)
  const ask = (tool: string, args: Json = {}): Promise<Json> => call(client, tool, { ...args })
  return {
    truth: simulator.truth,
    tidemark,
    client,
    ask,
    items: async (tool, args) => (await ask(tool, args))['items'] as readonly Json[],
    refusal: (tool, args = {}) => failingCall(client, tool, { ...args }),
  }
}
