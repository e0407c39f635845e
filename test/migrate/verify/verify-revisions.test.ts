/** Each verdict by a revision that was written to earn it. */
import { describe, expect, it } from 'vitest'
import { revisions as ownRevisions } from '../../../migrations/index.ts'
import { RevisionGraph } from '../../../src/migrate/graph.ts'
import { Migrator } from '../../../src/migrate/migrator.ts'
import type { Op } from '../../../src/migrate/op.ts'
import { defineRevision, type Revision, type RevisionSpec } from '../../../src/migrate/revision.ts'
import { type VerifyOptions, type VerifyReport, verifyRevisions } from '../../../src/migrate/verify/verify-revisions.ts'
import { isDeclarable } from '../../../src/model/declarable.ts'
import { schema as ownSchema } from '../../../src/model/schema.ts'
import { c } from '../../../src/schema/column.ts'
import { defaultNaming, defineSchema, table } from '../../../src/schema/table.ts'
import type { Dialect, Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

const shadows = { sqlite: () => engineNamed('sqljs memory').open(), postgres: () => engineNamed('pglite memory').open() }

const createdAt = '2026-11-28T18:00:00Z'

const users = revision('a1', {
  upgrade: (op) => op.createTable('users', { id: c.integer().primaryKey(), name: c.text().notNull(), bio: c.text() }, { indexes: [{ name: 'ix_users_name', columns: ['name'] }] }),
  downgrade: (op) => op.dropTable('users'),
})
const posts = revision('a2', {
  upgrade: (op) => op.createTable('posts', { id: c.integer().primaryKey(), user_id: c.integer().notNull().references('users', 'id', { onDelete: 'cascade' }), views: c.integer().notNull().default(0) }),
  downgrade: (op) => op.dropTable('posts'),
}, 'a1')

describe('lossless', () => {
  it('is what comes back as it was: objects, and every row of every table', async () => {
    const report = await verify([users, posts, revision('a3', {
      async upgrade(op) {
        await op.alterColumn('posts', 'views', { type: c.bigint(), nullable: true })
        await op.renameTable('users', 'people')
        await op.alterColumn('people', 'bio', { name: 'about' })
        await op.createCheck('ck_people_name', 'people', `name <> 'nobody'`)
      },
      async downgrade(op) {
        await op.dropConstraint('ck_people_name', 'people')
        await op.alterColumn('people', 'about', { name: 'bio' })
        await op.renameTable('people', 'users')
        await op.batch('posts', async (t) => {
          await t.alterColumn('views', { type: c.integer() })
          await t.alterColumn('views', { nullable: false })
        })
      },
    }, 'a2')])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'lossless', 'lossless'], postgres: ['lossless', 'lossless', 'lossless'] })
    expect(report.revisions.flatMap(({ details }) => details)).toEqual([])
  })

  it('is a column that goes and comes back, wherever it stands in the table then', async () => {
    const swapped = revision('a2', { upgrade: (op) => op.addColumn('users', 'age', c.integer()), downgrade: (op) => op.dropColumn('users', 'age') }, 'a1')
    const moved = revision('a3', {
      async upgrade(op) {
        await op.addColumn('users', 'name_2', c.text().notNull().default(''))
        await op.execute('update users set name_2 = name')
        await op.dropColumn('users', 'name')
      },
      async downgrade(op) {
        await op.addColumn('users', 'name', c.text().notNull().default(''))
        await op.execute('update users set name = name_2')
        await op.alterColumn('users', 'name', { default: null })
        await op.dropColumn('users', 'name_2')
        await op.createIndex('ix_users_name', 'users', ['name'])
      },
    }, 'a2')
    expect(verdicts(await verify([users, swapped, moved]))).toEqual({ sqlite: ['lossless', 'lossless', 'lossless'], postgres: ['lossless', 'lossless', 'lossless'] })
  })

  it('can hold for suitable rows only, and says so', async () => {
    const report = await verify([users, revision('a2', {
      upgrade: (op) => op.batch('users', async (t) => {
        await t.alterColumn('bio', { nullable: false })
        await t.createCheck('ck_users_bio', `bio like 'http%'`)
      }),
      downgrade: (op) => op.batch('users', async (t) => {
        await t.dropConstraint('ck_users_bio')
        await t.alterColumn('bio', { nullable: true })
      }),
    }, 'a1')])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'lossless'], postgres: ['lossless', 'lossless'] })
    for (const details of detailsOf(report, 'a2')) expect(details).toEqual([expect.stringMatching(/^It was run with rows that suit it and refuses others: /)])
  })

  it('is also found where a trigger keeps a full-text index of the rows', async () => {
    const indexed = revision('a2', {
      async upgrade(op) {
        await op.execute('create virtual table found using fts4(name)')
        await op.execute('create trigger users_found after insert on users begin insert into found (rowid, name) values (new.id, new.name); end')
      },
      async downgrade(op) {
        await op.execute('drop trigger users_found')
        await op.execute('drop table found')
      },
    }, 'a1')
    const strict = revision('a3', { upgrade: (op) => op.alterColumn('users', 'bio', { nullable: false }), downgrade: (op) => op.alterColumn('users', 'bio', { nullable: true }) }, 'a2')
    const more = revision('a4', { upgrade: (op) => op.addColumn('users', 'more', c.text()), downgrade: (op) => op.dropColumn('users', 'more') }, 'a3')
    const report = await verify([users, indexed, strict, more], { shadows: { sqlite: shadows.sqlite } })
    expect(verdicts(report).sqlite).toEqual(Array(4).fill('lossless'))
    expect(detailsOf(report, 'a4')).toEqual([[]])
  })
})

