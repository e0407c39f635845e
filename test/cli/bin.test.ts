/** The real process: signals, pipes, exit codes. Built once for this file, since Node runs no TypeScript by itself. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder } from '../support/engines.ts'
import { requestUnderWay } from '../support/request-under-way.ts'
import { serveAccount } from './account.ts'

const root = path.resolve(import.meta.dirname, '../..')
let folder: string
let bin: string

beforeAll(async () => {
  // Inside the project, so that packages are found from there.
  folder = await mkdtemp(path.join(root, 'node_modules/.tidemark-bin-'))
  await build({
    entryPoints: [path.join(root, 'adapters/cli/bin.ts')], outdir: folder, outExtension: { '.js': '.mjs' },
    bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external',
  })
  bin = path.join(folder, 'bin.mjs')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function start(argv: readonly string[], cwd: string, stdin: 'ignore' | 'pipe' = 'ignore', env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [bin, ...argv], { cwd, env: { PATH: process.env['PATH'], HOME: cwd, ...env }, stdio: [stdin, 'pipe', 'pipe'] })
}

async function outcome(child: ChildProcess): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code]: readonly (number | null)[] = await once(child, 'close')
  return { code: code ?? null, stdout, stderr }
}

describe('the process', () => {
  it('ends with the exit code of the command', async () => {
    const cwd = await freshFolder()
    expect((await outcome(start(['--version'], cwd))).code).toBe(0)
    expect(await outcome(start(['nonsense'], cwd))).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^Error: /) })
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly on %s', async (signal) => {
    const child = start(['simulate', '--json'], await freshFolder())
    const ended = outcome(child)
    await once(child.stdout!, 'data')
    child.kill(signal)
    expect(await ended).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Stopping/) })
  })

  it('ends at once on the second signal', async () => {
    const child = start(['simulate', '--json', '--faults', '{"rules":[{"fault":"timeout"}]}'], await freshFolder())
    const ended = outcome(child)
    const [announced]: readonly Buffer[] = await once(child.stdout!, 'data')
    const { base_url: baseUrl, token } = JSON.parse(String(announced))
    await requestUnderWay(`${baseUrl}products`, { authorization: `Token ${token}` })
    child.kill('SIGINT')
    await once(child.stderr!, 'data')
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
  })

  it('ends a sync on the first signal with what was read kept, and the run is closed as cancelled', async () => {
    await using account = await serveAccount({ faults: { latencyMs: 60 } })
    const cwd = await freshFolder()
    const child = start(['sync'], cwd, 'ignore', account.env)
    const ended = outcome(child)
    await once(child.stderr!, 'data')
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 1, stdout: expect.stringMatching(/^The sync was stopped\./), stderr: expect.stringMatching(/\nStopping … once more to stop at once\.\n$/) })
    const status = JSON.parse((await outcome(start(['status', '--json'], cwd, 'ignore', account.env))).stdout)
    expect(status.sync).toMatchObject({ running: null, runs: [{ run_id: 1, outcome: 'cancelled', finished_at: expect.any(String) }] })
    expect((await outcome(start(['sync'], cwd, 'ignore', account.env))).code).toBe(0)
  })

  it('says who is at work when a second sync is started, and shows it in the status', async () => {
    await using account = await serveAccount({ faults: { rules: [{ fault: 'timeout', on: 'GET /bugs?' }] } })
    const cwd = await freshFolder()
    const first = start(['sync'], cwd, 'ignore', account.env)
    const ended = outcome(first)
    await once(first.stderr!, 'data')
    const holder = `tidemark sync, process ${first.pid} on `
    const second = await outcome(start(['sync', '--json'], cwd, 'ignore', account.env))
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toMatch(new RegExp(`^Error: Cannot start a sync\nWhy: {3}Another sync of this customer \\(run 1, by ${holder}.+\\) has been running since .+\nNext: {2}Wait for it to end`))
    const { stdout } = await outcome(start(['status'], cwd, 'ignore', account.env))
    expect(stdout.replace(/\s+/g, ' ')).toContain(`Running now - Run 1 by ${holder}`)
    expect(stdout).toMatch(/\n +1 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}hybrid {2}running /)
    first.kill('SIGINT')
    expect((await ended).code).toBe(1)
  })

  it('does not fail when the reader of its output has gone', async () => {
    const child = start(['demo', '--database', 'sqlite::memory:'], await freshFolder())
    child.stdout?.destroy()
    const { code, stderr } = await outcome(child)
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/EPIPE|at /)])
  })

  it('does its work when nobody takes its notes', async () => {
    const child = start(['demo', '--database', 'sqlite::memory:'], await freshFolder())
    child.stderr?.destroy()
    expect(await outcome(child)).toMatchObject({ code: 0, stdout: expect.stringContaining('Synced.') })
  })

  it.runIf(existsSync('/dev/full'))('says in three parts that its answer found no room', async () => {
    const cwd = await freshFolder()
    await using full = await open('/dev/full', 'w')
    const child = spawn(process.execPath, [bin, 'metrics'], { cwd, env: { PATH: process.env['PATH'], HOME: cwd }, stdio: ['ignore', full.fd, 'pipe'] })
    expect(await outcome(child)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Error: Cannot write the answer\nWhy: {3}The disk is full\.\nNext: {2}.+\n$/) })
  })

  it('serves MCP on its standard streams, with nothing else in between, until its input ends', async () => {
    const child = start(['serve', '--customer', '1', '--database', 'sqlite::memory:', '--read-only'], await freshFolder(), 'pipe')
    const ended = outcome(child)
    const messages = [
      { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } } },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'list_products', arguments: {} } },
    ]
    child.stdin?.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
    let answers = ''
    for await (const chunk of child.stdout!) {
      answers += String(chunk)
      if (answers.includes('"id":2')) break
    }
    child.stdin?.end()
    expect((await ended).code).toBe(0)
    const [hello, products] = answers.trim().split('\n').map((line) => JSON.parse(line))
    expect(hello.result.serverInfo.name).toBe('tidemark')
    expect(products.result.structuredContent).toMatchObject({ items: [], total: 0 })
  })

  it('does not start a server that could not work', async () => {
    const { code, stdout, stderr } = await outcome(start(['serve', '--database', 'mysql:x'], await freshFolder()))
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/2 things are wrong/)
  })

  it('runs the TypeScript of a project in a folder where nothing is installed', async () => {
    const cwd = await freshFolder()
    for (const argv of [['init'], ['revision', '-m', 'first', '--rev-id', 'a1'], ['upgrade']]) {
      expect(await outcome(start(['migrate', ...argv], cwd)), argv.join(' ')).toMatchObject({ code: 0, stderr: '' })
    }
    expect(JSON.parse((await outcome(start(['migrate', 'current', '--json'], cwd))).stdout)).toMatchObject({ current: ['a1'], at_head: true })
  })

  it('finds its database in the data directory of the user', async () => {
    const cwd = await freshFolder()
    const { code, stdout } = await outcome(start(['status', '--customer', '1', '--json'], cwd))
    expect(code).toBe(0)
    expect(JSON.parse(stdout).database.url.startsWith(`sqlite:${cwd}`)).toBe(true)
  })
})
