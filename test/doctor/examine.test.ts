import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examineDatabase, type Examination } from '../../src/doctor/examine.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { TidemarkError } from '../../src/errors.ts'
import { tidemarkMigrator } from '../../src/migrate/tidemark-migrator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engineNamed } from '../support/engines.ts'
import { openOver, simulatedAccount, testNow } from '../support/simulated-account.ts'

const engines = ['sqljs memory', 'pglite memory', 'postgres'].map((name) => ({ name, engine: engineNamed(name) }))

const shadows = { sqlite: () => engineNamed('sqljs memory').open(), postgres: () => engineNamed('pglite memory').open() }
const missing = async (): Promise<Storage> => {
  throw new TidemarkError('engine_missing', 'Cannot open', { why: 'Not installed.', next: 'Install it.' })
}

/** Without a comparison of the schema, for which a PGlite has to start, unless a test is about it. */
function examine(storage: Storage, options: Partial<Examination> = {}): Promise<readonly Finding[]> {
  return examineDatabase({ storage, customerId: 1, refreshSeconds: 3600, shadows: { sqlite: missing, postgres: missing }, full: false, now: () => testNow, ...options })
}

const notInOrder = (findings: readonly Finding[]): readonly Finding[] => findings.filter(({ status }) => status === 'warning' || status === 'failed')
const named = (findings: readonly Finding[], name: string): Finding | undefined => findings.find((finding) => finding.name === name)

