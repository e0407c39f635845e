import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import { ensureSchema } from '../../src/migrate/ensure-schema.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import { defineRevision, type Revision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Statement, Storage, Transaction, TransactionOptions } from '../../src/storage/storage.ts'
import { version } from '../../src/version.ts'
import { aroundStatements } from '../support/around-statements.ts'
import { engineNamed, engines } from '../support/engines.ts'
import { catalogue } from './catalogue.ts'

const createdAt = '2026-11-20T18:00:00Z'
const users = defineRevision({
  id: 'a00000000001', down: [], message: 'users', createdAt,
  upgrade: (op) => op.createTable('users', { id: c.integer().primaryKey(), name: c.text().notNull() }),
  downgrade: (op) => op.dropTable('users'),
})
const posts = defineRevision({
  id: 'b00000000002', down: [users.id], message: 'posts', createdAt, lossy: 'the posts go',
  async upgrade(op) {
    await op.createTable('posts', { id: c.integer().primaryKey(), user_id: c.integer().notNull().references('users', 'id', { onDelete: 'cascade' }) })
    await op.insert('users', [{ id: 1, name: 'Ann' }])
  },
  async downgrade(op) {
    await op.dropTable('posts')
    await op.execute('delete from users')
  },
})
const revisions = [posts, users]