describe('lossy', () => {
  const dropBio = (lossy?: string): Revision => revision('a2', { upgrade: (op) => op.dropColumn('users', 'bio'), downgrade: (op) => op.addColumn('users', 'bio', c.text()), lossy }, 'a1')

  it('is what loses data and says so', async () => {
    const report = await verify([users, dropBio('nobody reads them')])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'lossy'], postgres: ['lossless', 'lossy'] })
    for (const details of detailsOf(report, 'a2')) expect(details).toEqual(['It says that the way back loses data: nobody reads them.', 'The way back loses 2 values of column "bio" of table "users".'])
  })

  it('without saying so is broken', async () => {
    const report = await verify([users, dropBio()])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'broken'], postgres: ['lossless', 'broken'] })
    for (const details of detailsOf(report, 'a2')) expect(details).toEqual(['The way back loses 2 values of column "bio" of table "users".'])
  })

  it('shows also in a column that came when the rows were there already', async () => {
    const added = revision('a2', { upgrade: (op) => op.addColumn('users', 'level', c.integer().notNull().default(1)), downgrade: (op) => op.dropColumn('users', 'level') }, 'a1')
    const gone = revision('a3', { upgrade: (op) => op.dropColumn('users', 'level'), downgrade: (op) => op.addColumn('users', 'level', c.integer().notNull().default(1)) }, 'a2')
    expect(verdicts(await verify([users, added, gone]))).toEqual({ sqlite: ['lossless', 'lossless', 'broken'], postgres: ['lossless', 'lossless', 'broken'] })
  })
})

describe('irreversible', () => {
  it('is run up only', async () => {
    const report = await verify([users, revision('a2', { upgrade: (op) => op.execute(`update users set name = 'gone'`), irreversible: 'the names are gone' }, 'a1'), { ...posts, down: ['a2'], id: 'a3' }])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'irreversible', 'lossless'], postgres: ['lossless', 'irreversible', 'lossless'] })
    for (const details of detailsOf(report, 'a2')) expect(details).toEqual(['There is no way back: the names are gone.'])
  })

  it('may refuse rows too, as long as it takes ordinary ones', async () => {
    const report = await verify([users, revision('a2', { upgrade: (op) => op.alterColumn('users', 'bio', { nullable: false }), irreversible: 'nobody wants nulls back' }, 'a1')])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'irreversible'], postgres: ['lossless', 'irreversible'] })
    for (const details of detailsOf(report, 'a2')) expect(details[1]).toMatch(/^It was run with rows that suit it and refuses others: /)
  })
})