describe.each(engines)('a synced copy on $name', ({ engine }) => {
  const simulator = simulatedAccount()
  let tidemark: Tidemark
  let storage: Storage
  beforeAll(async () => {
    storage = await engine.open()
    tidemark = await openOver(simulator, storage)
    await tidemark.sync()
  })
  afterAll(() => tidemark.close())

  /** What the doctor finds between a statement of another program and the one that undoes it. */
  async function after(spoil: string, heal: string, options: Partial<Examination> = {}): Promise<readonly Finding[]> {
    expect((await storage.query({ sql: spoil })).affectedRows, spoil).toBeGreaterThan(0)
    try {
      return notInOrder(await examine(storage, options))
    } finally {
      await storage.query({ sql: heal })
    }
  }

  it('is in order, with everything looked at', async () => {
    const findings = await examine(storage, { shadows })
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([])
    expect(findings.map(({ name }) => name)).toEqual([
      'engine', 'engine_writes', 'integrity', 'revision', 'schema', 'contents', 'kept_counts', 'device_sets', 'search_index', 'last_run', 'lease', 'streams', 'age', 'quarantine',
    ])
    const { products, tests, bugs } = simulator.truth
    expect(named(findings, 'contents')?.what).toContain(`${products.length} products, ${tests.length} tests, ${bugs.length} bugs, `)
    expect(named(findings, 'engine')?.what).toMatch(storage.dialect === 'sqlite' ? /^SQLite 3\.\d+/ : /^PostgreSQL \d+\.\d+ /)
  })

  it('whose texts are all compared is in order too', async () => {
    const total = simulator.truth.products.length + simulator.truth.tests.length + simulator.truth.bugs.length + simulator.truth.features.length
    expect(named(await examine(storage, { full: true }), 'search_index')).toMatchObject({ status: 'ok', what: `The search index has all ${total} texts, with their words (all compared)` })
  })

  it('with a wrong count names the product, what is off, and how it is read anew', async () => {
    const id = simulator.truth.products[0]?.id
    const change = (by: string): string => `update products set test_count = test_count ${by} 2, bug_count = bug_count ${by} 1 where id = ${id}`
    expect(await after(change('+'), change('-'))).toEqual([{
      area: 'derived_data', name: 'kept_counts', status: 'failed', what: 'Kept counts are not those of the rows',
      why: `They are wrong for product ${id} (tests +2, bugs +1). Another program has written there.`,
      next: 'Run "tidemark sync --mode rebuild": it reads everything again and replaces what is stored.',
    }])
  })

  it('with a wrong set of platforms names how many bugs, and the first of them', async () => {
    const bug = simulator.truth.bugs.filter(({ devices }) => devices.length > 0).toSorted((a, b) => a.id - b.id)[0]
    const set = (value: string): string => `update bugs set operating_systems = ${value} where id = ${bug?.id}`
    await storage.query({ sql: `create table set_kept as select operating_systems as kept from bugs where id = ${bug?.id}` })
    expect(await after(set(`'["BeOS"]'`), set('(select kept from set_kept)'))).toMatchObject([{
      name: 'device_sets', status: 'failed', what: 'Platforms, categories or browsers of bugs are not those of their devices',
      why: `They differ in 1 of ${simulator.truth.bugs.length} bugs, bug ${bug?.id} first. Another program has written there, and counts by platform are wrong.`,
    }])
    await storage.query({ sql: 'drop table set_kept' })
  })

  it('whose search index lost some of its texts is made whole by the advice', async () => {
    const total = simulator.truth.bugs.length
    expect((await storage.query({ sql: `delete from search_documents where entity = 'bug'` })).affectedRows).toBe(total)
    const [finding, ...others] = notInOrder(await examine(storage))
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      area: 'derived_data', name: 'search_index', status: 'failed', what: 'The search index is not complete',
      why: expect.stringMatching(new RegExp(`^${total} of \\d+ texts are not in it: another program has written into the database\\.$`)), next: 'Run "tidemark search --rebuild-index".',
    })
    await tidemark.rebuildSearchIndex()
    expect(notInOrder(await examine(storage))).toEqual([])
  })

  it('whose search index has words of other texts is called stale', async () => {
    const table = storage.dialect === 'sqlite' ? 'search_index' : 'search_documents'
    await storage.query({ sql: `update ${table} set words = 'something else'` })
    expect(notInOrder(await examine(storage))).toMatchObject([{
      name: 'search_index', status: 'failed', what: 'The search index is stale',
      why: expect.stringMatching(/^For (\d+) of \1 texts that were compared its words are not theirs, /), next: 'Run "tidemark search --rebuild-index".',
    }])
    await tidemark.rebuildSearchIndex()
  })

  it('one of whose texts has changed behind the back of the index is found when all are compared', async () => {
    const change = (title: string): string => `update bugs set title = ${title} where id = (select max(id) from bugs)`
    expect(await after(change(`title || ' Quagga'`), change(`replace(title, ' Quagga', '')`), { full: true })).toMatchObject([{ name: 'search_index', why: expect.stringMatching(/^For 1 of /) }])
  })

  it('that is a day old is stale, and only that', async () => {
    expect(notInOrder(await examine(storage, { now: () => testNow + 86_400_000 }))).toMatchObject([{
      area: 'sync', name: 'age', status: 'warning', why: 'They are older than 3600 seconds (refreshSeconds).', next: 'Run "tidemark sync"; a running "tidemark serve" does it by itself.',
    }])
  })

  it('with streams that fail, a run that was killed and a record in quarantine says so', async () => {
    const productId = simulator.truth.products[0]?.id
    await storage.query({ sql: `update sync_streams set last_error_code = 'api_timeout', failures = 3, next_attempt_at = '2026-11-20T13:30:00.000Z' where product_id = ${productId} and stream = 'bugs'` })
    await storage.query({ sql: `insert into sync_runs (customer_id, id, mode, started_at) values (1, 99, 'hybrid', '2026-11-20T11:00:00.000Z')` })
    await storage.query({ sql: `insert into quarantine (customer_id, product_id, stream, key, error_code, reason, attempts, first_seen_at, last_attempt_at, next_retry_at)
      values (1, ${productId}, 'bugs', 'id:7', 'api_malformed', 'Unreadable.', 1, '2026-11-20T11:00:00.000Z', '2026-11-20T11:00:00.000Z', '2026-11-20T12:05:00.000Z')` })
    expect(notInOrder(await examine(storage))).toMatchObject([
      { name: 'last_run', status: 'warning', what: 'Run 99 was interrupted', next: 'Run "tidemark sync"; it goes on with what is missing.' },
      {
        name: 'streams', status: 'warning', what: expect.stringMatching(new RegExp(`^1 of \\d+ streams are not in order: bugs of product ${productId}$`)),
        why: 'The last attempt failed for 1 of them (api_timeout). 1 of them wait before they are tried by themselves, until 2026-11-20 13:30 UTC the first.',
      },
      { name: 'quarantine', status: 'warning', what: '1 record is in quarantine', next: 'See "tidemark quarantine list". The first sync after 2026-11-20 12:05 UTC looks for them again.' },
    ])
    await storage.query({ sql: 'delete from quarantine' })
    await storage.query({ sql: 'delete from sync_runs where id = 99' })
    await storage.query({ sql: 'update sync_streams set last_error_code = null, failures = 0, next_attempt_at = null' })
  })

  it('that somebody syncs at the moment says who, and is in order', async () => {
    const at = `'2026-11-20T11:58:00.000Z'`
    // By the clock that counts there: the server's own on PostgreSQL.
    const soon = storage.dialect === 'postgres' ? `clock_timestamp() + interval '20 seconds'` : `'${new Date(testNow + 20_000).toISOString()}'`
    await storage.query({ sql: `insert into leases (customer_id, name, owner, holder, acquired_at, heartbeat_at, expires_at) values (1, 'sync', 'o', 'tidemark serve', ${at}, ${at}, ${soon})` })
    const findings = await examine(storage)
    await storage.query({ sql: 'delete from leases' })
    expect(named(findings, 'lease')).toMatchObject({ status: 'ok', what: 'Synced at the moment by tidemark serve, since 2026-11-20 11:58 UTC, last sign of life 2026-11-20 11:58 UTC' })
  })

  it('of another customer is told from an empty one', async () => {
    expect(named(await examine(storage, { customerId: 2 }), 'contents')).toMatchObject({
      status: 'warning', what: 'Nothing is stored of customer 2', why: 'The database holds customer 1.',
      next: 'Check the customer (--customer, TIDEMARK_CUSTOMER_ID), or run "tidemark sync" for this one.',
    })
  })

  it('without an empty database to compare with still says where it stands', async () => {
    const findings = await examine(storage)
    expect(named(findings, 'schema')).toMatchObject({ status: 'skipped', next: expect.stringContaining('@electric-sql/pglite') })
    expect([named(findings, 'revision')?.status, named(findings, 'search_index')?.status]).toEqual(['ok', 'ok'])
  })

  it('whose tables another program has changed shows the difference', async () => {
    await storage.query({ sql: 'alter table products add column colour text' })
    const findings = notInOrder(await examine(storage, { shadows }))
    await storage.query({ sql: 'alter table products drop column colour' })
    expect(findings).toMatchObject([{ area: 'database', name: 'schema', status: 'failed', what: 'The tables are not what the revisions make', why: expect.stringContaining('colour') }])
  })

  it('that has lost the note of its revision is not called empty', async () => {
    const [head] = await tidemarkMigrator({ storage }).current()
    await storage.query({ sql: 'delete from tidemark_version' })
    const findings = await examine(storage, { shadows })
    await storage.query({ sql: `insert into tidemark_version (version_num) values ('${head}')` })
    expect(named(findings, 'revision')).toMatchObject({ status: 'failed', what: 'Tables are there, but no revision is noted', next: expect.stringContaining('"tidemark migrate stamp heads"') })
  })

  it('that a newer program has made is refused, and its contents are left alone', async () => {
    const [head] = await tidemarkMigrator({ storage }).current()
    await storage.query({ sql: `update tidemark_version set version_num = 'ffffffffffff'` })
    const [known, unknown] = [await examine(storage, { shadows }), await examine(storage)]
    await storage.query({ sql: `update tidemark_version set version_num = '${head}'` })
    expect(named(known, 'revision')).toMatchObject({
      status: 'failed', what: 'The database is ahead of this program', why: 'It stands at ffffffffffff, which a newer Tidemark has made.',
      next: 'Use a Tidemark at least as new as the one that made it: npx tidemark@latest doctor.',
    })
    expect(known.filter(({ status }) => status === 'skipped').map(({ area }) => area)).toEqual(['database', 'derived_data', 'sync'])
    expect(named(unknown, 'revision')).toMatchObject({ status: 'failed', why: expect.stringContaining('ffffffffffff') })
  })
})

