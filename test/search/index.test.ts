import { describe, expect, it } from 'vitest'
import { revisions } from '../../migrations/index.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import { openTidemark } from '../../src/mod.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engineNamed } from '../support/engines.ts'
import { hiding, nothingHidden } from '../support/hiding.ts'
import { randomFrom } from '../support/random-from.ts'
import { recordingStorage } from '../support/recording-storage.ts'
import { impatient, openOver, silentLogger, simulatedAccount, testClock, testNow } from '../support/simulated-account.ts'
import { openCorpus } from './corpus.ts'
import { indexContents } from './index-contents.ts'

const engines = ['sqljs memory', 'pglite memory', 'postgres'].map((name) => ({ name, engine: engineNamed(name) }))

/** The index must be what a rebuild makes of the rows. */
async function expectFresh(tidemark: Tidemark): Promise<void> {
  const kept = await indexContents(tidemark.storage)
  const { documents } = await tidemark.rebuildSearchIndex()
  expect(documents).toBe(kept.length)
  expect(kept).toEqual(await indexContents(tidemark.storage))
}

function happen(simulator: Simulator, random: () => number): void {
  const { truth, change } = simulator
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)]
    if (item === undefined) throw new Error('the account has none')
    return item
  }
  const open = truth.tests.filter((test) => test.status === 'running')
  for (let round = 0; round < 6; round += 1) {
    const verbs = [
      () => change.renameProduct(pick(truth.products).id, `Renamed ${random()}`),
      () => change.renameTest(pick(truth.tests).id, `Changed ${random()}`),
      () => change.removeTest(pick(truth.tests).id),
      () => change.removeBug(pick(truth.bugs).id),
      () => change.removeFeature(pick(truth.features).id),
      () => change.addBug(pick(open.length === 0 ? truth.tests : open).id, { title: `Brand new ${random()}` }),
      () => change.addTest(pick(truth.products).id, { title: `Added ${random()}`, status: 'running' }),
      () => change.acceptBug(pick(truth.bugs).id),
    ]
    pick(verbs)()
  }
}

