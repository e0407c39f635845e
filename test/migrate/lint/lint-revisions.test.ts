import { describe, expect, it } from 'vitest'
import { revisions as tidemark } from '../../../migrations/index.ts'
import { destructiveSteps } from '../../../src/migrate/lint/destructive-steps.ts'
import { lintRevisions, type LintRevisionsOptions } from '../../../src/migrate/lint/lint-revisions.ts'
import { tableSizes } from '../../../src/migrate/lint/table-sizes.ts'
import { Migrator } from '../../../src/migrate/migrator.ts'
import type { Op } from '../../../src/migrate/op.ts'
import { defineRevision, type Revision, type RevisionSpec } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'
import { engineNamed } from '../../support/engines.ts'

const nothing = async (): Promise<void> => undefined
function revision(id: string, upgrade: (op: Op) => Promise<void>, more: Partial<RevisionSpec> = {}): Revision {
  return defineRevision({ id, down: [], message: id, createdAt: '2026-11-20T18:00:00Z', upgrade, downgrade: nothing, ...more })
}
const rulesOf = async (revisions: readonly Revision[], options: Partial<LintRevisionsOptions> = {}): Promise<readonly string[]> =>
  (await lintRevisions(revisions, { dialect: 'postgres', ...options })).findings.map((finding) => `${finding.revision} ${finding.rule}`)

describe('several revisions', () => {
  const made = revision('a1', (op) => op.createTable('posts', { id: c.integer().primaryKey(), title: c.text({ length: 9 }) }))
  const changed = revision('b2', async (op) => {
    await op.createIndex('ix', 'posts', ['title'])
    await op.alterColumn('posts', 'title', { type: c.text() })
    await op.addColumn('posts', 'n', c.integer().notNull())
  })

  it('know what the ones before have made: nobody waits for a new table, and it is empty', async () => {
    expect(await rulesOf([made, changed])).toEqual([])
    expect(await rulesOf([changed])).toEqual(['b2 index-not-concurrent', 'b2 not-null-without-default'])
  })

  it('take what is applied already for filled, and know its types', async () => {
    expect(await rulesOf([changed], { earlier: [made] })).toEqual(['b2 index-not-concurrent', 'b2 not-null-without-default'])
    const shorter = revision('c3', (op) => op.alterColumn('posts', 'title', { type: c.text({ length: 5 }) }), { lossy: 'said' })
    expect(await rulesOf([shorter], { earlier: [made], dialect: 'sqlite' })).toEqual(['c3 narrow-type', 'c3 rebuild-large-table'])
    const longer = revision('c3', (op) => op.alterColumn('posts', 'title', { type: c.text({ length: 50 }) }))
    expect(await rulesOf([longer], { earlier: [made] })).toEqual([])
    expect(await rulesOf([longer])).toEqual(['c3 narrow-type', 'c3 table-rewrite'])
  })

  it('grade by the sizes that they are told: from 10,000 rows on a table is large', async () => {
    const index = revision('a1', (op) => op.createIndex('ix', 'posts', ['title']))
    const severity = async (rows: number): Promise<readonly string[]> => (await lintRevisions([index], { dialect: 'postgres', sizes: new Map([['posts', { rows, exact: true }]]) })).findings.map((finding) => finding.severity)
    expect(await Promise.all([0, 1, 9_999, 10_000].map(severity))).toEqual([[], ['notice'], ['notice'], ['warning']])
  })

  it('do not stop at one that cannot be read', async () => {
    const asking = revision('a1', async (op) => { await op.dropTable('x'); await op.query('select 1'); await op.dropTable('y') })
    expect(await rulesOf([asking, revision('b2', (op) => op.execute('select 1'))])).toEqual(['a1 drop-table-with-rows', 'a1 irreversible-without-reason', 'a1 drop-breaks-older-programs', 'a1 not-readable', 'b2 raw-sql'])
  })

  it('are told of a loss on the way back as a notice, where they declare it', async () => {
    const lossy = (reason?: string): Revision => revision('a1', nothing, { downgrade: async (op) => { await op.dropColumn('users', 'name'); await op.dropTable('posts') }, ...(reason === undefined ? {} : { lossy: reason }) })
    const severities = async (one: Revision): Promise<readonly string[]> => (await lintRevisions([one], { dialect: 'postgres', direction: 'downgrade' })).findings.map(({ rule, severity }) => `${rule} ${severity}`)
    expect(await severities(lossy())).toEqual(['drop-column-with-data warning', 'drop-breaks-older-programs warning', 'drop-table-with-rows error', 'drop-breaks-older-programs warning'])
    expect(await severities(lossy('the posts go'))).toEqual(['drop-column-with-data notice', 'drop-breaks-older-programs warning', 'drop-table-with-rows notice', 'drop-breaks-older-programs warning'])
  })

  it('are refused beside a database of another dialect', async () => {
    await using storage = await engineNamed('sqljs memory').open()
    await expect(lintRevisions([made], { dialect: 'postgres', live: storage })).rejects.toBeInstanceOf(TypeError)
  })
})