describe.each(engines)('a database on $name', ({ engine }) => {
  it('that is empty, or behind, stays as it is', async () => {
    await using storage = await engine.open()
    expect(named(await examine(storage, { shadows }), 'revision')).toMatchObject({ status: 'warning', what: 'The database is empty: no revision is applied', next: 'Run "tidemark sync": it makes them and fills them.' })
    const migrator = tidemarkMigrator({ storage })
    expect(await migrator.current()).toEqual([])
    await migrator.upgrade('+1')
    const before = await migrator.current()
    expect(named(await examine(storage, { shadows }), 'revision')).toMatchObject({ status: 'warning', what: expect.stringMatching(/^The database is behind: \d+ revisions are pending$/), next: expect.stringContaining('"tidemark migrate upgrade"') })
    expect(await migrator.current()).toEqual(before)
  })
})

it('tells of every check of syncs that cannot be made, and leaves none out', async () => {
  const storage = await engineNamed('sqljs memory').open()
  const tidemark = await openOver(simulatedAccount(), storage)
  await tidemark.sync()
  await storage.query({ sql: 'alter table sync_streams rename to gone' })
  const findings = await examine(storage)
  expect(named(findings, 'streams')).toMatchObject({ status: 'failed', what: 'The streams cannot be read' })
  await tidemark.close()
})
