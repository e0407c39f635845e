import { afterEach, describe, expect, it } from 'vitest'
import { TidemarkError } from '../../src/errors.ts'
import { tidemarkMigrator } from '../../src/migrate/tidemark-migrator.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { SyncProgress, SyncResult } from '../../src/sync/types.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { copyOfTruth, readCopy } from '../support/account-copy.ts'
import { aroundStatements } from '../support/around-statements.ts'
import { engineNamed, engines } from '../support/engines.ts'
import { serve } from '../support/http-server.ts'
import { randomFrom } from '../support/random-from.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'

const opened: Tidemark[] = []

async function open(simulator: Simulator, storage?: Storage, options?: Parameters<typeof openOver>[2]): Promise<Tidemark> {
  const tidemark = await openOver(simulator, storage ?? (await engineNamed('sqljs memory').open()), options)
  opened.push(tidemark)
  return tidemark
}

afterEach(async () => {
  for (const tidemark of opened.splice(0)) await tidemark.close()
})

/** Requests to paths that contain `part`. */
function requestsFor(simulator: Simulator, part: string): number {
  return simulator.requests.filter((request) => request.path.includes(part)).length
}

async function tableDump(storage: Storage): Promise<string> {
  const tables = ['products', 'sections', 'features', 'user_stories', 'tests', 'test_features', 'test_platforms', 'bugs', 'bug_devices', 'bug_comments', 'users', 'reject_reasons', 'payloads', 'sync_streams', 'sync_runs', 'sync_run_steps']
  const rows = await Promise.all(tables.map(async (table) => (await storage.query({ sql: `select * from ${table}` })).rows))
  return JSON.stringify(rows)
}

describe.each(engines)('a sync into $name', (engine) => {
  it('over real HTTP brings every field of the account as it is', async () => {
    const simulator = simulatedAccount()
    const server = await serve((request) => simulator.fetch(request))
    const tidemark = await open(simulator, await engine.open(), { testio: { token: 'test-token', baseUrl: `${server.url}/customer/v2/` } })

    const result = await tidemark.sync()
    await server.close()

    expect(result.outcome).toBe('success')
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })
})

describe('long titles and names', () => {
  it('keep nothing back on PostgreSQL, whose indexes hold no long texts', async () => {
    const simulator = simulatedAccount()
    // Without a pattern, since what PostgreSQL can compress fits into an index.
    const random = randomFrom(7)
    const long = Array.from({ length: 4_000 }, () => Math.floor(random() * 36).toString(36)).join('')
    const texts = new Set(['title', 'name', 'created_by', 'submitted_by'])
    const lengthened = (value: unknown, of = ''): unknown => {
      if (typeof value === 'string') return texts.has(of) ? `${value} ${long}` : value
      if (Array.isArray(value)) return value.map((item) => lengthened(item))
      // What devices are called does not come from people.
      if (typeof value !== 'object' || value === null || 'operating_system' in value) return value
      return Object.fromEntries(Object.entries(value).map(([key, inner]: [string, unknown]) => [key, lengthened(inner, key)]))
    }
    const tidemark = await open(simulator, await engineNamed('postgres').open(), { testio: { token: 'test-token', baseUrl: 'http://simulator.invalid/customer/v2/', async fetch(request) {
      const response = await simulator.fetch(request)
      return Response.json(lengthened(await response.json()), { status: response.status })
    } } })

    const { outcome, steps } = await tidemark.sync({ products: simulator.truth.products.slice(1, 2).map(({ id }) => id) })

    expect(steps.filter(({ error }) => error !== null)).toEqual([])
    expect(outcome).toBe('success')
  })
})

describe('a bug whose devices have so many names that no index of PostgreSQL holds them', () => {
  it('is kept apart, and keeps no other bug of its product back', async () => {
    const simulator = simulatedAccount()
    const [product] = simulator.truth.products
    const odd = simulator.truth.bugs.find(({ productId }) => productId === product?.id)
    const random = randomFrom(11)
    const browsers = Array.from({ length: 40 }, () => ({ name: Array.from({ length: 120 }, () => Math.floor(random() * 36).toString(36)).join('') }))
    const tidemark = await open(simulator, await engineNamed('postgres').open(), { testio: { token: 'test-token', baseUrl: 'http://simulator.invalid/customer/v2/', async fetch(request) {
      const response = await simulator.fetch(request)
      const body = await response.json() as { readonly bugs?: readonly { readonly id: number }[] }
      return Response.json(body.bugs === undefined ? body : { ...body, bugs: body.bugs.map((bug) => (bug.id === odd?.id ? { ...bug, devices: [{ browsers }] } : bug)) }, { status: response.status })
    } } })

    const { outcome } = await tidemark.sync({ products: [product?.id ?? 0] })

    expect(outcome).toBe('partial')
    expect(await tidemark.quarantine.list()).toMatchObject([{ stream: 'bugs', entityId: odd?.id, reason: 'devices: more names than fit into 1900 bytes' }])
    const { total } = await tidemark.bugs.list({ productIds: [product?.id ?? 0] })
    expect(total).toBe(simulator.truth.bugs.filter(({ productId }) => productId === product?.id).length - 1)
  })
})

