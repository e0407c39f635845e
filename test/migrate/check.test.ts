import { describe, expect, it } from 'vitest'
import { revisions as tidemarkRevisions } from '../../migrations/index.ts'
import { type CheckFinding, describeComparison, describeFinding } from '../../src/migrate/check-report.ts'
import { Migrator, type MigratorOptions } from '../../src/migrate/migrator.ts'
import type { Op } from '../../src/migrate/op.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { isDeclarable } from '../../src/model/declarable.ts'
import { schema as tidemarkSchema } from '../../src/model/schema.ts'
import { c } from '../../src/schema/column.ts'
import { defaultNaming, defineSchema, table } from '../../src/schema/table.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

const users = { id: c.integer().primaryKey(), name: c.text().notNull(), mood: c.enum(['good', 'bad'], { name: 'mood' }) }
const posts = { id: c.integer().primaryKey(), author: c.integer().notNull().references('users', 'id'), views: c.bigint().notNull().default(0) }
const postConstraints = { indexes: [{ columns: ['views'], where: 'views > 0' }], checks: [{ name: 'ck_posts_views', expression: 'views >= 0' }] }

const schema = defineSchema({ users: table(users), posts: table(posts, postConstraints) })

function revision(id: string, down: readonly string[], upgrade: (op: Op) => Promise<void>): Revision {
  return defineRevision({ id, down, message: `make ${id}`, createdAt: '2026-11-20T18:00:00Z', upgrade, irreversible: 'not of interest here' })
}

const first = revision('first', [], async (op) => {
  await op.createEnum('mood', ['good', 'bad'])
  await op.createTable('users', users)
})
const second = revision('second', ['first'], (op) => op.createTable('posts', posts, postConstraints))
const revisions = [first, second]