describe('broken', () => {
  it('is a downgrade that forgets an index', async () => {
    const report = await verify([users, revision('a2', { upgrade: (op) => op.dropIndex('ix_users_name', 'users'), downgrade: async () => undefined }, 'a1'), { ...posts, id: 'a3', down: ['a2'] }])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'broken', 'lossless'], postgres: ['lossless', 'broken', 'lossless'] })
    for (const details of detailsOf(report, 'a2')) expect(details[0]).toBe('After the downgrade index "ix_users_name" of table "users" is missing.')
  })

  it('is a downgrade that brings something back otherwise than it was', async () => {
    const report = await verify([users, revision('a2', { upgrade: (op) => op.dropIndex('ix_users_name', 'users'), downgrade: (op) => op.createIndex('ix_users_name', 'users', ['name'], { unique: true }) }, 'a1')])
    for (const details of detailsOf(report, 'a2')) expect(details).toEqual([expect.stringMatching(/^After the downgrade index "ix_users_name" of table "users" is not as it was: \(name asc\) has become unique \(name asc\)/)])
  })

  it('is a second upgrade that meets what the downgrade left behind', async () => {
    const report = await verify([users, revision('a2', {
      async upgrade(op) {
        await op.createEnum('mood', ['good', 'bad'])
        await op.addColumn('users', 'mood', c.enum(['good', 'bad'], { name: 'mood' }))
      },
      downgrade: (op) => op.dropColumn('users', 'mood'),
    }, 'a1'), { ...posts, id: 'a3', down: ['a2'] }])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'lossless', 'lossless'], postgres: ['lossless', 'broken', 'lossless'] })
    expect(detailsOf(report, 'a2')[1]).toEqual(['After the downgrade enum "mood" is left behind.', expect.stringMatching(/^The second upgrade fails: type "mood" already exists\. \(operation: createEnum mood; statement: create type/)])
  })

  it('is a step that loses rows', async () => {
    const report = await verify([users, posts, revision('a3', { upgrade: (op) => op.execute('delete from posts where user_id in (select min(user_id) from posts)'), downgrade: async () => undefined }, 'a2')])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'lossless', 'broken'], postgres: ['lossless', 'lossless', 'broken'] })
    for (const details of detailsOf(report, 'a3')) expect(details).toEqual([expect.stringMatching(/^The way back loses [123] of 3 rows of table "posts"\.$/)])
  })

  it('is a step that touches only one value of an enum', async () => {
    const events = revision('a1', { upgrade: (op) => op.createTable('events', { id: c.integer().primaryKey(), kind: c.enum(['open', 'won', 'lost', 'void', 'late']).notNull() }), downgrade: (op) => op.dropTable('events') })
    const merged = (kind: string) => revision('a2', { upgrade: (op) => op.execute(`update events set kind = 'open' where kind = '${kind}'`), downgrade: async () => undefined }, 'a1')
    for (const kind of ['won', 'lost', 'void', 'late']) expect(verdicts(await verify([events, merged(kind)], { dialects: ['sqlite'] })).sqlite, kind).toEqual(['lossless', 'broken'])
  })

  it('is told with as many rows as an enum needs, and no more', async () => {
    const events = revision('a1', { upgrade: (op) => op.createTable('events', { id: c.integer().primaryKey(), kind: c.enum(['open', 'won', `o'lost`]).notNull() }), downgrade: (op) => op.dropTable('events') })
    const report = await verify([events, revision('a2', { upgrade: (op) => op.execute('delete from events'), downgrade: async () => undefined }, 'a1')])
    expect(detailsOf(report, 'a2')).toEqual([['The way back loses 5 of 5 rows of table "events".'], ['The way back loses 5 of 5 rows of table "events".']])
  })

  it('is a step that touches only a value that an enum got later', async () => {
    const report = await verify([
      revision('a1', { upgrade: (op) => op.createTable('events', { id: c.integer().primaryKey(), kind: c.enum(['open', 'won']).notNull() }), downgrade: (op) => op.dropTable('events') }),
      revision('a2', { upgrade: (op) => op.alterColumn('events', 'kind', { type: c.enum(['open', 'won', 'lost']) }), downgrade: (op) => op.alterColumn('events', 'kind', { type: c.enum(['open', 'won']) }) }, 'a1'),
      revision('a3', { upgrade: (op) => op.execute(`update events set kind = 'open' where kind = 'lost'`), downgrade: async () => undefined }, 'a2'),
    ])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'lossless', 'broken'], postgres: ['lossless', 'lossless', 'broken'] })
  })

  it('is a step that leaves rows behind', async () => {
    const report = await verify([users, revision('a2', { upgrade: (op) => op.execute(`insert into users (id, name) select max(id) + 1, 'copy' from users`), downgrade: async () => undefined }, 'a1')])
    for (const details of detailsOf(report, 'a2')) expect(details).toEqual(['The way back leaves 1 row more in table "users".'])
  })

  it('is what works on one engine only, and what stands on it is not tried there', async () => {
    const onSqlite = revision('a2', { upgrade: (op) => op.execute(`insert into users (id, name) select max(id) + 1, hex(name) from users`), downgrade: (op) => op.execute('delete from users where id = (select max(id) from users)') }, 'a1')
    const report = await verify([users, onSqlite, { ...posts, id: 'a3', down: ['a2'] }])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'lossless', 'lossless'], postgres: ['lossless', 'broken', 'broken'] })
    expect(detailsOf(report, 'a2')[1]).toEqual([expect.stringContaining('The upgrade fails: function hex(text) does not exist')])
    expect(detailsOf(report, 'a3')[1]).toEqual(['It was not tried: revision "a2", which it needs, cannot be run.'])
    expect(report.ends).toEqual([{ engine: 'sqlite', against: 'postgres', equal: false, details: ['The heads were not reached.'] }])
  })

  it('is an upgrade that no rows survive, and the next one is tried all the same', async () => {
    const bare = revision('a2', { upgrade: (op) => op.addColumn('users', 'code', c.text().notNull()), downgrade: (op) => op.dropColumn('users', 'code') }, 'a1')
    const report = await verify([users, bare, { ...posts, id: 'a3', down: ['a2'] }])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'broken', 'lossless'], postgres: ['lossless', 'broken', 'lossless'] })
    for (const details of detailsOf(report, 'a2')) expect(details).toEqual([expect.stringMatching(/^The upgrade fails: /), 'It can only be run without rows.'])
  })

  it('is told beside tables that could not be filled, which are named once', async () => {
    const never = revision('a2', { upgrade: (op) => op.createTable('never', { id: c.integer().primaryKey() }, { checks: [{ name: 'ck_never', expression: 'id > 5 and id < 5' }] }), downgrade: (op) => op.dropTable('never') }, 'a1')
    const report = await verify([users, never, { ...posts, id: 'a3', down: ['a2'] }, { ...posts, id: 'a4', down: ['a3'], upgrade: async () => undefined, downgrade: async () => undefined }])
    expect(verdicts(report)).toEqual({ sqlite: Array(4).fill('lossless'), postgres: Array(4).fill('lossless') })
    for (const details of detailsOf(report, 'a3')) expect(details).toEqual([expect.stringMatching(/^Table "never" stayed empty\. None of 150 rows was taken; .*ck_never/)])
    for (const details of detailsOf(report, 'a4')) expect(details).toEqual([])
  })

  it('is a downgrade that fails once its own tables have rows', async () => {
    const report = await verify([users, revision('a2', {
      upgrade: (op) => op.createTable('notes', { id: c.integer().primaryKey(), body: c.text().notNull() }),
      async downgrade(op) {
        await op.createTable('checked', { id: c.integer().primaryKey() }, { checks: [{ name: 'ck_checked', expression: 'id is null' }] })
        await op.execute('insert into checked select id from notes')
        await op.dropTable('checked')
        await op.dropTable('notes')
      },
    }, 'a1')])
    expect(verdicts(report)).toEqual({ sqlite: ['lossless', 'broken'], postgres: ['lossless', 'broken'] })
    for (const details of detailsOf(report, 'a2')) expect(details).toEqual([expect.stringMatching(/^The downgrade fails where "notes" had rows: /)])
  })

  it('holds no value of a row in its words', async () => {
    const report = await verify([users, revision('a2', { upgrade: (op) => op.execute(`insert into users (id, name) values (${op.dialect === 'postgres' ? '$1, $2' : '?, ?'})`, [7, 'top-secret-value']), downgrade: async () => { throw new RangeError('top-secret-value') } }, 'a1')])
    expect(verdicts(report).sqlite).toEqual(['lossless', 'broken'])
    expect(JSON.stringify(report)).not.toContain('top-secret-value')
  })
})

