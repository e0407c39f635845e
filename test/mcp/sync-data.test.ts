import { describe, expect, it } from 'vitest'
import { createSyncRuns } from '../../adapters/mcp/sync-runs.ts'
import { abortedError } from '../../src/errors.ts'
import type { SyncOptions, SyncProgress, SyncResult } from '../../src/sync/types.ts'
import { call, connect, eras, failingCall, keepingLogger } from './connect.ts'
import { fakeTidemark, syncResult } from './fake-tidemark.ts'

const at = (done: number, total = 10): SyncProgress => ({ done, total, stream: 'tests', productId: 2, newCount: done, changedCount: 0, deletedCount: 0 })

/** A sync that waits until the test lets it go on. */
function heldSync() {
  let finish: (result: SyncResult) => void = () => undefined
  const finished = new Promise<SyncResult>((resolve) => (finish = resolve))
  const calls: SyncOptions[] = []
  const sync = async (options: SyncOptions = {}): Promise<SyncResult> => {
    calls.push(options)
    options.onStart?.({ runId: 7, startedAt: '2025-08-01T00:00:00.000Z' })
    options.onProgress?.(at(1))
    const cancelled = new Promise<never>((_, reject) => {
      options.signal?.addEventListener('abort', () => reject(abortedError('Cannot finish the sync', options.signal ?? AbortSignal.abort())))
    })
    return Promise.race([finished, cancelled])
  }
  return { sync, calls, finish: (result: SyncResult) => finish(result) }
}

describe.each(eras)('sync_data in the %s era', (era) => {
  it('passes on what was asked and answers what happened', async () => {
    const calls: SyncOptions[] = []
    const sync = async (options: SyncOptions = {}) => {
      calls.push(options)
      return syncResult({ outcome: 'partial', steps: [{ productId: null, stream: 'products', outcome: 'failed', new: 0, changed: 0, unchanged: 0, deleted: 0, quarantined: 1, requests: 4, error: { code: 'api_timeout', message: 'No answer' } }] })
    }
    const client = await connect(fakeTidemark({ sync }), { era })
    expect(await call(client, 'sync_data', { product_ids: [2], mode: 'force', since: '30 days ago' })).toStrictEqual({
      run_id: 7, mode: 'hybrid', outcome: 'partial', started_at: '2025-08-01T00:00:00.000Z', finished_at: '2025-08-01T00:00:00.000Z', requests: 3,
      new: 1, changed: 2, unchanged: 3, deleted: 0, quarantined: 0,
      steps: [{ product_id: null, stream: 'products', outcome: 'failed', new: 0, changed: 0, unchanged: 0, deleted: 0, quarantined: 1, requests: 4, error: { code: 'api_timeout', message: 'No answer' } }],
    })
    expect(calls).toMatchObject([{ mode: 'force', products: [2], since: '30 days ago' }])
  })

  it('reports progress that strictly grows, and only to a client that asked for it', async () => {
    const asked: boolean[] = []
    const sync = async ({ onProgress }: SyncOptions = {}) => {
      asked.push(onProgress !== undefined)
      for (const done of [1, 2, 2, 1, 5]) onProgress?.(at(done, 4))
      return syncResult()
    }
    const client = await connect(fakeTidemark({ sync }), { era })
    const seen: { readonly progress: number; readonly total?: number | undefined; readonly message?: string | undefined }[] = []
    await client.callTool({ name: 'sync_data' }, { onprogress: (progress) => seen.push(progress) })
    expect(seen.map(({ progress }) => progress)).toStrictEqual([1, 2, 5])
    expect(seen.map(({ total }) => total)).toStrictEqual([4, 4, 5])
    expect(seen[0]?.message).toBe('tests of product 2: 1 new, 0 changed so far')

    await client.callTool({ name: 'sync_data' })
    expect(asked).toStrictEqual([true, false])
    expect(seen).toHaveLength(3)
  })

  it('covers what the server is limited to, unless the client says otherwise', async () => {
    const { sync, calls, finish } = heldSync()
    finish(syncResult())
    const client = await connect(fakeTidemark({ sync }), { era, syncScope: { products: [1, 2], since: '90 days ago' } })
    await call(client, 'sync_data')
    await call(client, 'sync_data', { product_ids: [3], since: 'yesterday' })
    expect(calls).toMatchObject([{ products: [1, 2], since: '90 days ago' }, { products: [3], since: 'yesterday' }])
    const [what, why] = await failingCall(client, 'sync_data', { mode: 'rebuild' })
    expect(what).toBe('Cannot rebuild the copy')
    expect(why).toContain('TIDEMARK_PRODUCT_IDS')
    expect(calls).toHaveLength(2)
  })

  it('stops when the client cancels', async () => {
    const { sync, calls } = heldSync()
    const client = await connect(fakeTidemark({ sync }), { era })
    const cancel = new AbortController()
    const waiting = client.callTool({ name: 'sync_data' }, { signal: cancel.signal, onprogress: () => cancel.abort() })
    await expect(waiting).rejects.toThrow(/abort/i)
    await expect.poll(() => calls[0]?.signal?.aborted).toBe(true)
  })

  it('with wait false answers while it runs, and it runs on', async () => {
    const { sync, calls, finish } = heldSync()
    const logger = keepingLogger()
    const client = await connect(fakeTidemark({ sync }), { era, logger })
    const answer = await call(client, 'sync_data', { wait: false })
    expect(answer).toMatchObject({ run_id: 7, outcome: null, started_at: '2025-08-01T00:00:00.000Z', finished_at: null, steps: [], hint: expect.stringContaining('get_sync_status') })
    expect(calls[0]?.signal?.aborted).toBe(false)

    finish(syncResult({ outcome: 'failed' }))
    await expect.poll(() => logger.lines).toStrictEqual(['The background sync (run 7) ended as failed'])
    expect((await call(client, 'sync_data', { wait: false }))['outcome']).toBeNull()
  })

  it('with wait false says at once what keeps it from starting', async () => {
    const sync = () => Promise.reject(abortedError('Cannot sync', AbortSignal.abort()))
    const logger = keepingLogger()
    expect((await failingCall(await connect(fakeTidemark({ sync }), { era, logger }), 'sync_data', { wait: false }))[0]).toBe('Cannot sync')
    expect(logger.lines).toStrictEqual([expect.stringMatching(/^The background sync failed: Cannot sync/)])
  })
})

describe('the syncs of a server', () => {
  it('are cancelled and waited for before the store closes', async () => {
    const runs = createSyncRuns()
    const ends: string[] = []
    const run = runs.run(async (signal) => {
      await new Promise((resolve) => { signal.addEventListener('abort', resolve) })
      ends.push('sync')
      return syncResult({ outcome: 'cancelled' })
    })
    await runs.stop()
    expect(ends).toStrictEqual(['sync'])
    expect((await run).outcome).toBe('cancelled')
  })

  it('are told of the stop also when they begin after it', async () => {
    const runs = createSyncRuns()
    await runs.stop()
    expect((await runs.run(async (signal) => syncResult({ outcome: signal.aborted ? 'cancelled' : 'success' }))).outcome).toBe('cancelled')
  })
})
