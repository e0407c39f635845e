/** What it costs to ask over MCP: the start of a server, and list calls over both transports, one by one and a hundred at once. */
import { spawn } from 'node:child_process'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { Figure, Limits } from '../figure.ts'
import { percentiles, time } from '../measure.ts'
import { coldStart, emptyStart } from './cold-start.ts'
import { makeServerCommand, type ServerCommand } from './server-command.ts'

const storeBytes = 25_000_000
const starts = 10
const atOnce = 100
const rounds = 10
const token = 'token-of-the-bench'

export interface McpFigures {
  readonly storeBytes: number
  readonly figures: readonly Figure[]
}

/** @throws Error when a call fails */
export async function benchMcp(samples: number): Promise<McpFigures> {
  await using command = await makeServerCommand(storeBytes)
  const [empty, greeted, answered]: [number[], number[], number[]] = [[], [], []]
  // One for the caches of the file system.
  await coldStart(command)
  for (let round = 0; round < starts; round++) {
    empty.push(await emptyStart())
    const cold = await coldStart(command)
    greeted.push(cold.greeted)
    answered.push(cold.answered)
  }
  const figures = [
    figure('node -e 0', empty),
    figure('stdio: start to initialize', greeted),
    figure('stdio: start to first list', answered, { p95: 400 }),
    ...(await overStdio(command, samples)),
    ...(await overHttp(command, samples)),
  ]
  return { storeBytes: command.storeBytes, figures }
}

async function overStdio({ bin, env }: ServerCommand, samples: number): Promise<readonly Figure[]> {
  const client = new Client({ name: 'bench', version: '1' })
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [bin, 'serve', '--read-only'], env: { ...env }, stderr: 'ignore' }))
  try {
    return [figure('stdio: list of 20 bugs', await oneByOne(client, samples))]
  } finally {
    await client.close()
  }
}

async function overHttp({ bin, env }: ServerCommand, samples: number): Promise<readonly Figure[]> {
  const server = spawn(process.execPath, [bin, 'serve', '--http', '--port', '0', '--read-only', '--rate-limit', '0'], { env: { ...env, TIDEMARK_HTTP_TOKEN: token }, stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = new Promise((resolve) => server.once('close', resolve))
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let text = ''
      server.stderr.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        const address = /http:\/\/\S+\/mcp/.exec(text)?.[0]
        if (address !== undefined) resolve(address)
      })
      server.once('close', () => reject(new Error(`The server has ended: ${text}`)))
    })
    const client = new Client({ name: 'bench', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } }))
    const single = await oneByOne(client, samples)
    const together: number[] = []
    for (let round = 0; round < rounds; round++) together.push(await time(() => Promise.all(Array.from({ length: atOnce }, () => list(client)))))
    return [figure('HTTP: list of 20 bugs', single), figure(`HTTP: ${atOnce} of them at once, to the last`, together)]
  } finally {
    server.kill()
    await exited
  }
}

async function oneByOne(client: Client, samples: number): Promise<readonly number[]> {
  const times: number[] = []
  for (let round = -20; round < samples; round++) {
    const elapsed = await time(() => list(client))
    if (round >= 0) times.push(elapsed)
  }
  return times
}

async function list(client: Client): Promise<void> {
  const { isError, structuredContent } = await client.callTool({ name: 'list_bugs', arguments: {} })
  if (isError === true || structuredContent === undefined) throw new Error('a call failed')
}

function figure(operation: string, samples: readonly number[], limits: Limits = {}): Figure {
  return { bench: 'mcp', engine: 'sqljs', operation, times: percentiles(samples), reference: null, ratio: null, counts: {}, limits }
}
