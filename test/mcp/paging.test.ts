/** Walking a tool to its end: every row once, whatever is written meanwhile, and no answer too long. Tools are taken from the list. */
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'
import { call, connect, failingCall } from './connect.ts'

type Json = Readonly<Record<string, unknown>>

const pageSize = 7
const maxCharacters = 40_000

/** What is asked of each tool that takes a cursor, and what tells its rows apart. */
interface Walk {
  readonly args: (simulator: Simulator) => Json
  readonly rows: string
  readonly key: (row: Json) => unknown
  /** Where the number of all rows stands. */
  readonly total: (answer: Json) => unknown
}
const byId = { rows: 'items', key: ({ id }: Json) => id, total: ({ total }: Json) => total }
const walks: Readonly<Record<string, Walk>> = {
  list_products: { ...byId, args: () => ({ limit: 1 }) },
  list_tests: { ...byId, args: () => ({ sort_by: 'title' }) },
  list_bugs: { ...byId, args: () => ({ sort_by: 'severity', limit: 50 }) },
  list_features: { ...byId, args: () => ({ sort_by: 'bug_count' }) },
  list_users: { ...byId, args: () => ({ sort_by: 'bug_count' }) },
  search: { ...byId, key: ({ entity, id }) => `${String(entity)} ${String(id)}`, args: () => ({ query: 'the', limit: 30 }) },
  query_metrics: {
    rows: 'rows', key: ({ test_id, tester }) => `${String(test_id)} ${String(tester)}`, total: ({ total_rows }) => total_rows,
    args: () => ({ metrics: ['bug_count'], dimensions: ['test', 'tester'], limit: 60 }),
  },
  generate_quality_report: {
    rows: 'by_test', key: ({ test_id }) => test_id, total: ({ summary }) => (summary as Json | undefined)?.['tests'],
    args: ({ truth }) => ({ product_ids: truth.products.map(({ id }) => id) }),
  },
}

let simulator: Simulator
let tidemark: Tidemark
let client: Client
beforeAll(async () => {
  simulator = simulatedAccount()
  tidemark = await openOver(simulator, await sqljs())
  await tidemark.sync()
  client = await connect(tidemark)
})
afterAll(() => tidemark.close())

/** All rows in the order of the pages, the total that the first page told, and how many pages there were. */
async function walk(tool: string, between: (page: number) => Promise<unknown> = async () => undefined) {
  const { args, rows, key, total } = walks[tool]!
  const keys: unknown[] = []
  let told: unknown
  let pages = 0
  for (let cursor: unknown; cursor !== null; ) {
    const answer: Json = await call(client, tool, { limit: pageSize, ...args(simulator), ...(cursor === undefined ? {} : { cursor }) })
    expect(JSON.stringify(answer).length).toBeLessThanOrEqual(maxCharacters)
    if (pages === 0) told = total(answer)
    keys.push(...(answer[rows] as readonly Json[]).map(key))
    cursor = answer['next_cursor']
    pages += 1
    if (pages > 1000) throw new Error(`${tool} does not come to an end`)
    await between(pages)
  }
  return { keys, told, pages }
}

it('is tried with every tool that takes a cursor', async () => {
  const { tools } = await client.listTools()
  expect(tools.filter(({ inputSchema }) => inputSchema.properties?.['cursor'] !== undefined).map(({ name }) => name).toSorted()).toEqual(Object.keys(walks).toSorted())
})

describe.each(Object.keys(walks))('the pages of %s', (tool) => {
  it('have as many rows as the first one told, each once', async () => {
    const { keys, told, pages } = await walk(tool)
    expect(pages).toBeGreaterThan(2)
    expect(keys).toHaveLength(told as number)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it.each(['garbage', 'AAAA', 'eyJxIjoieCJ9', '🌊'])('refuse the cursor %j in three lines', async (cursor) => {
    const lines = await failingCall(client, tool, { ...walks[tool]!.args(simulator), cursor })
    expect(lines).toEqual([expect.stringMatching(/cursor/), expect.any(String), expect.stringMatching(/without a cursor/)])
  })

  it('refuse a cursor of another question', async () => {
    const args = { limit: 1, ...walks[tool]!.args(simulator) }
    const { next_cursor: cursor } = await call(client, tool, args)
    const other = tool === 'search' ? { query: 'and' } : tool === 'query_metrics' ? { dimensions: ['tester'] } : tool === 'generate_quality_report' ? { from: '2000' } : { search: 'e' }
    const narrowed = tool === 'list_bugs' ? { known: false } : other
    expect((await failingCall(client, tool, { ...args, ...narrowed, cursor }))[0]).toMatch(/cursor/)
  })

  it('repeat nothing and leave out nothing that was there, while a sync brings new bugs and takes some away', async () => {
    const before = await walk(tool)
    const running = simulator.truth.tests.find(({ status }) => status === 'running')
    const gone: unknown[] = []
    const { keys } = await walk(tool, async (page) => {
      if (page !== 2) return
      simulator.change.addBug(running?.id ?? 0, { title: 'The newest of all' })
      const last = simulator.truth.bugs.findLast(({ id, productId }) => productId === running?.productId && before.keys.indexOf(id) > before.keys.length / 2)
      if (tool === 'list_bugs' && last !== undefined) {
        simulator.change.removeBug(last.id)
        gone.push(last.id)
      }
      // Only reading everything again notices what has gone.
      expect(await tidemark.sync({ mode: gone.length === 0 ? 'hybrid' : 'force', products: [running?.productId ?? 0] })).toMatchObject({ outcome: 'success', steps: expect.arrayContaining([expect.objectContaining({ stream: 'bugs', new: 1 })]) })
    })
    expect(new Set(keys).size).toBe(keys.length)
    for (const id of gone) expect(keys).not.toContain(id)
    // Rows that move to the part that was read, because they count more now, are the only ones that may be missed.
    const missed = before.keys.filter((key) => !keys.includes(key) && !gone.includes(key))
    expect(missed.length).toBeLessThanOrEqual(tool === 'list_features' || tool === 'list_users' || tool === 'query_metrics' ? 1 : 0)
  })
})
