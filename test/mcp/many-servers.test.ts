/**
 * One SQLite file, used by real processes at the same time: three MCP servers that answer questions without a pause, and
 * syncs from a simulated account over HTTP, one after another and then two at once. Every answer must be of one moment and
 * none older than the one before; after a sync all servers know all of it. `TIDEMARK_MANY_SECONDS` makes it longer.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { beforeAll, describe, expect, it } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts'
import { copyOfTruth, readCopy } from '../support/account-copy.ts'
import { bundleScript } from '../support/bundled-script.ts'
import { freshFolder } from '../support/engines.ts'
import { serve } from '../support/http-server.ts'
import { openOtherSqlite } from '../support/other-sqlite.ts'

const seconds = Number(process.env['TIDEMARK_MANY_SECONDS'] ?? 5)
const customerId = 7

let bin = ''
beforeAll(async () => {
  bin = await bundleScript(new URL('../../adapters/cli/bin.ts', import.meta.url))
})

describe('three servers and a sync on one SQLite file', () => {
  it('give answers of one moment all the time, and know all of a sync when it is done', { timeout: 120_000 + seconds * 4_000 }, async () => {
    const simulator = createSimulator({ now: Date.now() })
    const api = await serve(simulator.fetch)
    const file = join(await freshFolder(), 'tidemark.db')
    const command = {
      PATH: process.env['PATH'] ?? '', HOME: await freshFolder(), TIDEMARK_DATABASE_URL: `sqlite:${file}`, TIDEMARK_CUSTOMER_ID: String(customerId),
      TESTIO_API_TOKEN: simulator.token, TESTIO_API_BASE_URL: `${api.url}/customer/v2/`,
    }
    const figures = { syncs: 0, answers: 0, slowestMs: 0, slowestAfterSyncMs: 0, refused: 0 }
    const stop = new AbortController()
    const end = Date.now() + seconds * 1_000

    // All at once, and there is no database yet: each brings the schema, or waits until another one has.
    const started = await Promise.allSettled([sync(command), ...[1, 2, 3].map(() => startServer(command))])
    const [, ...servers] = started.map((result) => { if (result.status === 'rejected') throw result.reason; return result.value }) as [SyncAnswer, ...Server[]]
    figures.syncs += 1
    const asking = servers.map((server) => askUntil(stop.signal, server, figures))
    // A failure is reported when they are awaited below; until then it must not end the process.
    for (const asker of asking) asker.catch(() => undefined)
    try {
      await expectTruth(servers, simulator, figures)
      do {
        happen(simulator, figures.syncs)
        expect(await sync(command)).toMatchObject({ outcome: 'success', new: expect.toSatisfy((count: number) => count > 0) })
        figures.syncs += 1
        await expectTruth(servers, simulator, figures)

        happen(simulator, figures.syncs)
        const both = await Promise.all(servers.slice(0, 2).map((server) => server.call('sync_data', {})))
        const refusals = both.filter((answer) => answer.isError)
        for (const { text } of refusals) expect(text.split('\n')).toHaveLength(3)
        expect(both.filter((answer) => !answer.isError).map(({ content }) => content['outcome'])).toEqual(refusals.length === 0 ? ['success', 'success'] : ['success'])
        figures.syncs += 2 - refusals.length
        figures.refused += refusals.length
        await expectTruth(servers, simulator, figures)
      } while (Date.now() < end)
    } finally {
      stop.abort()
      await Promise.allSettled(asking)
      await Promise.all(servers.map((server) => server.close()))
      await api.close()
    }
    await Promise.all(asking)

    expect(await readdir(dirname(file))).toEqual(['tidemark.db'])
    const other = await openOtherSqlite(await readFile(file))
    expect(other.rows('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(other.rows('pragma foreign_key_check')).toEqual([])
    expect(other.rows(`select count(*) as count from sync_runs where outcome = 'success'`)).toEqual([{ count: figures.syncs }])
    other.close()
    await using storage = await sqljs({ file })
    expect(await readCopy(storage, customerId)).toEqual(copyOfTruth(simulator.truth))
    if (process.env['TIDEMARK_MANY_SECONDS'] !== undefined) console.log(figures)
  })
})

type Answer = Readonly<Record<string, unknown>>

interface Server {
  call(name: string, parameters: Record<string, unknown>): Promise<{ readonly isError: boolean; readonly text: string; readonly content: Answer; readonly stderr: string }>
  close(): Promise<void>
}

interface SyncAnswer {
  readonly outcome: string
  readonly new: number
}

interface Figures {
  answers: number
  slowestMs: number
  slowestAfterSyncMs: number
}

interface Bugs {
  readonly total: number
  readonly open: number
  readonly accepted: number
  readonly auto_accepted: number
  readonly rejected: number
  readonly other: number
}

interface Page<Item> {
  readonly items: readonly Item[]
  readonly total: number
  readonly returned: number
  readonly offset: number
  readonly has_more: boolean
  readonly next_cursor: string | null
  readonly truncated?: boolean
}

interface TestItem {
  readonly id: number
  readonly title: string
  readonly status: string
  readonly end_at: string | null
  readonly bugs: Bugs
}

interface Summary {
  readonly id: number
  readonly bugs: Bugs
  readonly bugs_by_kind: readonly { readonly count: number }[]
  readonly bugs_by_severity: Readonly<Record<string, number>>
  readonly newest_bugs: readonly { readonly test_id: number }[]
  readonly features: readonly { readonly bug_count: number }[]
}

/** A server that has answered its first question. */
async function startServer(env: Record<string, string>): Promise<Server> {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StdioClientTransport({ command: process.execPath, args: [bin, 'serve', '--no-refresh'], env, stderr: 'pipe' })
  let stderr = ''
  transport.stderr?.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
  await client.connect(transport)
  const server: Server = {
    async call(name, parameters) {
      const { isError, structuredContent, content } = (await client.callTool({ name, arguments: parameters })) as {
        isError?: boolean; structuredContent?: Answer; content: readonly { readonly text: string }[]
      }
      return { isError: isError === true, text: content[0]?.text ?? '', content: structuredContent ?? {}, stderr }
    },
    close: () => client.close(),
  }
  await ask(server, 'list_products', {})
  return server
}