describe.each(engines)('the migrator on $name', (engine) => {
  let storage: Storage
  beforeEach(async () => { storage = await engine.open() })
  afterEach(() => storage.close())

  it('upgrades, tells what it did, and finds nothing to do the second time', async () => {
    const migrator = new Migrator({ storage, revisions })
    expect(await migrator.current()).toEqual([])
    expect((await migrator.history()).map(({ revision, applied, runs }) => [revision.id, applied, runs])).toEqual([[posts.id, false, []], [users.id, false, []]])
    expect(await migrator.plan('head')).toEqual({ from: [], to: [posts.id], steps: [{ revision: users.id, message: 'users', direction: 'upgrade' }, { revision: posts.id, message: 'posts', direction: 'upgrade' }] })
    expect(await tables()).toEqual([])

    const result = await migrator.upgrade()
    expect(result).toMatchObject({ from: [], to: [posts.id] })
    expect(result.steps.map(({ revision, operations }) => [revision, operations.map((operation) => [operation.summary, operation.grade])])).toEqual([
      [users.id, [['createTable users', 'native']]],
      [posts.id, [['createTable posts', 'native'], ['insert users', 'data']]],
    ])
    expect(await migrator.current()).toEqual([posts.id])
    expect(await migrator.status()).toEqual({ current: posts.id, atHead: true })
    expect((await migrator.upgrade()).steps).toEqual([])
    expect((await storage.query({ sql: 'select version_num from tidemark_version' })).rows).toEqual([{ version_num: posts.id }])
  })

  it('goes to any target, and back to where it was', async () => {
    const migrator = new Migrator({ storage, revisions })
    await migrator.upgrade('+1')
    expect(await migrator.current()).toEqual([users.id])
    const before = await catalogue(storage)
    await migrator.upgrade('b0000')
    expect((await migrator.plan('-1')).steps).toEqual([{ revision: posts.id, message: 'posts', direction: 'downgrade', lossy: 'the posts go' }])
    expect((await migrator.plan(users.id)).steps.map(({ direction }) => direction)).toEqual(['downgrade'])
    expect((await migrator.plan(users.id, 'upgrade')).steps).toEqual([])
    await migrator.downgrade('-1')
    expect(await catalogue(storage)).toEqual(before)
    expect(await migrator.current()).toEqual([users.id])
    await migrator.downgrade('base')
    expect(await tables()).toEqual(['tidemark_history', 'tidemark_version'])
    await expect(migrator.upgrade('nothing')).rejects.toMatchObject({ code: 'revision_target_invalid' })
  })

  it('rolls a failing revision back whole, keeps the earlier ones, and says where, why and what next', async () => {
    const failing = defineRevision({
      id: 'c00000000003', down: [posts.id], message: 'break things', createdAt,
      async upgrade(op) {
        await op.createTable('extra', { id: c.integer().primaryKey() })
        await op.insert('users', [{ id: 2, name: 'Ben' }])
        await op.addColumn('users', 'email', c.text().unique())
        await op.execute(`insert into users (id, name) values (1, ${op.dialect === 'postgres' ? '$1' : '?'})`, ['top-secret-value'])
      },
      downgrade: async () => undefined,
    })
    const migrator = new Migrator({ storage, revisions })
    await migrator.upgrade('b0')
    const before = [await catalogue(storage), (await storage.query({ sql: 'select * from users' })).rows]
    const error: unknown = await new Migrator({ storage, revisions: [...revisions, failing] }).upgrade().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'revision_failed',
      details: { revision: failing.id, operation: 'execute', statement: expect.stringContaining('insert into users'), at: [posts.id] },
      next: expect.stringContaining('tidemark migrate upgrade head'),
      cause: { code: 'unique_violated' },
    })
    expect(String(error)).toContain(failing.id)
    expect(JSON.stringify(error) + String(error)).not.toContain('top-secret-value')
    expect([await catalogue(storage), (await storage.query({ sql: 'select * from users' })).rows]).toEqual(before)
    expect(await migrator.current()).toEqual([posts.id])
    expect((await new Migrator({ storage, revisions: [...revisions, failing] }).history(failing.id))[0]).toMatchObject({ applied: false, runs: [{ outcome: 'failed', direction: 'upgrade', checksum: null }] })

    const mended = { ...failing, upgrade: (op: Parameters<Revision['upgrade']>[0]) => op.createTable('extra', { id: c.integer().primaryKey() }) }
    await new Migrator({ storage, revisions: [...revisions, mended] }).upgrade()
    expect(await tables()).toContain('extra')
  })

  it('hides what the code of a revision threw, and keeps it as the cause', async () => {
    const failing = defineRevision({ id: 'd0', down: [], message: 'x', createdAt, upgrade: async () => { throw new RangeError('row of Jane Doe') }, downgrade: async () => undefined })
    await expect(new Migrator({ storage, revisions: [failing] }).upgrade()).rejects.toMatchObject({
      code: 'revision_failed', message: expect.not.stringContaining('Jane'), why: expect.stringContaining('RangeError'), cause: expect.any(RangeError),
    })
    expect(await tables()).toEqual(['tidemark_history', 'tidemark_version'])
  })

  it('refuses to leave rows without what they refer to', async () => {
    const orphan = defineRevision({
      id: 'e0', down: [posts.id], message: 'x', createdAt, downgrade: async () => undefined,
      async upgrade(op) {
        await op.insert('posts', [{ id: 1, user_id: 99 }])
      },
    })
    await expect(new Migrator({ storage, revisions: [...revisions, orphan] }).upgrade()).rejects.toMatchObject({ code: 'revision_failed', cause: { code: 'foreign_key_violated' } })
    expect((await storage.query({ sql: 'select * from posts' })).rows).toEqual([])
    await expect(storage.query({ sql: 'insert into posts values (1, 99)' })).rejects.toMatchObject({ code: 'foreign_key_violated' })
  })

  it('keeps two runners apart: each revision is applied once', async () => {
    const slow = revisions.map((revision) => ({ ...revision, upgrade: async (op: Parameters<Revision['upgrade']>[0]) => { await revision.upgrade(op); await new Promise((resolve) => setTimeout(resolve, 20)) } }))
    const results = await Promise.all([1, 2, 3].map(() => new Migrator({ storage, revisions: slow }).upgrade()))
    expect(results.flatMap((result) => result.steps.map((step) => step.revision)).toSorted()).toEqual([users.id, posts.id])
    expect(results.map((result) => result.to)).toEqual([[posts.id], [posts.id], [posts.id]])
    expect((await storage.query({ sql: `select revision from tidemark_history order by id` })).rows).toEqual([{ revision: users.id }, { revision: posts.id }])
  })

  it('waits for another runner only as long as it was told', async () => {
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => { release = resolve })
    let first: Promise<unknown> = Promise.resolve()
    await new Promise<void>((entered) => {
      const blocking = { ...users, upgrade: async () => { entered(); await gate } }
      first = new Migrator({ storage, revisions: [blocking] }).upgrade()
    })
    // Asked of the database only after the wait, so the lock is what is measured; the rows are read before it is taken.
    const second = new Migrator({ storage: impatient(storage), revisions: [users], lock: { timeoutMs: 60 } }).upgrade()
    await expect(second).rejects.toMatchObject({ code: 'migration_locked', why: expect.stringContaining(' 60 ms'), retryable: true })
    release()
    await first
  })

  it('refuses a downgrade across an irreversible revision before anything is undone', async () => {
    const final = defineRevision({ id: 'f0', down: [posts.id], message: 'hash the names', createdAt, irreversible: 'the names are gone', upgrade: async () => undefined })
    const after = defineRevision({ id: 'f1', down: ['f0'], message: 'after', createdAt, upgrade: (op) => op.createTable('late', { id: c.integer() }), downgrade: (op) => op.dropTable('late') })
    const migrator = new Migrator({ storage, revisions: [...revisions, final, after] })
    await migrator.upgrade()
    await expect(migrator.downgrade('base')).rejects.toMatchObject({ code: 'revision_irreversible', why: expect.stringContaining('the names are gone'), details: { revision: 'f0' } })
    expect(await migrator.current()).toEqual(['f1'])
    await migrator.downgrade('f0')
    expect(await migrator.current()).toEqual(['f0'])
  })

  it('says who made a database that is ahead of it, and how to come back', async () => {
    const newer = defineRevision({ id: 'newer', down: [posts.id], message: 'x', createdAt, upgrade: async () => undefined, downgrade: async () => undefined })
    await new Migrator({ storage, revisions: [...revisions, newer] }).upgrade()
    // A revision that is gone is not the fault of a version that has it as little.
    await expect(new Migrator({ storage, revisions }).upgrade()).rejects.toMatchObject({ code: 'database_unknown_revision', why: 'It stands at "newer", which is not among the revisions here.', next: expect.stringContaining('tidemark migrate stamp --purge') })
    await storage.query({ sql: `update tidemark_history set tool_version = '99.1' where revision = 'newer'` })
    const older = new Migrator({ storage, revisions })
    for (const run of [() => older.upgrade(), () => older.downgrade('base'), () => older.plan('head')]) {
      await expect(run()).rejects.toMatchObject({ code: 'database_unknown_revision', why: expect.stringContaining('99.1'), next: expect.stringContaining(`tidemark migrate downgrade ${posts.id}`), details: { toolVersion: '99.1' } })
    }
    expect(await older.status()).toEqual({ current: 'newer', atHead: false })
    expect(await older.current()).toEqual(['newer'])
    // As another tool leaves it: nothing is known of who made it, and of its two heads one is known here.
    await storage.query({ sql: 'drop table tidemark_history' })
    await storage.query({ sql: `insert into tidemark_version values ('${users.id}')` })
    await expect(older.upgrade()).rejects.toMatchObject({ code: 'database_unknown_revision', details: { revisions: ['newer'] } })
    expect(await older.status()).toEqual({ current: `${users.id}, newer`, atHead: false })
  })

  it('stamps without running anything', async () => {
    const migrator = new Migrator({ storage, revisions })
    expect(await migrator.stamp('head')).toEqual([posts.id])
    expect(await tables()).toEqual(['tidemark_history', 'tidemark_version'])
    expect((await migrator.upgrade()).steps).toEqual([])
    expect(await migrator.stamp(users.id)).toEqual([users.id])
    expect(await migrator.stamp('base')).toEqual([])
    expect((await storage.query({ sql: 'select direction, revision from tidemark_history order by id' })).rows).toEqual([
      { direction: 'stamp', revision: posts.id }, { direction: 'stamp', revision: users.id }, { direction: 'stamp', revision: 'base' },
    ])
  })

  it('keeps the history of what was run: when, how long, which operations, with which tool', async () => {
    let clock = Date.parse('2026-11-20T18:00:00.000Z')
    const migrator = new Migrator({ storage, revisions, now: () => (clock += 250) })
    await migrator.upgrade()
    await migrator.downgrade(users.id)
    const [newest, oldest] = await migrator.history()
    expect([newest?.revision.id, newest?.applied, newest?.current]).toEqual([posts.id, false, false])
    expect([oldest?.revision.id, oldest?.applied, oldest?.current]).toEqual([users.id, true, true])
    expect(newest?.runs.map(({ direction, outcome }) => [direction, outcome])).toEqual([['upgrade', 'done'], ['downgrade', 'done']])
    const [run] = newest?.runs ?? []
    expect(run).toMatchObject({ durationMs: 250, toolVersion: version, statementCount: 2, operations: [{ grade: 'native', operation: { kind: 'createTable', table: { name: 'posts' } } }, { grade: 'data', operation: { kind: 'insert', rows: 1 } }] })
    expect(run?.checksum).toMatch(/^[0-9a-f]{64}$/)
    expect(Date.parse(run!.finishedAt) - Date.parse(run!.startedAt)).toBe(250)
    await migrator.upgrade()
    expect((await migrator.history(posts.id))[0]?.runs[2]?.checksum).toBe(run?.checksum)
  })

  it('takes over a database that Alembic managed', async () => {
    await storage.query({ sql: 'CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))' })
    await storage.query({ sql: `insert into alembic_version values ('${users.id}')` })
    await storage.query({ sql: 'create table users (id integer primary key, name text not null)' })
    const migrator = new Migrator({ storage, revisions, versionTable: 'alembic_version' })
    await migrator.upgrade()
    expect((await storage.query({ sql: 'select version_num from alembic_version' })).rows).toEqual([{ version_num: posts.id }])
    expect(await tables()).not.toContain('tidemark_version')
  })

  it('keeps one row for each head', async () => {
    const side = defineRevision({ id: 'side', down: [users.id], labels: ['aside'], message: 'x', createdAt, upgrade: async () => undefined, downgrade: async () => undefined })
    const merge = defineRevision({ id: 'merge', down: [posts.id, 'side'], message: 'x', createdAt, upgrade: async () => undefined, downgrade: async () => undefined })
    const migrator = new Migrator({ storage, revisions: [...revisions, side] })
    await expect(migrator.upgrade()).rejects.toMatchObject({ code: 'revision_target_invalid' })
    await migrator.upgrade('heads')
    expect(await migrator.current()).toEqual([posts.id, 'side'])
    expect((await migrator.plan('heads')).steps).toEqual([])
    const merged = new Migrator({ storage, revisions: [...revisions, side, merge] })
    await merged.upgrade()
    expect(await merged.current()).toEqual(['merge'])
    await merged.downgrade('merge-1').catch((error: unknown) => expect(error).toMatchObject({ code: 'revision_target_invalid' }))
    await merged.downgrade(users.id)
    expect(await merged.current()).toEqual([users.id])
  })

  it('costs one statement at head, and runs no code of a revision', async () => {
    await new Migrator({ storage, revisions }).upgrade()
    const asleep = revisions.map((revision) => ({ ...revision, upgrade: () => Promise.reject(new Error('was run')), downgrade: () => Promise.reject(new Error('was run')) }))
    const counted = counting(storage)
    for (const mode of ['apply', 'verify', 'skip'] as const) await ensureSchema({ storage: counted.storage, revisions: asleep, mode })
    expect(counted.statements.map((statement) => statement.sql)).toEqual(Array(3).fill('select version_num from "tidemark_version"'))
    expect(counted.transactions).toBe(0)
  })

  it('when opened, applies, refuses or warns as asked', async () => {
    const warnings: string[] = []
    const logger = { info: () => undefined, warn: (message: string) => void warnings.push(message) }
    await new Migrator({ storage, revisions }).upgrade(users.id)
    await expect(ensureSchema({ storage, revisions, mode: 'verify', logger })).rejects.toMatchObject({
      code: 'database_behind', why: expect.stringMatching(new RegExp(`${users.id}.*${posts.id}`)), next: expect.stringContaining('tidemark migrate upgrade'), details: { current: users.id, head: posts.id },
    })
    await ensureSchema({ storage, revisions, mode: 'skip', logger })
    expect(warnings).toEqual([expect.stringContaining(posts.id)])
    await ensureSchema({ storage, revisions, mode: 'apply', logger })
    expect(await new Migrator({ storage, revisions }).status()).toEqual({ current: posts.id, atHead: true })
    await expect(ensureSchema({ storage, revisions: [users], mode: 'verify', logger })).rejects.toMatchObject({ code: 'database_unknown_revision' })
  })

  async function tables(): Promise<unknown[]> {
    const sql = storage.dialect === 'sqlite' ? `select name from sqlite_schema where type = 'table' order by 1` : `select tablename as name from pg_tables where schemaname = current_schema() order by 1`
    return (await storage.query({ sql })).rows.map((row) => row['name'])
  }
})