describe.each(engines.filter((engine) => ['sqljs memory', 'postgres'].includes(engine.name)))('two syncs into $name', (engine) => {
  it('keep two customers with the same ids apart', async () => {
    const storage = await engine.open()
    const first = simulatedAccount({ seed: 1 })
    const second = simulatedAccount({ seed: 2 })
    await (await open(first, storage)).sync()
    await (await open(second, storage, { customerId: 2 })).sync()

    expect(await readCopy(storage, 1)).toEqual(copyOfTruth(first.truth))
    expect(await readCopy(storage, 2)).toEqual(copyOfTruth(second.truth))
  })
})

describe('a first sync into PGlite', () => {
  // -1 means never: plans made for an empty table would stay, and each foreign key check read all of it.
  it('refreshes the statistics of the tables that grew', async () => {
    const tidemark = await open(simulatedAccount(), await engineNamed('pglite memory').open())
    await tidemark.sync()
    const { rows } = await tidemark.storage.query({ sql: `select relname, reltuples > 0 as known from pg_class where relname in ('tests', 'bugs') order by relname` })
    expect(rows).toEqual([{ relname: 'bugs', known: true }, { relname: 'tests', known: true }])
  })

  it('succeeds where the server has no time for statistics', async () => {
    const refused: string[] = []
    const storage = aroundStatements(await engineNamed('pglite memory').open(), async (statement, ask) => {
      if (!/^(?:analyze|vacuum)/.test(statement.sql)) return ask()
      refused.push(statement.sql)
      throw new TidemarkError('statement_failed', 'Cannot run the statement', { why: 'It took too long.', next: 'Try again.' })
    })
    const result = await (await open(simulatedAccount(), storage)).sync()
    expect(result.outcome).toBe('success')
    expect(refused.some((sql) => sql.startsWith('analyze'))).toBe(true)
  })

  it('leaves tables of which answers are read in indexes alone, and a rebuild does too', async () => {
    const tidemark = await open(simulatedAccount(), await engineNamed('pglite memory').open())
    // Pages that a vacuum has found to be visible to everybody.
    const unseen = async (): Promise<unknown> => (await tidemark.storage.query({ sql: `select relname from pg_class where relname in ('tests', 'bugs') and relallvisible < relpages` })).rows
    await tidemark.sync()
    expect(await unseen()).toEqual([])
    await tidemark.sync({ mode: 'rebuild' })
    expect(await unseen()).toEqual([])
  })
})