describe('Migrator.check', () => {
  describe.each(['sqljs memory', 'pglite memory', 'postgres'])('on %s', (name) => {
    const open = (): Promise<Storage> => engineNamed(name).open()
    // A server is checked with a database inside the process, as users do.
    const shadows = { sqlite: engineNamed('sqljs memory').open, postgres: engineNamed('pglite memory').open }
    const migratorOf = (storage: Storage, options: Partial<MigratorOptions> = {}): Migrator => new Migrator({ storage, revisions, schema, shadows, ...options })

    it('is content where schema, revisions and database agree, and lists what it leaves alone', async () => {
      await using storage = await open()
      await migratorOf(storage).upgrade()
      await storage.query({ sql: 'create table of_somebody_else (a integer)' })
      const report = await migratorOf(storage).check()
      expect(report).toEqual({
        ok: true, current: ['second'], heads: ['second'], findings: [], leftAlone: ['of_somebody_else'], revisionsNotComparable: [],
        comparisons: [
          { from: 'revisions', to: 'schema', at: ['second'], agree: true, differences: [], notComparable: [] },
          { from: 'revisions', to: 'database', at: ['second'], agree: true, differences: [], notComparable: [] },
          { from: 'database', to: 'schema', agree: true, differences: [], notComparable: [] },
        ],
      })
      expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    })

    it('tells drift of the database from what its revisions make', async () => {
      await using storage = await open()
      await migratorOf(storage).upgrade()
      for (const sql of ['alter table posts add column extra integer', 'drop index ix_posts_views']) await storage.query({ sql })
      const report = await migratorOf(storage).check()
      expect(report.ok).toBe(false)
      expect(report.findings).toEqual([])
      expect(verdicts(report)).toEqual({ 'revisions-schema': true, 'revisions-database': false, 'database-schema': false })
      expect(report.comparisons.flatMap(describeComparison)).toEqual([
        'The database differs from what its revisions make (drift):',
        '  column "posts"."extra": added (integer)',
        expect.stringMatching(/^ {2}table "posts": index "ix_posts_views" \(views\) where \(?views > 0\)? dropped$/),
        'From the database to the declared schema:',
        '  column "posts"."extra": dropped',
        expect.stringMatching(/^ {2}table "posts": index "ix_posts_views" .* added$/),
      ])
    })

    it('tells what the schema declares and no revision makes', async () => {
      await using storage = await open()
      await migratorOf(storage).upgrade()
      const wider = defineSchema({ users: table({ ...users, name: c.text({ length: 20 }).notNull() }), posts: table({ ...posts, views: posts.views.default(1) }, postConstraints) })
      const report = await migratorOf(storage, { schema: wider }).check()
      expect(report.ok).toBe(false)
      expect(verdicts(report)).toEqual({ 'revisions-schema': false, 'revisions-database': true, 'database-schema': false })
      expect(report.comparisons[0]?.differences).toMatchObject([
        { kind: 'columnChanged', table: 'posts', column: 'views', aspects: ['default'] },
        { kind: 'columnChanged', table: 'users', column: 'name', aspects: ['type'] },
      ])
    })

    it('tells that the database is behind, and compares it with the revisions that it has', async () => {
      await using storage = await open()
      await migratorOf(storage).upgrade('first')
      const report = await migratorOf(storage).check()
      expect(report).toMatchObject({ ok: false, current: ['first'], findings: [{ kind: 'behind', missing: ['second'] }] })
      expect(verdicts(report)).toEqual({ 'revisions-schema': true, 'revisions-database': true, 'database-schema': false })
      expect(report.comparisons.map(({ at }) => at)).toEqual([['second'], ['first'], undefined])
      expect(describeFinding({ kind: 'behind', missing: ['second'] })).toBe('The database is behind: second is not applied. Run `tidemark migrate upgrade`.')
    })

    it('takes an empty database for one that is behind', async () => {
      await using storage = await open()
      const report = await migratorOf(storage).check()
      expect(report).toMatchObject({ ok: false, current: [], findings: [{ kind: 'behind', missing: ['first', 'second'] }], leftAlone: [] })
      expect(verdicts(report)).toEqual({ 'revisions-schema': true, 'revisions-database': true, 'database-schema': false })
    })

    it('sees what differs beyond a declaration as drift only', async () => {
      await using storage = await open()
      const dialect = storage.dialect
      const collated = revision('second', ['first'], async (op) => {
        await op.createTable('posts', posts, postConstraints)
        await op.execute(op.dialect === 'sqlite' ? 'create table notes (a text collate nocase)' : 'create table notes (a text collate "C")')
      })
      const declared = defineSchema({ users: table(users), posts: table(posts, postConstraints), notes: table({ a: c.text() }) })
      const migrator = migratorOf(storage, { revisions: [first, collated], schema: declared })
      await migrator.upgrade()
      expect((await migrator.check()).ok).toBe(true)
      for (const sql of ['drop table notes', 'create table notes (a text)']) await storage.query({ sql })
      const report = await migrator.check()
      expect(verdicts(report)).toEqual({ 'revisions-schema': true, 'revisions-database': false, 'database-schema': true })
      expect(report.comparisons.flatMap(describeComparison)).toEqual([
        'The database differs from what its revisions make (drift):',
        `  column "notes"."a": A declaration cannot say it: collate ${dialect === 'sqlite' ? 'nocase' : '"C"'} is gone.`,
      ])
    })

    it('names several heads, and a revision that a shadow cannot run', async () => {
      await using storage = await open()
      const other = revision('other', ['first'], (op) => op.execute('insert into nowhere values (1)'))
      const migrator = migratorOf(storage, { revisions: [...revisions, other] })
      await migrator.upgrade('second')
      const report = await migrator.check()
      expect(report.findings).toEqual([
        { kind: 'behind', missing: ['other'] },
        { kind: 'severalHeads', heads: ['second', 'other'] },
        { kind: 'revisionNotRunnable', revision: 'other', why: expect.stringContaining('nowhere') },
      ])
      expect(verdicts(report)).toEqual({ 'revisions-database': true, 'database-schema': true })
    })

    it('tells a revision that was changed after it was applied, and one of which nobody can say it', async () => {
      await using storage = await open()
      const asking = revision('asking', ['first'], async (op) => void (await op.query('select 1 as one')))
      await migratorOf(storage, { revisions: [first, asking] }).upgrade()
      const edited = revision('first', [], async (op) => {
        await op.createEnum('mood', ['good', 'bad'])
        await op.createTable('users', users, { checks: [{ expression: 'id > 0' }] })
      })
      const report = await migratorOf(storage, { revisions: [edited, asking], schema: undefined }).check()
      expect(report.findings).toEqual([{ kind: 'revisionChanged', revision: 'first', changes: [expect.stringContaining('createTable users')] }])
      expect(report.revisionsNotComparable).toEqual([{ revision: 'asking', reason: expect.stringContaining('op.query') }])
      expect(verdicts(report)).toEqual({ 'revisions-database': false })
    })

    it('compares nothing with a database that is half-way, and says that it is', async () => {
      await using storage = await open()
      let broken = true
      const stepwise = defineRevision({
        id: 'stepwise', down: ['first'], message: 'two steps', createdAt: '2026-11-20T18:00:00Z', transaction: false, irreversible: 'not of interest here',
        async upgrade(op) {
          await op.createIndex('ix_users_name', 'users', ['name'])
          if (broken) await op.execute('insert into nowhere values (1)')
        },
      })
      const migrator = migratorOf(storage, { revisions: [first, stepwise], schema: undefined })
      await expect(migrator.upgrade()).rejects.toMatchObject({ code: 'revision_failed' })
      broken = false
      const report = await migrator.check()
      expect(report.findings).toMatchObject([{ kind: 'behind', missing: ['stepwise'] }, { kind: 'halfWay', halfWay: { revision: 'stepwise', direction: 'upgrade' } }])
      expect([report.ok, report.comparisons]).toEqual([false, []])
      await migrator.upgrade()
      expect((await migrator.check()).ok).toBe(true)
    })

    it('says so where the database stands on a revision that is not known', async () => {
      await using storage = await open()
      await migratorOf(storage).upgrade()
      const report = await migratorOf(storage, { revisions: [first] }).check()
      expect(report.findings[0]).toEqual({ kind: 'unknownRevisions', revisions: ['second'] })
      expect(report.ok).toBe(false)
      expect(verdicts(report)).toEqual({ 'revisions-schema': false, 'database-schema': true })
    })

    it('names those of several that are not known, and compares what the others make with the schema', async () => {
      await using storage = await open()
      const other = revision('other', ['first'], (op) => op.createTable('others', { id: c.integer().primaryKey() }))
      await migratorOf(storage, { revisions: [...revisions, other] }).upgrade('heads')
      const report = await migratorOf(storage).check()
      expect(report.findings).toEqual([{ kind: 'unknownRevisions', revisions: ['other'] }])
      expect(verdicts(report)).toEqual({ 'revisions-schema': true, 'database-schema': true })
      expect(report.leftAlone).toEqual(['others'])
    })

    it('names what is left unnamed as the schema does', async () => {
      await using storage = await open()
      const unique = { id: c.integer().primaryKey(), mail: c.text().unique() }
      const migrator = migratorOf(storage, { revisions: [revision('first', [], (op) => op.createTable('users', unique))], schema: defineSchema({ users: table(unique) }, { naming: { ...defaultNaming, unique: 'only_%' } }) })
      await migrator.upgrade()
      expect(await migrator.check()).toMatchObject({ ok: true })
    })

    it('compares revisions and database alone where no schema is declared', async () => {
      await using storage = await open()
      const migrator = migratorOf(storage, { schema: undefined })
      await migrator.upgrade()
      expect(await migrator.check()).toMatchObject({ ok: true, comparisons: [{ from: 'revisions', to: 'database', agree: true }] })
    })

    it('leaves alone what is not included, although it is declared and a revision made it', async () => {
      await using storage = await open()
      const migrator = migratorOf(storage, { include: (kind, name) => kind === 'table' && name !== 'posts', versionTable: 'my_version', historyTable: 'my_history' })
      await migrator.upgrade()
      await storage.query({ sql: 'alter table posts add column extra integer' })
      if (storage.dialect === 'postgres') await storage.query({ sql: `alter type mood add value 'so-so'` })
      const report = await migrator.check()
      expect(report.comparisons.flatMap(describeComparison)).toEqual([])
      expect(report).toMatchObject({ ok: true, leftAlone: ['posts'] })
    })

    it('goes on without a schema that cannot be made, and without a revision whose code throws', async () => {
      await using storage = await open()
      const unmade = defineSchema({ users: table(users, { checks: [{ name: 'ck', expression: 'nothing(id)' }] }) })
      const thrown = revision('thrown', ['second'], async () => { throw new RangeError('top-secret-value') })
      const opened: Storage[] = []
      const shadow = async (): Promise<Storage> => {
        const one = await shadows[storage.dialect]()
        opened.push(one)
        return one
      }
      const migrator = migratorOf(storage, { revisions: [...revisions, thrown], schema: unmade, shadows: { sqlite: shadow, postgres: shadow } })
      await migrator.upgrade('second')
      const report = await migrator.check()
      expect(report.findings).toEqual([
        { kind: 'behind', missing: ['thrown'] }, { kind: 'revisionNotRunnable', revision: 'thrown', why: expect.not.stringContaining('secret') }, { kind: 'schemaNotBuildable', why: expect.stringContaining('nothing') },
      ])
      expect(verdicts(report)).toEqual({ 'revisions-database': true })
      expect(opened.length).toBeGreaterThan(0)
      for (const one of opened) await expect(one.query({ sql: 'select 1' })).rejects.toMatchObject({ code: 'storage_closed' })
    })

    it('throws what says nothing about schema, revisions or database', async () => {
      await using storage = await open()
      const closed = async (): Promise<Storage> => {
        const one = await shadows[storage.dialect]()
        await one.close()
        return one
      }
      await expect(migratorOf(storage, { shadows: { sqlite: closed, postgres: closed } }).check()).rejects.toMatchObject({ code: 'storage_closed' })
    })

    it('finds nothing wrong with the database of Tidemark itself', async () => {
      await using storage = await open()
      const migrator = migratorOf(storage, { revisions: tidemarkRevisions, schema: tidemarkSchema, include: isDeclarable })
      await migrator.upgrade()
      const report = await migrator.check()
      expect(report.comparisons.flatMap(describeComparison)).toEqual([])
      expect(report.comparisons.flatMap(({ notComparable }) => notComparable)).toEqual([])
      expect(report.ok).toBe(true)
    })
  })
})