describe('on one engine alone', () => {
  const alone = { shadows: { sqlite: shadows.sqlite } }

  it('broken is a second upgrade that fails, or that does something else than the first', async () => {
    const failing = revision('a2', { upgrade: (op) => op.execute(`insert into users (id, name) values (70, 'x')`), downgrade: async () => undefined }, 'a1')
    const report = await verify([users, failing], alone)
    expect(verdicts(report).sqlite).toEqual(['lossless', 'broken'])
    expect(detailsOf(report, 'a2')).toEqual([['The way back leaves 1 row more in table "users".', expect.stringMatching(/^The second upgrade fails: /)]])
    let times = 0
    const fickle = revision('a2', {
      async upgrade(op) {
        times += 1
        await op.addColumn('users', 'x', c.integer())
        if (times !== 2) await op.createIndex('ix_users_x', 'users', ['x'])
      },
      downgrade: (op) => op.dropColumn('users', 'x'),
    }, 'a1')
    expect(detailsOf(await verify([users, fickle], alone), 'a2')).toEqual([['After the second upgrade index "ix_users_x" of table "users" is missing.']])
  })

  it('a revision above a broken one stands on what that makes', async () => {
    const broken = revision('a2', {
      async upgrade(op) {
        await op.dropIndex('ix_users_name', 'users')
        await op.addColumn('users', 'x', c.integer())
      },
      downgrade: (op) => op.dropColumn('users', 'x'),
    }, 'a1')
    const above = revision('a3', { upgrade: (op) => op.createIndex('ix_users_x', 'users', ['x']), downgrade: (op) => op.dropIndex('ix_users_x', 'users') }, 'a2')
    expect(verdicts(await verify([users, broken, above], alone)).sqlite).toEqual(['lossless', 'broken', 'lossless'])
  })

  it('a revision above one that leaves things behind, or fails with rows only, stands on what that makes alone', async () => {
    const untidy = revision('a2', {
      upgrade: (op) => op.addColumn('users', 'x', c.integer()),
      async downgrade(op) {
        await op.dropColumn('users', 'x')
        await op.execute('create view names as select name from users')
      },
    }, 'a1')
    const names = revision('a3', { upgrade: (op) => op.execute('create view names as select id from users'), downgrade: (op) => op.execute('drop view names') }, 'a2')
    const report = await verify([users, untidy, names], alone)
    expect(verdicts(report).sqlite).toEqual(['lossless', 'broken', 'lossless'])
    expect(detailsOf(report, 'a2')).toEqual([['After the downgrade view "names" is left behind.', 'After the second upgrade view "names" is left behind.']])
    const moving = revision('a2', {
      async upgrade(op) {
        await op.createTable('notes', { id: c.integer().primaryKey() })
        await op.createTable('never', { id: c.integer().primaryKey() }, { checks: [{ expression: 'id > 5 and id < 5' }] })
        await op.createCheck('ck_users_name', 'users', `name <> 'moved'`)
      },
      async downgrade(op) {
        await op.dropConstraint('ck_users_name', 'users')
        await op.execute(`update users set name = 'moved' where exists (select 1 from notes)`)
        await op.dropTable('never')
        await op.dropTable('notes')
      },
    }, 'a1')
    const above = revision('a3', { upgrade: (op) => op.addColumn('notes', 'x', c.integer()), downgrade: (op) => op.dropColumn('notes', 'x') }, 'a2')
    const second = await verify([users, moving, above], alone)
    expect(verdicts(second).sqlite).toEqual(['lossless', 'broken', 'lossless'])
    // The table that cannot have rows is not to blame.
    expect(detailsOf(second, 'a2')).toEqual([[expect.stringMatching(/^The upgrade fails where "notes" had rows: /)]])
  })

  it('broken is a downgrade that fails, of which nothing else is told, and one that changes values', async () => {
    const failing = revision('a2', { upgrade: (op) => op.addColumn('users', 'x', c.integer()), downgrade: (op) => op.dropTable('nothing') }, 'a1')
    const above = revision('a3', { upgrade: (op) => op.createIndex('ix_users_x', 'users', ['x']), downgrade: (op) => op.dropIndex('ix_users_x', 'users') }, 'a2')
    const report = await verify([users, failing, above], alone)
    expect(verdicts(report).sqlite).toEqual(['lossless', 'broken', 'lossless'])
    expect(detailsOf(report, 'a2')).toEqual([[expect.stringMatching(/^The downgrade fails: /)]])
    const louder = revision('a2', { upgrade: (op) => op.execute(`update users set name = name || '!'`), downgrade: async () => undefined }, 'a1')
    expect(detailsOf(await verify([users, louder], alone), 'a2')).toEqual([['The way back changes 3 values of column "name" of table "users".']])
  })

  it('nothing is told of a table in which a column can hold one value only', async () => {
    const constant = revision('a2', { upgrade: (op) => op.createTable('always', { id: c.integer().primaryKey(), x: c.integer().notNull() }, { checks: [{ expression: 'x = 5' }] }), downgrade: (op) => op.dropTable('always') }, 'a1')
    const never = revision('a3', {
      async upgrade(op) {
        await op.createTable('almost', { id: c.integer().primaryKey(), x: c.integer().notNull() }, { checks: [{ expression: 'x = 5' }] })
        await op.createTable('never', { id: c.integer().primaryKey() }, { checks: [{ name: 'ck_never', expression: 'id > 5 and id < 5' }] })
      },
      async downgrade(op) {
        await op.dropTable('never')
        await op.dropTable('almost')
      },
    }, 'a2')
    const nothing = { upgrade: async () => undefined, downgrade: async () => undefined }
    const report = await verify([users, constant, never, revision('a4', nothing, 'a3'), revision('a5', nothing, 'a4')], alone)
    expect(report.revisions.map(({ details }) => details)).toEqual([[], [], [], [expect.stringMatching(/^Table "never" stayed empty\. .*ck_never/)], []])
  })

  it('every shadow is closed, also when the revisions cannot be verified to the end', async () => {
    const opened: Storage[] = []
    const open = async (): Promise<Storage> => {
      const storage = await shadows.sqlite()
      opened.push(storage)
      return storage
    }
    const stop = new AbortController()
    await verify([users, posts], { shadows: { sqlite: open }, schema: defineSchema({}) })
    await expect(verify([users, posts], { shadows: { sqlite: open }, signal: stop.signal, onProgress: () => stop.abort() })).rejects.toMatchObject({ code: 'aborted' })
    expect(opened).toHaveLength(3)
    for (const storage of opened) await expect(storage.query({ sql: 'select 1' })).rejects.toMatchObject({ code: 'storage_closed' })
  })

  it('a revision below the range is told of only where it fails, and what needs it is not tried', async () => {
    const failing = revision('a1', { upgrade: (op) => op.execute('insert into nothing values (1)'), downgrade: async () => undefined })
    const { revisions } = await verify([failing, { ...posts, upgrade: async () => undefined }], { ...alone, range: 'a2:a2' })
    expect(revisions).toEqual([
      { id: 'a1', engine: 'sqlite', verdict: 'broken', details: [expect.stringMatching(/^The upgrade fails: /)] },
      { id: 'a2', engine: 'sqlite', verdict: 'broken', details: ['It was not tried: revision "a1", which it needs, cannot be run.'] },
    ])
    expect((await verify([users, posts], { ...alone, range: 'a2:a2' })).revisions).toEqual([{ id: 'a2', engine: 'sqlite', verdict: 'lossless', details: [] }])
  })

  it('broken is also what has no way back and takes no row at all, or fails on both ways', async () => {
    const bare = revision('a2', { upgrade: (op) => op.addColumn('users', 'code', c.text().notNull()), irreversible: 'it stays' }, 'a1')
    expect(detailsOf(await verify([users, bare], alone), 'a2')).toEqual([[expect.stringMatching(/^The upgrade fails: /), 'It can only be run without rows.']])
    const both = revision('a2', { upgrade: (op) => op.alterColumn('users', 'bio', { nullable: false }), downgrade: (op) => op.dropTable('nothing') }, 'a1')
    const report = await verify([users, both], alone)
    expect(verdicts(report).sqlite).toEqual(['lossless', 'broken'])
    expect(detailsOf(report, 'a2')[0]).toContainEqual(expect.stringMatching(/^The downgrade fails: /))
  })

  it('the naming convention names what revisions leave unnamed, and tables have as many rows as are asked for', async () => {
    const once = revision('a2', { upgrade: (op) => op.addColumn('users', 'x', c.integer().unique()), downgrade: (op) => op.dropConstraint('only_users_x', 'users').then(() => op.dropColumn('users', 'x')) }, 'a1')
    const naming = { ...defaultNaming, unique: 'only_%' }
    expect(verdicts(await verify([users, once], { ...alone, naming })).sqlite).toEqual(['lossless', 'lossless'])
    expect(verdicts(await verify([users, once], { ...alone, schema: defineSchema({}, { naming }) })).sqlite).toEqual(['lossless', 'lossless'])
    expect(verdicts(await verify([users, once], alone)).sqlite).toEqual(['lossless', 'broken'])
    const emptied = revision('a2', { upgrade: (op) => op.execute('delete from users'), downgrade: async () => undefined }, 'a1')
    expect(detailsOf(await verify([users, emptied], { ...alone, rowsPerTable: 5 }), 'a2')).toEqual([['The way back loses 5 of 5 rows of table "users".']])
  })
})

