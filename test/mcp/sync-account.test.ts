import { describe, expect, it } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { openTidemark } from '../../src/mod.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { call, connect, failingCall, keepingLogger } from './connect.ts'

const now = Date.UTC(2025, 7, 1, 12)

/** An account, an empty copy of it, and a client. */
async function account() {
  const simulator = createSimulator({ now })
  const tidemark = await openTidemark({
    storage: await sqljs(), customerId: 1, now: () => now, testio: { token: simulator.token, fetch: simulator.fetch, concurrency: 2 },
  })
  const logger = keepingLogger()
  const client = await connect(tidemark, { logger })
  const total = async (): Promise<unknown> => (await call(client, 'list_tests', { limit: 1 }))['total']
  return { simulator, client, logger, total }
}

describe('a sync that a client asked for', () => {
  it('fills the copy, and says what it did while it went on', async () => {
    const { simulator, client, total } = await account()
    const done: number[] = []
    const result = await client.callTool({ name: 'sync_data' }, { onprogress: ({ progress }) => done.push(progress) })
    const { truth } = simulator
    expect(result.structuredContent).toMatchObject({ run_id: 1, outcome: 'success', quarantined: 0 })
    const steps = (result.structuredContent as { readonly steps: readonly { readonly stream: string; readonly new: number }[] }).steps
    const brought = (stream: string): number => steps.filter((step) => step.stream === stream).reduce((sum, step) => sum + step.new, 0)
    expect({ tests: brought('tests'), bugs: brought('bugs') }).toStrictEqual({ tests: truth.tests.length, bugs: truth.bugs.length })
    expect(await total()).toBe(truth.tests.length)
    expect(done.length).toBeGreaterThan(3)
    expect(done).toStrictEqual([...new Set(done)].toSorted((a, b) => a - b))
  })

  it('that is cancelled makes no further request, and the next one completes the copy', async () => {
    const { simulator, client, total } = await account()
    const cancel = new AbortController()
    let seen = 0
    const onprogress = (): void => {
      seen += 1
      if (seen === 3) cancel.abort()
    }
    await expect(client.callTool({ name: 'sync_data' }, { signal: cancel.signal, onprogress })).rejects.toThrow(/abort/i)
    await expect.poll(async () => (await call(client, 'get_server_diagnostics'))['sync']).toMatchObject({ last_run: { outcome: 'cancelled' } })
    const requests = simulator.requestCount
    await new Promise((resolve) => { setTimeout(resolve, 100) })
    expect(simulator.requestCount).toBe(requests)
    expect(await total()).toBeLessThan(simulator.truth.tests.length)

    expect(await call(client, 'sync_data')).toMatchObject({ outcome: 'success' })
    expect(await total()).toBe(simulator.truth.tests.length)
  })

  it('without waiting is followed by its number until it has ended, and no second one begins meanwhile', async () => {
    const { simulator, client, logger, total } = await account()
    expect(await call(client, 'sync_data', { wait: false })).toMatchObject({ run_id: 1, outcome: null, started_at: expect.stringMatching(/^2025-08-01/) })
    expect(await call(client, 'get_sync_status', { run_id: 1 })).toMatchObject({ running: { run_id: 1, holder: 'a program' }, runs: [{ run_id: 1, outcome: null }] })
    expect((await failingCall(client, 'sync_data'))[1]).toMatch(/^Another sync of this customer \(run 1, by a program\) has been running since 2025-08-01/)
    await expect.poll(async () => (await call(client, 'get_sync_status', { run_id: 1 }))['runs'], { timeout: 20_000 }).toMatchObject([{ run_id: 1, outcome: 'success', quarantined: 0 }])
    expect(await call(client, 'get_sync_status')).toMatchObject({ running: null })
    await expect.poll(() => logger.lines).toStrictEqual(['The background sync (run 1) ended as success'])
    expect(await total()).toBe(simulator.truth.tests.length)
  })

  it('that could not read a record leaves it in quarantine, with a reason', async () => {
    const { simulator, client } = await account()
    const [test] = simulator.truth.tests.filter(({ endAt }) => endAt !== null)
    simulator.setFaults({ poisonedTests: [test?.id ?? 0] })
    expect(await call(client, 'sync_data')).toMatchObject({ outcome: 'partial', quarantined: 1 })
    expect(await call(client, 'get_quarantine')).toMatchObject({ total: 1, items: [{ product_id: test?.productId, stream: 'tests', code: 'api_server_error', attempts: 1 }] })
    expect(await call(client, 'get_sync_status')).toMatchObject({ streams: expect.arrayContaining([expect.objectContaining({ product_id: test?.productId, stream: 'tests', quarantined: 1 })]) })
    simulator.setFaults({})
    const bugs = simulator.truth.bugs.filter(({ testId }) => testId === test?.id)
    expect(await call(client, 'sync_data', { mode: 'force' })).toMatchObject({ outcome: 'success', new: 1 + bugs.length })
    expect(await call(client, 'get_quarantine')).toStrictEqual({ items: [], total: 0, warnings: [] })
    expect(await call(client, 'get_quarantine', { product_ids: [7] })).toStrictEqual({ items: [], total: 0, warnings: ['Product 7 is not in the local copy.'] })
  })

  it('reads only the products it was asked for', async () => {
    const { simulator, client, total } = await account()
    const [product] = simulator.truth.products
    await call(client, 'sync_data', { product_ids: [product?.id] })
    expect(await total()).toBe(simulator.truth.tests.filter(({ productId }) => productId === product?.id).length)
  })
})