it('a check of PostgreSQL compares enums, also those that no column has, unless they are left out', async () => {
  await using storage = await engineNamed('pglite memory').open()
  const spare = revision('spare', ['second'], (op) => op.createEnum('spare', ['x', 'y']))
  const options = { storage, revisions: [...revisions, spare], shadows: { postgres: engineNamed('pglite memory').open } }
  await new Migrator(options).upgrade()
  await storage.query({ sql: `alter type spare add value 'z'` })
  const report = await new Migrator(options).check()
  expect(verdicts(report)).toEqual({ 'revisions-database': false })
  expect(report.comparisons.flatMap(describeComparison).join('\n')).toContain('spare')
  expect(await new Migrator({ ...options, include: (kind, name) => kind !== 'enum' || name !== 'spare' }).check()).toMatchObject({ ok: true })
})

it('a check of PostgreSQL tells what it cannot compare, which is no difference', async () => {
  await using storage = await engineNamed('pglite memory').open()
  const migrator = new Migrator({ storage, revisions, schema, shadows: { postgres: engineNamed('pglite memory').open } })
  await migrator.upgrade()
  // Nobody but this database has the function.
  for (const sql of [`create function fine(bigint) returns boolean language sql as 'select true'`, 'alter table posts drop constraint ck_posts_views', 'alter table posts add constraint ck_posts_views check (fine(views))']) await storage.query({ sql })
  const report = await migrator.check()
  expect(report.ok).toBe(true)
  const check = { object: expect.stringContaining('ck_posts_views'), why: expect.stringContaining('fine') }
  expect(report.comparisons.map(({ notComparable }) => notComparable)).toEqual([[], [check], [check]])
  await storage.query({ sql: 'alter table posts add column extra integer' })
  expect((await migrator.check()).comparisons.map(describeComparison).map((lines) => lines.length)).toEqual([0, 2, 2])
})