describe('a catalogue', () => {
  it('is compared beyond tables: triggers and views', async () => {
    const make = (op: Op): Promise<void> => op.execute('create view names as select name from users')
    const forgotten = revision('a2', { upgrade: make, downgrade: async () => undefined }, 'a1')
    const report = await verify([users, forgotten])
    for (const details of detailsOf(report, 'a2')) expect(details[0]).toBe('After the downgrade view "names" is left behind.')
    const remembered = revision('a2', { upgrade: make, downgrade: (op) => op.execute('drop view names') }, 'a1')
    expect(verdicts(await verify([users, remembered]))).toEqual({ sqlite: ['lossless', 'lossless'], postgres: ['lossless', 'lossless'] })
  })

  it('of SQLite may differ in white space and quotes of its texts', async () => {
    const trigger = (text: string) => (op: Op): Promise<void> => (op.dialect === 'sqlite' ? op.execute(text) : Promise.resolve())
    const report = await verify([users,
      revision('a2', { upgrade: trigger('create trigger t after insert on users begin update users set bio = 1 where id = -5; end'), downgrade: trigger('drop trigger t') }, 'a1'),
      revision('a3', { upgrade: trigger('drop trigger t'), downgrade: trigger('CREATE TRIGGER "t"\n AFTER INSERT ON "users" BEGIN UPDATE users SET "bio" = 1 WHERE id = -5; END') }, 'a2'),
    ], { shadows: { sqlite: shadows.sqlite } })
    expect(verdicts(report).sqlite).toEqual(['lossless', 'lossless', 'lossless'])
  })
})

