/** From the start of the process to its answers, over standard streams, spoken to without a client library. */
import { spawn } from 'node:child_process'
import type { ServerCommand } from './server-command.ts'

export interface ColdStart {
  /** Milliseconds to the answer to `initialize`. */
  readonly greeted: number
  /** To the first page of `list_products`, which needs the store. */
  readonly answered: number
}

const requests = [
  { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } } },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'list_products', arguments: {} } },
]

/**
 * @param nodeFlags of the process, before the command
 * @throws Error when the answer is none
 */
export async function coldStart({ bin, env }: Pick<ServerCommand, 'bin' | 'env'>, nodeFlags: readonly string[] = []): Promise<ColdStart> {
  const start = performance.now()
  const child = spawn(process.execPath, [...nodeFlags, bin, 'serve', '--read-only'], { env: { ...env }, stdio: ['pipe', 'pipe', 'ignore'] })
  const exited = new Promise((resolve) => child.once('close', resolve))
  child.stdin.write(requests.map((request) => `${JSON.stringify(request)}\n`).join(''))
  let [greeted, text] = [0, '']
  for await (const chunk of child.stdout) {
    text += String(chunk)
    if (greeted === 0 && text.includes('\n')) greeted = performance.now() - start
    if (text.trimEnd().split('\n').length >= 2 && text.endsWith('\n')) break
  }
  const answered = performance.now() - start
  // It ends with its client.
  child.stdin.end()
  await exited
  if (!/"id":2\b/.test(text) || !text.includes('"total"')) throw new Error(`The server did not answer: ${text.slice(0, 300)}`)
  return { greeted, answered }
}

/** The same for a process that does nothing: what of it is Node. */
export async function emptyStart(): Promise<number> {
  const start = performance.now()
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('close', resolve))
  return performance.now() - start
}