describe('the migrator, whatever the engine', () => {
  it('stamps one branch and leaves the other as it is', async () => {
    await using storage = await engineNamed('sqljs memory').open()
    const sides = ['left', 'right'].map((id) => defineRevision({ id, down: [users.id], message: id, createdAt, upgrade: () => Promise.reject(new RangeError('was run')), irreversible: 'x' }))
    const migrator = new Migrator({ storage, revisions: [users, ...sides] })
    await migrator.stamp('left')
    expect(await migrator.stamp('right')).toEqual(['left', 'right'])
    expect(await migrator.current()).toEqual(['left', 'right'])
    expect((await migrator.history()).flatMap(({ runs }) => runs.map(({ revision, direction, outcome }) => [revision, direction, outcome])).toSorted()).toEqual([['left', 'stamp', 'done'], ['right', 'stamp', 'done']])
    // What failed is repeated as it was asked for, and noted also where nobody is kept out.
    await migrator.stamp(users.id, { purge: true })
    const unlocked = new Migrator({ storage, revisions: [users, ...sides], lock: false })
    await expect(unlocked.upgrade(['left', 'right'])).rejects.toMatchObject({ code: 'revision_failed', next: expect.stringContaining('`tidemark migrate upgrade left right`') })
    expect((await migrator.history()).flatMap(({ runs }) => runs.filter(({ outcome }) => outcome === 'failed'))).toHaveLength(1)
  })

  it('warns of what a downgrade loses, when it runs it', async () => {
    await using storage = await engineNamed('sqljs memory').open()
    const warnings: string[] = []
    const migrator = new Migrator({ storage, revisions, logger: { info: () => undefined, warn: (message) => void warnings.push(message) } })
    await migrator.upgrade()
    await migrator.downgrade('base')
    expect(warnings).toEqual([expect.stringMatching(`${posts.id}.*the posts go`)])
  })
})

/** A storage whose first question, where the database stands, is answered without waiting for the one connection. */
function impatient(storage: Storage): Storage {
  return { ...aroundStatements(storage, (_statement, ask) => ask()), query: async () => ({ rows: [], affectedRows: 0 }) }
}

function counting(inner: Storage): { storage: Storage; statements: Statement[]; transactions: number } {
  const around = aroundStatements(inner, (statement, ask, place) => {
    if (place === 'alone') counted.statements.push(statement)
    return ask()
  })
  const counted = {
    statements: [] as Statement[],
    transactions: 0,
    storage: {
      ...around,
      transaction: <T>(run: (tx: Transaction) => Promise<T>, options?: TransactionOptions) => { counted.transactions += 1; return around.transaction(run, options) },
    },
  }
  return counted
}