describe.each(engines)('the index on $name', ({ engine }) => {
  it('is what the rows are, whatever happens upstream', async () => {
    const simulator = simulatedAccount()
    const clock = testClock()
    const random = randomFrom(7)
    await using tidemark = await openOver(simulator, await engine.open(), { now: clock.now, testio: impatient(simulator) })
    await tidemark.sync()
    await expectFresh(tidemark)
    for (const mode of ['hybrid', 'force', 'incremental', 'rebuild', 'force'] as const) {
      happen(simulator, random)
      clock.advance(3_600_000)
      if (mode === 'rebuild' && tidemark.storage.openShadow === undefined) continue
      await tidemark.sync({ mode })
      await expectFresh(tidemark)
    }
    const { counts } = (await tidemark.diagnostics({ probeApi: false })).database
    expect((await tidemark.rebuildSearchIndex()).documents).toBe(counts.products + counts.tests + counts.bugs + counts.features)
  }, 120_000)

  it('lets go of what is gone and has it again when it comes back', async () => {
    const simulator = simulatedAccount()
    const hidden = nothingHidden()
    await using tidemark = await openOver(simulator, await engine.open(), { testio: impatient(simulator, { fetch: hiding(simulator, hidden) }) })
    const test = simulator.truth.tests.find((candidate) => candidate.status === 'running')
    if (test === undefined) throw new Error('the account has no running test')
    simulator.change.renameTest(test.id, 'Zanzibar')
    await tidemark.sync()
    expect((await tidemark.search('zanzibar')).total).toBe(1)
    hidden.tests.add(test.id)
    for (const bug of simulator.truth.bugs) if (bug.testId === test.id) hidden.bugs.add(bug.id)
    await tidemark.sync({ mode: 'force' })
    expect((await tidemark.search('zanzibar')).total).toBe(0)
    for (const ids of Object.values(hidden)) ids.clear()
    await tidemark.sync({ mode: 'force' })
    expect((await tidemark.search('zanzibar')).total).toBe(1)
  }, 60_000)

  it('is filled by the revision that brings it, for every customer', async () => {
    const storage = await engine.open()
    const migrator = new Migrator({ storage, revisions, logger: silentLogger })
    await migrator.upgrade('9b3e61d7f2c4')
    for (const sql of [
      `insert into products (customer_id, id, name, search_text, deleted_at) values (1, 10, 'Shop', '', null), (2, 10, 'Bazaar', '', null), (1, 11, 'Gone shop', '', '2026-11-01T00:00:00.000Z')`,
      `insert into features (customer_id, id, product_id, title, user_story_count, search_text, how_to_find) values (1, 20, 10, 'Basket', 1, '', 'Behind the shop window')`,
      `insert into user_stories (customer_id, feature_id, position, title) values (1, 20, 1, 'As a visitor I pay'), (1, 20, 0, 'As a shop visitor I carry shoes')`,
      // More than are read at once, with a story at either side.
      `with recursive n(i) as (select 100 union all select i + 1 from n where i < 400)
        insert into features (customer_id, id, product_id, title, user_story_count, search_text) select 1, i, 10, 'Part ' || i, 0, '' from n`,
      `insert into user_stories (customer_id, feature_id, position, title) select 1, id, 0, 'Story of ' || id from features where id in (348, 349, 350, 400)`,
      `insert into tests (customer_id, id, product_id, title, status, is_demo, search_text, end_at, goal, out_of_scope) values (1, 30, 10, 'Straße ÀÉÎ 日本語 ΣΑΣ', 'locked', false, '', '2026-03-03T08:00:00.000Z', 'A "goal" -- /* \\', 'None')`,
      `insert into bugs (customer_id, id, test_id, product_id, title, kind, severity_rank, outcome, status, known, steps, actual_result, reported_at)
        values (1, 40, 30, 10, '${'x'.repeat(100)} crash', 'functional', 2, 'open', 'forwarded', false, '["Open the cart", 5, "Pay"]', '${'long words '.repeat(20_000)}', '2026-03-03T08:00:00.000Z')`,
    ]) await storage.query({ sql })
    await migrator.upgrade()
    const first = await openTidemark({ storage, customerId: 1, logger: silentLogger, now: () => testNow })
    const second = await openTidemark({ storage, customerId: 2, logger: silentLogger, now: () => testNow })
    expect((await first.search('shop')).items.map(({ entity, id }) => [entity, id])).toEqual([['product', 10], ['feature', 20]])
    expect((await first.search('"open the cart"')).items.map(({ entity, id }) => [entity, id])).toEqual([['bug', 40]])
    expect((await second.search('bazaar')).total).toBe(1)
    expect((await second.rebuildSearchIndex()).documents).toBe(1)
    const kept = await indexContents(storage)
    expect((await first.rebuildSearchIndex()).documents).toBe(305)
    expect(await indexContents(storage)).toEqual(kept)
    await migrator.downgrade('9b3e61d7f2c4')
    const left = storage.dialect === 'sqlite' ? `select name from sqlite_schema where name like 'search%'` : `select relname from pg_class where relname like '%search_%'`
    expect((await storage.query({ sql: left })).rows).toEqual([])
    await storage.close()
  })
})

describe('the statements of a search', () => {
  it.each([
    { name: 'sqljs memory', explain: 'explain query plan ', off: [], wanted: /f VIRTUAL TABLE INDEX[^]*d USING INTEGER PRIMARY KEY/ },
    { name: 'pglite memory', explain: 'explain ', off: ['set enable_seqscan = off'], wanted: /ix_search_documents_lexemes/ },
  ])('begin with the full-text index on $name', async ({ name, explain, off, wanted }) => {
    const storage = recordingStorage(await engineNamed(name).open())
    await using tidemark = await openCorpus(storage, Array.from({ length: 300 }, (_, id) => ({ entity: 'bug' as const, id: id + 1, title: `Bug ${id}` })))
    storage.takeStatements()
    await tidemark.search('bug 17')
    const searching = storage.takeStatements().filter(({ sql }) => sql.includes('search_documents'))
    expect(searching).toHaveLength(2)
    for (const sql of off) await storage.query({ sql })
    for (const { sql, parameters } of searching) {
      const { rows } = await storage.query({ sql: `${explain}${sql}`, parameters })
      expect(rows.map((row) => Object.values(row).join(' ')).join('\n')).toMatch(wanted)
    }
  })
})

it('the index survives VACUUM and a restart of the file', async () => {
  const place = await engineNamed('sqljs file').place()
  const storage = await place.open()
  const tidemark = await openCorpus(storage, Array.from({ length: 40 }, (_, id) => ({ entity: 'bug' as const, id: id + 1, title: `Bug number${id}` })))
  await storage.query({ sql: `delete from search_documents where id % 3 = 0` })
  await storage.query({ sql: 'vacuum' })
  const kept = await indexContents(storage)
  await tidemark.close()
  const again = await openTidemark({ storage: await place.open(), customerId: 1, logger: silentLogger })
  expect(await indexContents(again.storage)).toEqual(kept)
  expect((await again.search('number6')).items.map(({ id }) => id)).toEqual([7])
  await again.close()
})