describe('a history', () => {
  const aside = revision('b2', { upgrade: (op) => op.createTable('aside', { id: c.integer().primaryKey() }), downgrade: (op) => op.dropTable('aside') }, 'a1')

  it('with branches, merges and dependencies is verified in the order in which it is applied', async () => {
    const merge = defineRevision({ id: 'm', down: ['a2', 'b2'], message: 'merge', createdAt, upgrade: async () => undefined, downgrade: async () => undefined })
    const later = { ...revision('c3', { upgrade: (op) => op.addColumn('aside', 'post_id', c.integer().references('posts', 'id')), downgrade: (op) => op.dropColumn('aside', 'post_id') }, 'b2'), dependsOn: ['a2'] }
    for (const revisions of [[merge, aside, posts, users], [later, posts, aside, users]]) {
      const inOrder = new RevisionGraph(revisions).upgradePath([], 'heads')
      const { revisions: verified } = await verify(revisions)
      for (const on of ['sqlite', 'postgres']) expect(verified.filter(({ engine }) => engine === on).map(({ id, verdict }) => [id, verdict])).toEqual(inOrder.map((id) => [id, 'lossless']))
    }
  })

  it('can be verified in part, and then has no end to compare', async () => {
    const report = await verify([users, posts, { ...aside, down: ['a2'] }], { range: 'a2:a2' })
    expect(report).toEqual({ revisions: [{ id: 'a2', engine: 'sqlite', verdict: 'lossless', details: [] }, { id: 'a2', engine: 'postgres', verdict: 'lossless', details: [] }], ends: [] })
    const told: string[] = []
    await verify([users, posts], { shadows: { sqlite: shadows.sqlite }, range: 'a2:a2', onProgress: ({ revision, index, total }) => told.push(`${revision} ${index}/${total}`) })
    expect(told).toEqual(['a2 1/1'])
    expect((await verify([users, posts], { range: 'a2' })).ends).toEqual([{ engine: 'sqlite', against: 'postgres', equal: true, details: [] }])
  })

  it('may hold revisions without a transaction, also broken ones', async () => {
    const outside = (downgrade: (op: Op) => Promise<void>): Revision => ({
      ...revision('a2', {
        async upgrade(op) {
          await op.addColumn('users', 'x', c.integer())
          await op.createIndex('ix_users_x', 'users', ['x'], { concurrently: true })
        },
        downgrade,
      }, 'a1'),
      transaction: false,
    })
    const good = outside(async (op) => {
      await op.dropIndex('ix_users_x', 'users')
      await op.dropColumn('users', 'x')
    })
    expect(verdicts(await verify([users, good]))).toEqual({ sqlite: ['lossless', 'lossless'], postgres: ['lossless', 'lossless'] })
    const halfWay = outside(async (op) => {
      await op.dropIndex('ix_users_x', 'users')
      await op.dropIndex('ix_users_y', 'users')
    })
    // What the half of it took away is there again for the next one.
    const next = revision('a3', { upgrade: (op) => op.dropIndex('ix_users_x', 'users'), downgrade: (op) => op.createIndex('ix_users_x', 'users', ['x']) }, 'a2')
    expect(verdicts(await verify([users, halfWay, next]))).toEqual({ sqlite: ['lossless', 'broken', 'lossless'], postgres: ['lossless', 'broken', 'lossless'] })
  })

  it('stops when it is told to, and says how far it is', async () => {
    const told: string[] = []
    const stop = new AbortController()
    const running = verify([users, posts], { signal: stop.signal, onProgress: ({ revision, engine, index, total }) => {
      told.push(`${engine} ${revision} ${index}/${total}`)
      if (index === 3) stop.abort()
    } })
    await expect(running).rejects.toMatchObject({ code: 'aborted' })
    expect(told).toEqual(['sqlite a1 1/4', 'sqlite a2 2/4', 'postgres a1 3/4'])
  })

  it('needs a shadow', async () => {
    await expect(verify([users], { shadows: {} })).rejects.toMatchObject({ code: 'shadow_missing' })
  })

  it('costs a fixed number of statements a revision, whatever the number of tables', async () => {
    const tables = Array.from({ length: 40 }, (_, index) => revision(`t${index}`, {
      upgrade: (op) => op.createTable(`t${index}`, { id: c.integer().primaryKey(), name: c.text() }),
      downgrade: (op) => op.dropTable(`t${index}`),
    }, index === 0 ? undefined : `t${index - 1}`))
    let statements = 0
    const counted = async (): Promise<Storage> => {
      const storage = await shadows.sqlite()
      return new Proxy(storage, { get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (name === 'query') statements += 1
        return typeof member === 'function' ? member.bind(target) : member
      } })
    }
    const counts: number[] = []
    await verify(tables, { shadows: { sqlite: counted }, onProgress: () => counts.push(statements) })
    expect(counts[39]! - counts[38]!).toBe(counts[2]! - counts[1]!)
  })
})

