/** A server in a process of its own, spoken to line by line: for what a client library would hide. */
import { spawn } from 'node:child_process'

export interface ServerProcess {
  /** Sends a line. */
  write(line: string): void
  /** Sends a request. */
  request(id: number, method: string, params?: object): void
  /** The response to the request with this id. */
  response(id: number): Promise<Record<string, unknown>>
  /** Ends the input. */
  end(): void
  kill(signal: NodeJS.Signals): void
  /** What the process said on standard output, line by line. */
  readonly lines: readonly string[]
  readonly stderr: () => string
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>
}

export const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } }

export function startServer(module: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): ServerProcess {
  const child = spawn(process.execPath, [module, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], ...env } })
  const lines: string[] = []
  let stdout = ''
  let stderr = ''
  const waiting = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (stdout + chunk.toString()).split('\n')
    stdout = parts.pop() ?? ''
    lines.push(...parts)
    for (const wake of waiting) wake()
  })
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdin.on('error', () => undefined)
  const find = (id: number): Record<string, unknown> | undefined =>
    lines.flatMap((line) => {
      try {
        const message = JSON.parse(line) as Record<string, unknown>
        return message['id'] === id ? [message] : []
      } catch {
        return []
      }
    })[0]
  const write = (line: string): void => void child.stdin.write(`${line}\n`)
  return {
    lines,
    write,
    request: (id, method, params = {}) => write(JSON.stringify({ jsonrpc: '2.0', id, method, params })),
    response: (id) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = find(id)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    end: () => child.stdin.end(),
    kill: (signal) => void child.kill(signal),
    stderr: () => stderr,
    exited: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal }))),
  }
}
