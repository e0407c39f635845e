import { describe, expect, it } from 'vitest'
import { TidemarkError } from '../../src/errors.ts'
import type { QuarantineEntry } from '../../src/sync/quarantine.ts'
import type { StreamReport, SyncRunReport, SyncStatus } from '../../src/sync/status.ts'
import type { SyncStep } from '../../src/sync/types.ts'
import { call, connect, eras, failingCall } from './connect.ts'
import { fakeTidemark } from './fake-tidemark.ts'

const moment = '2025-08-01T00:00:00.000Z'

const stream = (productId: number | null, values: Partial<StreamReport> = {}): StreamReport => ({
  productId, stream: 'tests', lastSuccessAt: moment, completeFrom: null, provenAt: moment, fullReadAt: moment, lastAttemptAt: moment, lastErrorCode: null,
  failures: 0, nextAttemptAt: null, quarantined: 0, ...values,
})

const step = (productId: number, values: Partial<SyncStep> = {}): SyncStep => ({
  productId, stream: 'tests', outcome: 'success', new: 0, changed: 0, unchanged: 1, deleted: 0, quarantined: 0, requests: 1, error: null, ...values,
})

const runReport = (values: Partial<SyncRunReport> = {}): SyncRunReport => ({
  runId: 7, mode: 'hybrid', outcome: null, products: null, since: null, holder: 'tidemark serve', startedAt: moment, finishedAt: null, heartbeatAt: moment, done: 3,
  expected: 9, requests: 4, new: 1, changed: 2, unchanged: 3, deleted: 4, quarantined: 5, errorCode: null, ...values,
})

const entry = (values: Partial<QuarantineEntry> = {}): QuarantineEntry => ({
  productId: 2, stream: 'tests', key: 'id:5', entityId: 5, code: 'api_server_error', reason: 'Status 500.', attempts: 3, firstSeenAt: moment, lastAttemptAt: moment, nextRetryAt: moment, ...values,
})

async function statusOf(status: Partial<SyncStatus>, args: Record<string, unknown> = {}) {
  const client = await connect(fakeTidemark({ syncStatus: async () => ({ running: null, runs: [], streams: [], ...status }) }))
  const answer = await call(client, 'get_sync_status', args)
  return { ...answer, streams: answer['streams'] as readonly { readonly product_id: number | null; readonly last_success_at: string | null }[] }
}

describe.each(eras)('get_sync_status in the %s era', (era) => {
  it('gives what is going on, the runs and the streams with their watermarks', async () => {
    const running = { holder: 'tidemark serve', runId: 7, acquiredAt: moment, heartbeatAt: moment, done: 3, expected: 9 }
    const client = await connect(fakeTidemark({ syncStatus: async () => ({ running, runs: [runReport()], streams: [stream(2)] }) }), { era })
    expect(await call(client, 'get_sync_status')).toStrictEqual({
      running: { holder: 'tidemark serve', run_id: 7, acquired_at: moment, heartbeat_at: moment, done: 3, expected: 9 },
      runs: [{
        run_id: 7, mode: 'hybrid', outcome: null, products: null, since: null, holder: 'tidemark serve', started_at: moment, finished_at: null, heartbeat_at: moment, done: 3,
        expected: 9, requests: 4, new: 1, changed: 2, unchanged: 3, deleted: 4, quarantined: 5, error_code: null,
      }],
      streams: [{
        product_id: 2, stream: 'tests', last_success_at: moment, complete_from: null, proven_at: moment, full_read_at: moment, last_attempt_at: moment,
        last_error_code: null, failures: 0, next_attempt_at: null, quarantined: 0,
      }],
    })
  })
})