describe('the end', () => {
  it('is compared with the declared schema on each engine', async () => {
    const declared = defineSchema({
      users: table({ id: c.integer().primaryKey(), name: c.text().notNull(), bio: c.text() }, { indexes: [{ name: 'ix_users_name', columns: ['name'] }] }),
      posts: table({ id: c.integer().primaryKey(), user_id: c.integer().notNull().references('users', 'id', { onDelete: 'cascade' }), views: c.integer().notNull().default(0) }),
    })
    expect((await verify([users, posts], { schema: declared })).ends).toEqual([{ engine: 'sqlite', against: 'schema', equal: true, details: [] }, { engine: 'postgres', against: 'schema', equal: true, details: [] }])
    const other = defineSchema({ users: table({ id: c.integer().primaryKey(), name: c.text(), bio: c.text() }, { indexes: [{ name: 'ix_users_name', columns: ['name'] }] }) })
    expect((await verify([users, posts], { schema: other, include: (_, name) => name === 'none' })).ends.map(({ equal }) => equal)).toEqual([true, true])
    for (const end of (await verify([users, posts], { schema: other })).ends) {
      expect(end).toMatchObject({ against: 'schema', equal: false })
      expect(end.details.join('\n')).toMatch(/table "posts": dropped[\s\S]*column "users"."name": not null was dropped/)
    }
  })

  it('of the two engines is compared where nothing is declared', async () => {
    const apart = revision('a3', {
      upgrade: (op) => (op.dialect === 'sqlite' ? op.alterColumn('posts', 'views', { nullable: true }) : op.addColumn('posts', 'extra', c.date())),
      downgrade: (op) => (op.dialect === 'sqlite' ? op.alterColumn('posts', 'views', { nullable: false }) : op.dropColumn('posts', 'extra')),
    }, 'a2')
    expect((await verify([users, posts, apart])).ends).toEqual([
      { engine: 'sqlite', against: 'postgres', equal: false, details: ['The column "views" of table "posts" takes null on sqlite only.', 'The column "extra" of table "posts" is there on postgres only.'] },
    ])
  })
})