describe('a sync', () => {
  it('that follows another finds nothing new', async () => {
    const tidemark = await open(simulatedAccount())
    const first = await tidemark.sync()
    const second = await tidemark.sync({ mode: 'force' })

    expect(second).toMatchObject({ outcome: 'success', new: 0, changed: 0, unchanged: first.new })
  })

  it('reads the bugs of a final test once, and again only when forced', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    await tidemark.sync()
    const afterFirst = requestsFor(simulator, '/bugs?')
    await tidemark.sync()
    const afterSecond = requestsFor(simulator, '/bugs?')
    await tidemark.sync({ mode: 'force' })
    const afterForced = requestsFor(simulator, '/bugs?')

    const open15 = (product: number): number =>
      Math.ceil(simulator.truth.tests.filter((test) => test.productId === product && !['archived', 'cancelled'].includes(test.status)).length / 15)
    expect(afterSecond - afterFirst).toBe(simulator.truth.products.reduce((sum, product) => sum + open15(product.id), 0))
    expect(afterForced - afterSecond).toBe(afterFirst)
  })

  it('brings what was added, changed and decided upstream', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    await tidemark.sync()
    const running = simulator.truth.tests.find((test) => test.status === 'running')
    const openBug = simulator.truth.bugs.find((bug) => bug.outcome === 'open')
    if (running === undefined || openBug === undefined) throw new Error('the account has neither')
    simulator.change.addBug(running.id)
    simulator.change.setTestStatus(running.id, 'locked')
    simulator.change.acceptBug(openBug.id)

    const result = await tidemark.sync()

    expect(result).toMatchObject({ outcome: 'success', new: 1 })
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it('reads the bugs of a test once more after it turned final', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    await tidemark.sync()
    const bug = simulator.truth.bugs.find((candidate) => candidate.outcome === 'open' && simulator.truth.tests.find((test) => test.id === candidate.testId)?.status === 'locked')
    if (bug === undefined) throw new Error('the account has no open bug in a locked test')
    simulator.change.acceptBug(bug.id)
    simulator.change.setTestStatus(bug.testId, 'archived')

    await tidemark.sync()

    expect((await tidemark.bugs.summary(bug.id)).outcome).toBe('accepted')
  })

  it('goes on with the other products when one is refused, and does not call that one read', async () => {
    const simulator = simulatedAccount()
    const [dead, ...alive] = simulator.truth.products
    if (dead === undefined) throw new Error('the account has no product')
    simulator.setFaults({ deadProducts: [{ id: dead.id, status: 403 }] })
    const tidemark = await open(simulator)

    const result = await tidemark.sync()

    expect(result.outcome).toBe('partial')
    expect(result.steps.filter((step) => step.outcome !== 'success').map((step) => step.productId)).toEqual([dead.id, dead.id, dead.id])
    expect((await tidemark.tests.list({ productIds: alive.map((product) => product.id) })).freshness).toMatchObject({ incomplete: false, stale: false })
    expect((await tidemark.tests.list({ productIds: [dead.id] })).freshness).toMatchObject({ asOf: null, incomplete: true, stale: true })
    const { rows } = await tidemark.storage.query({ sql: 'select last_success_at, last_error_code from sync_streams where product_id = ' + dead.id })
    expect(rows).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ last_success_at: null })))
  })

  it('never calls a product complete of whose tests the API keeps one back', async () => {
    const simulator = simulatedAccount()
    const product = simulator.truth.products.toSorted((a, b) => count(simulator, b.id) - count(simulator, a.id))[0]
    const oldest = simulator.truth.tests.filter((test) => test.productId === product?.id && test.endAt !== null).toSorted((a, b) => ((a.endAt ?? '') < (b.endAt ?? '') ? -1 : 1))[0]
    if (product === undefined || oldest === undefined) throw new Error('the account is empty')
    simulator.setFaults({ poisonedTests: [oldest.id] })
    const tidemark = await open(simulator, undefined, {
      testio: { token: 'test-token', baseUrl: 'http://simulator.invalid/customer/v2/', fetch: (request) => simulator.fetch(request), retries: 0 },
    })

    const result = await tidemark.sync()

    const steps = new Map(result.steps.filter((step) => step.productId === product.id).map((step) => [step.stream, step]))
    expect(result.outcome).toBe('partial')
    expect(steps.get('tests')).toMatchObject({ outcome: 'partial', quarantined: 1, error: { code: 'api_server_error' } })
    expect((await tidemark.bugs.list({ productIds: [product.id] })).freshness.incomplete).toBe(true)

    simulator.setFaults({})
    expect((await tidemark.sync()).outcome).toBe('success')
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it('with a refused token fails, says so, and stores nothing of the account', async () => {
    const simulator = simulatedAccount({ token: 'another-token' })
    const tidemark = await open(simulator)

    const result = await tidemark.sync()

    expect(result).toMatchObject({ outcome: 'failed', new: 0, steps: [{ stream: 'products', outcome: 'failed', error: { code: 'api_unauthorized' } }] })
    expect((await tidemark.diagnostics({ probeApi: false })).sync).toMatchObject({ lastSuccessAt: null, lastRun: { outcome: 'failed' }, successRate24h: 0 })
  })

  it('that is cancelled says so, keeps what it committed, and the next one completes it', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    const controller = new AbortController()

    const result = await tidemark.sync({ signal: controller.signal, onProgress: ({ done }) => (done === 5 ? controller.abort() : undefined) })

    expect(result.outcome).toBe('cancelled')
    const requests = simulator.requests.length
    expect((await tidemark.products.list()).total).toBe(simulator.truth.products.length)
    expect(simulator.requests.length).toBe(requests)
    expect((await tidemark.sync()).outcome).toBe('success')
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
  })

  it('completes a copy that lost its snapshots of features on the way down and up again', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    await tidemark.sync()
    const migrator = tidemarkMigrator({ storage: tidemark.storage })
    await migrator.downgrade('3f6c1d0a9b27')
    await migrator.upgrade()

    expect((await tidemark.tests.list()).freshness).toMatchObject({ asOf: null, incomplete: true })
    expect((await tidemark.sync()).outcome).toBe('success')
    expect(await readCopy(tidemark.storage, 1)).toEqual(copyOfTruth(simulator.truth))
    expect((await tidemark.tests.list()).freshness).toMatchObject({ incomplete: false })
  })

  it('as a dry run says what it would write and writes nothing', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    const before = await tableDump(tidemark.storage)

    const result = await tidemark.sync({ dryRun: true })

    const { products, rejectReasons, features, tests, bugs } = simulator.truth
    expect(result).toMatchObject({ runId: null, outcome: 'success', changed: 0, new: products.length + rejectReasons.length + features.length + tests.length + bugs.length })
    expect(await tableDump(tidemark.storage)).toBe(before)
  })

  it.each(['hybrid', 'incremental', 'force'] as const)('as a dry run says what comes of tests that have changed, and of their bugs: %s', async (mode) => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    await tidemark.sync()
    for (const { id, status } of simulator.truth.tests) {
      // What is final keeps its bugs, which name their test; what turns final has them read once more.
      if (status === 'archived' || status === 'running') simulator.change.renameTest(id, `Renamed ${id}`)
      if (status === 'locked') simulator.change.setTestStatus(id, 'archived')
    }
    const countsOf = ({ new: fresh, changed, unchanged, deleted }: SyncResult) => ({ fresh, changed, unchanged, deleted })

    const dry = await tidemark.sync({ mode, dryRun: true })

    expect(dry.changed).toBeGreaterThan(0)
    expect(countsOf(dry)).toEqual(countsOf(await tidemark.sync({ mode })))
  })

  it('of one product leaves the others alone', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    const product = simulator.truth.products[1]
    if (product === undefined) throw new Error('the account has one product')

    await tidemark.sync({ products: [product.id] })

    expect((await tidemark.tests.list()).total).toBe(count(simulator, product.id))
    expect((await tidemark.tests.list()).freshness.incomplete).toBe(true)
    expect((await tidemark.tests.list({ productIds: [product.id] })).freshness.incomplete).toBe(false)
  })

  it('of a product that the account does not have is not a success', async () => {
    const result = await (await open(simulatedAccount())).sync({ products: [987654321] })

    expect(result.outcome).not.toBe('success')
    expect(result.steps).toContainEqual(expect.objectContaining({ productId: 987654321, outcome: 'failed', error: expect.objectContaining({ code: 'not_found' }) }))
  })

  it('with a start leaves older tests alone and does not call the copy complete', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)

    await tidemark.sync({ since: '2026-09-01' })

    const expected = simulator.truth.tests.filter((test) => test.endAt === null || test.endAt >= '2026-09-01T00:00:00.000Z')
    expect((await tidemark.tests.list()).total).toBe(expected.length)
    expect(expected.length).toBeLessThan(simulator.truth.tests.length)
    expect((await tidemark.tests.list()).freshness.incomplete).toBe(true)
  })

  it('stores no credential of any environment', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    await tidemark.sync()

    const dump = await tableDump(tidemark.storage)

    expect(simulator.truth.secrets.length).toBeGreaterThan(0)
    expect(simulator.truth.secrets.filter((secret) => dump.includes(secret))).toEqual([])
    expect(dump).not.toContain('test-token')
  })

  it('tells its number before it asks the API for anything, and none for a dry run', async () => {
    const simulator = simulatedAccount()
    const tidemark = await open(simulator)
    const starts: (readonly [runId: number, requests: number])[] = []
    const onStart = ({ runId }: { readonly runId: number }): void => void starts.push([runId, simulator.requestCount])

    await tidemark.sync({ dryRun: true, onStart })
    const before = simulator.requestCount
    const { runId, startedAt } = await tidemark.sync({ onStart })

    expect(starts).toEqual([[runId, before]])
    expect((await tidemark.syncStatus(runId ?? 0)).runs[0]?.startedAt).toBe(startedAt)
  })

  it('reports progress that only goes forward and ends at its total', async () => {
    const tidemark = await open(simulatedAccount())
    const seen: SyncProgress[] = []

    await tidemark.sync({ onProgress: (progress) => seen.push(progress) })

    expect(seen.map((progress) => progress.done)).toEqual(seen.map((_, index) => index + 1))
    expect(seen.every((progress) => progress.done <= progress.total)).toBe(true)
    expect(seen.at(-1)?.done).toBe(seen.at(-1)?.total)
  })

  it('does not start while another one of the same Tidemark runs', async () => {
    const tidemark = await open(simulatedAccount())
    const running = tidemark.sync()

    await expect(tidemark.sync()).rejects.toMatchObject({ code: 'sync_running' })
    expect((await running).outcome).toBe('success')
  })

  it('without a token is refused', async () => {
    const tidemark = await open(simulatedAccount(), undefined, { testio: undefined })

    await expect(tidemark.sync()).rejects.toMatchObject({ code: 'api_not_configured' })
  })
})

function count(simulator: Simulator, productId: number): number {
  return simulator.truth.tests.filter((test) => test.productId === productId).length
}