describe('get_sync_status', () => {
  it('of one run has its steps, those that failed first', async () => {
    const asked: (number | undefined)[] = []
    const steps = [step(1), step(2, { new: 5 }), step(3, { outcome: 'failed', error: { code: 'api_timeout', message: 'a\nb\nc' } })]
    const syncStatus = async (runId?: number) => {
      asked.push(runId)
      return { running: null, runs: [runReport({ outcome: 'partial', steps })], streams: [] }
    }
    const answer = await call(await connect(fakeTidemark({ syncStatus })), 'get_sync_status', { run_id: 7 })
    expect(asked).toStrictEqual([7])
    expect(answer['steps']).toMatchObject([{ product_id: 3, error: { code: 'api_timeout' } }, { product_id: 2, new: 5 }, { product_id: 1 }])
  })

  it('puts streams with trouble first, then the oldest', async () => {
    const streams = [
      stream(1, { lastSuccessAt: '2025-08-02T00:00:00.000Z' }), stream(2), stream(3, { lastErrorCode: 'api_timeout', failures: 1 }), stream(4, { quarantined: 1, lastSuccessAt: '2025-08-03T00:00:00.000Z' }),
      stream(5, { lastSuccessAt: null }),
    ]
    expect((await statusOf({ streams })).streams.map((one) => one.product_id)).toStrictEqual([5, 3, 4, 2, 1])
  })

  it('has only the streams and steps of the products that were asked for', async () => {
    const status = { runs: [runReport({ steps: [step(1), step(2)] })], streams: [stream(null), stream(1), stream(2)] }
    const answer = await statusOf(status, { run_id: 7, product_ids: [2] })
    expect(answer).toMatchObject({ steps: [{ product_id: 2 }], streams: [{ product_id: 2 }] })
    expect(answer).not.toHaveProperty('truncated')
  })

  it('of a big account is cut at rows without trouble, and says how to get at the rest', async () => {
    const streams = Array.from({ length: 500 }, (_, index) => stream(index + 1, index === 400 ? { lastSuccessAt: null } : {}))
    const steps = Array.from({ length: 60 }, (_, index) => step(index + 1, index === 50 ? { outcome: 'failed', error: { code: 'api_timeout', message: 'x'.repeat(300) } } : {}))
    const answer = await statusOf({ runs: [runReport({ steps })], streams }, { run_id: 7 })
    expect(JSON.stringify(answer).length).toBeLessThanOrEqual(40_000)
    expect(answer).toMatchObject({ truncated: true, hint: expect.stringContaining('product_ids') })
    expect(answer).toHaveProperty('steps.length', 60)
    expect(answer.streams.length).toBeGreaterThan(50)
    expect(answer.streams[0]?.product_id).toBe(401)
  })

  it('says in three lines that there was no such run', async () => {
    const syncStatus = () => Promise.reject(new TidemarkError('not_found', 'Cannot tell what became of run 9', { why: 'No sync has this number.', next: 'Ask for the last runs.' }))
    expect(await failingCall(await connect(fakeTidemark({ syncStatus })), 'get_sync_status', { run_id: 9 })).toStrictEqual(['Cannot tell what became of run 9', 'No sync has this number.', 'Ask for the last runs.'])
  })
})

describe('get_quarantine', () => {
  it('gives what the API would not give, of the products that were asked for', async () => {
    const scopes: unknown[] = []
    const listQuarantine = async (scope: unknown) => {
      scopes.push(scope)
      return [entry()]
    }
    const client = await connect(fakeTidemark({ listQuarantine }))
    expect(await call(client, 'get_quarantine', { product_ids: [2] })).toStrictEqual({
      items: [{
        product_id: 2, stream: 'tests', key: 'id:5', entity_id: 5, code: 'api_server_error', reason: 'Status 500.', attempts: 3, first_seen_at: moment, last_attempt_at: moment, next_retry_at: moment,
      }],
      total: 1,
      warnings: [],
    })
    expect(scopes).toStrictEqual([{ productIds: [2] }])
  })

  it('is cut at a row when it is long, and keeps the total', async () => {
    const listQuarantine = async () => Array.from({ length: 400 }, (_, index) => entry({ entityId: index + 1 }))
    const answer = await call(await connect(fakeTidemark({ listQuarantine })), 'get_quarantine')
    expect(answer).toMatchObject({ total: 400, truncated: true, hint: expect.stringContaining('product_ids') })
    expect(JSON.stringify(answer).length).toBeGreaterThan(38_000)
    expect(JSON.stringify(answer).length).toBeLessThanOrEqual(40_000)
  })
})