it('a check of SQLite knows its tables in whatever case they are written', async () => {
  await using storage = await engineNamed('sqljs memory').open()
  const made = revision('first', [], (op) => op.createTable('users', { id: c.integer().primaryKey() }))
  const migrator = new Migrator({ storage, revisions: [made], schema: defineSchema({ users: table({ id: c.integer().primaryKey() }) }), versionTable: 'My_Version', historyTable: 'My_History' })
  await migrator.upgrade()
  for (const sql of ['alter table users rename to other', 'alter table other rename to USERS', 'alter table My_Version rename to other', 'alter table other rename to MY_VERSION']) await storage.query({ sql })
  expect(await migrator.check()).toMatchObject({ ok: true, leftAlone: [] })
})

it('each finding is a line that names what it is about, and what to run where something helps', () => {
  const halfWay = { revision: 'a1', direction: 'downgrade', operations: [], startedAt: '2026-11-20T18:00:00.000Z', stoppedAt: '2026-11-20T18:00:01.000Z' } as const
  const cases: readonly (readonly [CheckFinding, readonly string[]])[] = [
    [{ kind: 'behind', missing: ['a1'] }, [' a1 is ', '`tidemark migrate upgrade`']],
    [{ kind: 'behind', missing: ['a1', 'b2'] }, [' a1, b2 are ', '`tidemark migrate upgrade`']],
    [{ kind: 'severalHeads', heads: ['a1', 'b2'] }, [' a1, b2.', '`tidemark migrate merge a1 b2 -m TEXT`']],
    [{ kind: 'unknownRevisions', revisions: ['a1', 'b2'] }, [' a1, b2,']],
    [{ kind: 'halfWay', halfWay }, [' a1 ', '`tidemark migrate downgrade`']],
    [{ kind: 'revisionChanged', revision: 'a1', changes: ['one', 'two'] }, [' a1 ', 'one; two']],
    [{ kind: 'revisionNotRunnable', revision: 'a1', why: 'It is so.' }, [' a1 ', ' It is so. ']],
    [{ kind: 'schemaNotBuildable', why: 'It is so.' }, [' It is so. ']],
  ]
  for (const [finding, parts] of cases) for (const part of parts) expect(describeFinding(finding)).toContain(part)
})

function verdicts({ comparisons }: Awaited<ReturnType<Migrator['check']>>): Record<string, boolean> {
  return Object.fromEntries(comparisons.map(({ from, to, agree }) => [`${from}-${to}`, agree]))
}