it('a migrator verifies on shadows of its storage and on those it was given, and leaves the database alone', async () => {
  await using storage = await shadows.sqlite()
  const migrator = new Migrator({ storage, revisions: [users], shadows: { postgres: shadows.postgres } })
  expect((await migrator.verify()).revisions.map(({ engine, verdict }) => [engine, verdict])).toEqual([['sqlite', 'lossless'], ['postgres', 'lossless']])
  expect((await migrator.verify({ dialects: ['sqlite'] })).revisions.map(({ engine }) => engine)).toEqual(['sqlite'])
  expect((await storage.query({ sql: 'select * from sqlite_schema' })).rows).toEqual([])
  expect((await new Migrator({ storage, revisions: [users] }).verify()).revisions.map(({ engine }) => engine)).toEqual(['sqlite'])
  await expect(new Migrator({ storage, revisions: [users] }).verify({ dialects: ['postgres'] })).rejects.toMatchObject({ code: 'shadow_missing' })
})

it("Tidemark's own revisions lose only what they say, on both engines, and end in what is declared", async () => {
  const report = await verify(ownRevisions, { schema: ownSchema, include: isDeclarable })
  const declared = ownRevisions.map(({ lossy }) => (lossy === undefined ? 'lossless' : 'lossy'))
  expect(verdicts(report)).toEqual({ sqlite: declared, postgres: declared })
  expect(report.ends.map(({ equal, details }) => [equal, details])).toEqual([[true, []], [true, []]])
})

function revision(id: string, { upgrade, downgrade, lossy, irreversible }: Pick<RevisionSpec, 'upgrade' | 'downgrade' | 'lossy' | 'irreversible'>, below?: string): Revision {
  return defineRevision({ id, down: below === undefined ? [] : [below], message: id, createdAt, upgrade, downgrade, lossy, irreversible })
}

function verify(revisions: readonly Revision[], options: Partial<VerifyOptions> = {}): Promise<VerifyReport> {
  return verifyRevisions({ revisions, shadows, ...options })
}

function verdicts({ revisions }: VerifyReport): Record<Dialect, readonly string[]> {
  const of = (engine: Dialect): readonly string[] => revisions.filter((item) => item.engine === engine).map(({ verdict }) => verdict)
  return { sqlite: of('sqlite'), postgres: of('postgres') }
}

function detailsOf({ revisions }: VerifyReport, id: string): readonly (readonly string[])[] {
  return revisions.filter((item) => item.id === id).map(({ details }) => details)
}