/** `tidemark sync`, in a process of its own. */
async function sync(env: Record<string, string>): Promise<SyncAnswer> {
  const child = spawn(process.execPath, [bin, 'sync', '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`the sync ended with ${code}: ${stdout} ${stderr}`)
  return JSON.parse(stdout) as SyncAnswer
}

async function ask(server: Server, name: string, parameters: Record<string, unknown>): Promise<Answer> {
  const { isError, text, content, stderr } = await server.call(name, parameters)
  if (isError) throw new Error(`${name} failed: ${text}\n${stderr}`)
  return content
}

/** One question after another; each answer is looked at for itself and beside the one before. */
async function askUntil(stop: AbortSignal, server: Server, figures: Figures): Promise<void> {
  const last = { tests: 0, bugs: 0 }
  const timed = async (name: string, parameters: Record<string, unknown>): Promise<Answer> => {
    const start = performance.now()
    const answer = await ask(server, name, parameters)
    figures.slowestMs = Math.max(figures.slowestMs, Math.round(performance.now() - start))
    figures.answers += 1
    return answer
  }
  for (let turn = 0; !stop.aborted; turn += 1) {
    const tests = (await timed('list_tests', { limit: 100, include_bug_counts: true })) as unknown as Page<TestItem>
    last.tests = expectPage(tests, last.tests)
    for (const { bugs } of tests.items) expectBugs(bugs)
    const ends = tests.items.map((test) => test.end_at ?? '')
    expect(ends).toEqual(ends.toSorted().toReversed())

    const bugs = (await timed('list_bugs', { limit: 100, ...(turn % 2 === 0 ? {} : { offset: Math.max(0, last.bugs - 1) }) })) as unknown as Page<{ readonly id: number }>
    last.bugs = expectPage(bugs, last.bugs)

    const chosen = tests.items[turn % Math.max(1, tests.items.length)]
    if (chosen !== undefined) expectSummary(chosen, (await timed('get_test_summary', { test_id: chosen.id })) as unknown as Summary)
  }
}

/** Nothing that was there before is missing, and rows and total are of one moment; gives the total. */
function expectPage(page: Page<{ readonly id: number }>, atLeast: number): number {
  expect(page.total).toBeGreaterThanOrEqual(atLeast)
  expect(page.returned).toBe(page.items.length)
  expect(new Set(page.items.map((item) => item.id)).size).toBe(page.returned)
  if (page.truncated !== true) expect(page.returned).toBe(Math.min(100, page.total - page.offset))
  expect(page.has_more).toBe(page.offset + page.returned < page.total)
  return page.total
}

function expectBugs({ total, open, accepted, auto_accepted, rejected, other }: Bugs): void {
  expect(open + accepted + auto_accepted + rejected + other).toBe(total)
}

function expectSummary(before: TestItem, { id, bugs, bugs_by_kind, bugs_by_severity, newest_bugs, features }: Summary): void {
  expect(id).toBe(before.id)
  expectBugs(bugs)
  expect(bugs.total).toBeGreaterThanOrEqual(before.bugs.total)
  expect(sum(bugs_by_kind.map(({ count }) => count))).toBe(bugs.total)
  expect(sum(Object.values(bugs_by_severity))).toBeLessThanOrEqual(bugs.total)
  expect(newest_bugs.length).toBeGreaterThanOrEqual(Math.min(3, bugs.total))
  for (const bug of newest_bugs) expect(bug.test_id).toBe(id)
  expect(sum(features.map((feature) => feature.bug_count))).toBeLessThanOrEqual(bugs.total)
}

/** The next answers of all servers have everything; the questions of the askers go on meanwhile. */
async function expectTruth(servers: readonly Server[], { truth }: Simulator, figures: Figures): Promise<void> {
  const start = performance.now()
  const counted = (testId: number, outcome?: string): number => truth.bugs.filter((bug) => bug.testId === testId && (outcome === undefined || bug.outcome === outcome)).length
  const tests = truth.tests.toSorted((a, b) => a.id - b.id).map(({ id, status }) => ({ id, status, total: counted(id), open: counted(id, 'open') }))
  const answers = await Promise.all(servers.map(async (server) => {
    const items = await everyPage<TestItem>(server, 'list_tests', { include_bug_counts: true })
    const bugs = await ask(server, 'list_bugs', { limit: 1 })
    return { tests: items.map(({ id, status, bugs: { total, open } }) => ({ id, status, total, open })), bugs: bugs['total'] }
  }))
  figures.slowestAfterSyncMs = Math.max(figures.slowestAfterSyncMs, Math.round(performance.now() - start))
  for (const answer of answers) expect(answer).toEqual({ tests, bugs: truth.bugs.length })
}

async function everyPage<Item>(server: Server, name: string, parameters: Record<string, unknown>): Promise<readonly Item[]> {
  const items: Item[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = (await ask(server, name, { limit: 100, sort_by: 'id', sort_order: 'asc', ...parameters, ...(cursor === '' ? {} : { cursor }) })) as unknown as Page<Item>
    items.push(...page.items)
    cursor = page.next_cursor
  }
  return items
}

/** Things are only added, so that no number may ever go down. */
function happen({ truth, change }: Simulator, turn: number): void {
  const product = truth.products[turn % truth.products.length]
  if (product === undefined) throw new Error('The account has no products')
  const running = truth.tests.find((test) => test.status === 'running' && test.productId === product.id)
  for (const test of [change.addTest(product.id), ...(running === undefined ? [] : [running])]) for (let bug = 0; bug < 5; bug += 1) change.addBug(test.id)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