it('what destroys data in the words of the database is told by its first word', async () => {
  const raw = revision('a1', async (op) => {
    for (const sql of ['TRUNCATE posts', 'drop index ix', '/* all */ Delete from posts', 'select 1', 'insert into posts default values', 'update posts set id = 1']) await op.execute(sql)
  })
  expect((await destructiveSteps([raw], { dialect: 'postgres' })).map(({ words }) => words)).toEqual(
    ['truncate', 'drop', 'delete'].map((verb) => `A statement in the words of the database begins with "${verb}".`),
  )
})

it('what destroys data is told of a revision that cannot be read to its end, as far as it can be', async () => {
  const asking = revision('a1', async (op) => { await op.dropTable('x'); await op.query('select 1') })
  expect((await destructiveSteps([asking], { dialect: 'postgres' })).map(({ operation }) => operation)).toEqual(['dropTable x'])
})

describe.each(['sqljs memory', 'pglite memory', 'postgres'])('beside %s', (engine) => {
  it('nothing in the database is changed, and names with quotes are asked about too', async () => {
    await using storage = await engineNamed(engine).open()
    await storage.query({ sql: `create table "a ""b'" (id integer primary key, "c ""d'" text)` })
    await storage.query({ sql: `insert into "a ""b'" values (1, null)` })
    const strange = revision('a1', async (op) => {
      await op.alterColumn(`a "b'`, `c "d'`, { nullable: false })
      await op.createUnique('uq', `a "b'`, [`c "d'`])
      await op.createForeignKey('fk', `a "b'`, ['id'], { table: `a "b'`, columns: ['id'] })
      await op.dropColumn(`a "b'`, `c "d'`)
    }, { lossy: 'said' })
    const { findings } = await lintRevisions([strange], { dialect: storage.dialect, live: storage })
    expect(findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)).toEqual(['not-null-over-nulls'])
    expect((await storage.query({ sql: `select * from "a ""b'"` })).rows).toEqual([{ id: 1, [`c "d'`]: null }])
  })

  it('tells the sizes of tables: exact, or as PostgreSQL estimates them', async () => {
    await using storage = await engineNamed(engine).open()
    for (const sql of ['create table "No ""ne" (id integer)', 'create table few (id integer)', 'create table many (id integer)', 'insert into few values (1), (2)']) await storage.query({ sql })
    await storage.query({ sql: storage.dialect === 'sqlite' ? 'insert into many with recursive r(value) as (select 1 union all select value + 1 from r where value < 12000) select value from r' : 'insert into many select generate_series(1, 12000)' })
    const sizes = await tableSizes(storage)
    expect([...sizes.keys()].toSorted()).toEqual(['No "ne', 'few', 'many'])
    expect(sizes.get('No "ne')).toEqual({ rows: 0, exact: true })
    expect(sizes.get('few')).toEqual({ rows: 2, exact: true })
    expect(sizes.get('many')).toEqual({ rows: 12_000, exact: true })
    if (storage.dialect === 'postgres') {
      await storage.query({ sql: 'analyze' })
      const estimated = await tableSizes(storage)
      expect(estimated.get('many')).toEqual({ rows: 12_000, exact: false })
      expect(estimated.get('No "ne')).toEqual({ rows: 0, exact: true })
    }
  })

  it('says what destroys data, in words, and asks about nothing else', async () => {
    await using storage = await engineNamed(engine).open()
    for (const sql of ['create table posts (id integer primary key, title varchar(20), body text)', 'create table empty (id integer)', `insert into posts values (1, 'a long title', null)`]) await storage.query({ sql })
    const steps = [
      revision('a1', async (op) => {
        await op.createTable('t', { id: c.integer() })
        await op.dropTable('t')
        await op.dropTable('empty')
        await op.dropColumn('posts', 'body')
        await op.alterColumn('posts', 'title', { type: c.text({ length: 5 }), name: 'headline' })
      }),
      revision('b2', async (op) => {
        await op.execute('  -- clean up\n delete from posts')
        await op.execute('update posts set id = 2')
        await op.dropTable('posts')
      }),
    ]
    const found = await destructiveSteps(steps, { dialect: storage.dialect, live: storage })
    expect(found.map(({ revision: id, operation }) => `${id} ${operation}`)).toEqual(['a1 alterColumn posts.title', 'b2 execute', 'b2 dropTable posts'])
    expect(found.every(({ words }) => /^[A-Z].*\.$/.test(words))).toBe(true)
    expect(found.map(({ words }) => words).join()).not.toContain('a long title')
    const down = revision('a1', nothing, { lossy: 'said', downgrade: async (op) => { await op.dropTable('posts') } })
    expect(await destructiveSteps([down], { dialect: storage.dialect, live: storage, direction: 'downgrade' })).toMatchObject([{ operation: 'dropTable posts' }])
  })

  it(`finds no error in Tidemark's own history, on the way`, async () => {
    await using storage = await engineNamed(engine).open()
    await new Migrator({ storage, revisions: tidemark }).upgrade(tidemark[0]!.id)
    const { findings } = await lintRevisions(tidemark.slice(1), { dialect: storage.dialect, live: storage })
    expect(findings.filter(({ severity }) => severity !== 'notice')).toEqual([])
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(['raw-sql']))
  })
})
