import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import { TidemarkError } from '../../src/errors.ts'
import { applyOperation } from '../../src/migrate/apply-operation.ts'
import { createOp, type Op } from '../../src/migrate/op.ts'
import { c } from '../../src/schema/column.ts'
import { introspect, type LiveTable } from '../../src/schema/introspect.ts'
import { defaultNaming } from '../../src/schema/table.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engines } from '../support/engines.ts'

// The same revision code on every engine; what is expected is what the database does, asked with plain SQL.
describe.each(engines)('operations on $name', (engine) => {
  let storage: Storage
  beforeEach(async () => { storage = await engine.open() })
  afterEach(() => storage.close())

  it('create a table with every type, default, key, index and comment, and read it back', async () => {
    await change(async (op) => {
      await op.createTable('users', { id: c.integer().primaryKey(), email: c.text({ length: 255 }).notNull().unique() })
      await op.createTable('everything', {
        id: c.bigint().notNull(),
        user_id: c.integer().notNull().references('users', 'id', { onDelete: 'cascade', onUpdate: 'restrict' }),
        n: c.integer().default(-3),
        b: c.bigint().default(9007199254740993n as unknown as number),
        r: c.real().default(1.5),
        num: c.numeric(10, 2).default(0.25),
        t: c.text().default(`it's "so"`),
        f: c.boolean().notNull().default(false),
        at: c.instant().notNull().defaultNow(),
        day: c.date().defaultNow(),
        j: c.json().default({ a: ["it's", 1] }),
        js: c.json().default('text'),
        blob: c.bytes(),
        u: c.uuid().default('7d444840-9dc0-11d1-b245-5ffdce74fad2'),
        e: c.enum(['low', "it's"]).notNull().default("it's"),
        sql: c.integer().defaultSql('1 + 1'),
        g: c.integer().generated('n * 2').comment('twice n'),
      }, {
        primaryKey: ['user_id', 'id'],
        uniques: [{ columns: ['t', 'n'] }],
        indexes: [{ columns: ['n', { column: 't', order: 'desc' }], where: 'n > 0' }, { name: 'ix_lower', columns: [{ expression: 'lower(t)' }], unique: true }],
        checks: [{ name: 'ck_n', expression: 'n < 100' }],
        foreignKeys: [{ name: 'fk_self', columns: ['user_id', 'id'], references: { table: 'everything', columns: ['user_id', 'id'] } }],
        comment: 'all of it',
      })
      await op.insert('users', [{ id: 1, email: 'a' }, { id: 2, email: 'b' }])
      await op.insert('everything', [{ id: 1, user_id: 1 }])
    })
    const row = (await storage.query({ sql: 'select * from everything' })).rows[0]!
    expect(row).toMatchObject({
      id: 1, user_id: 1, n: -3, b: 9007199254740993n, r: 1.5, num: 0.25, t: `it's "so"`, f: false, j: { a: ["it's", 1] }, js: 'text', blob: null,
      u: '7d444840-9dc0-11d1-b245-5ffdce74fad2', e: "it's", sql: 2, g: -6,
    })
    expect(row['at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(Math.abs(Date.parse(String(row['at'])) - Date.now())).toBeLessThan(120_000)
    expect(row['day']).toMatch(/^\d{4}-\d\d-\d\d$/)

    const table = await live('everything')
    expect(table.columns.map((column) => column.type)).toEqual([
      { kind: 'bigint' }, { kind: 'integer' }, { kind: 'integer' }, { kind: 'bigint' }, { kind: 'real' }, { kind: 'numeric', precision: 10, scale: 2 }, { kind: 'text' },
      { kind: 'boolean' }, { kind: 'instant' }, { kind: 'date' }, { kind: 'json' }, { kind: 'json' }, { kind: 'bytes' }, { kind: 'uuid' }, { kind: 'text' }, { kind: 'integer' }, { kind: 'integer' },
    ])
    expect(table.columns.filter((column) => !column.nullable).map((column) => column.name)).toEqual(['id', 'user_id', 'f', 'at', 'e'])
    expect(table.primaryKey).toEqual({ name: 'pk_everything', columns: ['user_id', 'id'] })
    expect(table.uniques).toEqual([{ name: 'uq_everything_t_n', columns: ['t', 'n'] }])
    expect(table.foreignKeys.toSorted((a, b) => String(a.name).localeCompare(String(b.name)))).toEqual([
      { name: 'fk_everything_user_id', columns: ['user_id'], references: { table: 'users', columns: ['id'] }, onDelete: 'cascade', onUpdate: 'restrict' },
      { name: 'fk_self', columns: ['user_id', 'id'], references: { table: 'everything', columns: ['user_id', 'id'] }, onDelete: 'no action', onUpdate: 'no action' },
    ])
    expect(new Set(table.checks.map((check) => check.name))).toEqual(new Set(['ck_everything_e_enum', 'ck_n']))
    expect(table.indexes.map(({ name, unique, columns }) => [name, unique, columns.map((part) => ('column' in part ? [part.column, part.order] : 'expression'))])).toEqual([
      ['ix_everything_n_t', false, [['n', 'asc'], ['t', 'desc']]],
      ['ix_lower', true, ['expression']],
    ])
    expect(table.indexes[0]?.where?.replace(/[()]/g, '')).toBe('n > 0')
    expect([table.comment, table.columns.at(-1)?.comment]).toEqual(storage.dialect === 'postgres' ? ['all of it', 'twice n'] : [undefined, undefined])
    expect(table.columns.at(-1)?.generated?.stored).toBe(true)
    expect((await live('users')).primaryKey).toEqual({ name: 'pk_users', columns: ['id'] })
    for (const [sql, code] of [
      [`update everything set e = 'x'`, 'check_violated'], ['update everything set n = 100', 'check_violated'], ['update everything set f = null', 'not_null_violated'],
      ['update everything set user_id = 3', 'foreign_key_violated'], [`insert into everything (id, user_id, t, n) values (2, 1, 'IT''S "SO"', 1)`, 'unique_violated'],
    ] as const) await expect(storage.query({ sql })).rejects.toMatchObject({ code })
    await storage.query({ sql: 'delete from users where id = 1' })
    expect(await rows('select * from everything')).toEqual([])
  })

  it('change a table and back, with rows in it', async () => {
    await change(async (op) => {
      await op.createTable('users', { id: c.integer().primaryKey() })
      await op.createTable('posts', { id: c.integer().primaryKey(), title: c.text(), n: c.text(), role: c.enum(['a', 'b']) })
      await op.createTable('comments', { id: c.integer().primaryKey(), post_id: c.integer().notNull().references('posts', 'id', { onDelete: 'cascade' }) })
      await op.insert('users', [{ id: 1 }])
      await op.insert('posts', [{ id: 1, title: 'one', n: '12', role: 'a' }, { id: 2, title: 'two', n: '7', role: null }])
      await op.insert('comments', [{ id: 1, post_id: 1 }, { id: 2, post_id: 2 }])
    })
    const before = await live('posts')
    await change(async (op) => {
      await op.addColumn('posts', 'user_id', c.integer().references('users', 'id', { onDelete: 'set null' }))
      await op.addColumn('posts', 'made_at', c.instant().notNull().defaultNow())
      await op.addColumn('posts', 'code', c.text().unique())
      await op.addColumn('posts', 'level', c.enum(['x', 'y']).notNull().default('x'))
      await op.alterColumn('posts', 'n', { type: c.integer(), nullable: false, default: 5, using: 'cast(n as integer)' })
      await op.alterColumn('posts', 'title', { name: 'headline', type: c.text({ length: 40 }), nullable: false, comment: 'what it says' })
      await op.alterColumn('posts', 'role', { type: c.enum(['a', 'c']) })
      await op.createIndex('ix_posts_n', 'posts', ['n', { column: 'headline', order: 'desc' }], { where: 'n > 1' })
      await op.createUnique('uq_posts_n', 'posts', ['n', 'headline'])
      await op.createCheck('ck_posts_n', 'posts', 'n >= 0')
      await op.execute(`update posts set user_id = ${op.dialect === 'postgres' ? '$1' : '?'}`, [1])
      expect((await op.query<{ total: number }>('select count(*) as total from posts where user_id = 1')).rows).toEqual([{ total: 2 }])
    })
    expect(await rows('select id, headline, n, role, user_id, code, level from posts order by id')).toEqual([
      { id: 1, headline: 'one', n: 12, role: 'a', user_id: 1, code: null, level: 'x' },
      { id: 2, headline: 'two', n: 7, role: null, user_id: 1, code: null, level: 'x' },
    ])
    expect(await rows('select id from comments')).toHaveLength(2)
    for (const [sql, code] of [
      [`update posts set level = 'z'`, 'check_violated'], [`update posts set role = 'b'`, 'check_violated'], ['update posts set n = -1', 'check_violated'], ['update posts set headline = null', 'not_null_violated'],
      [`update posts set code = 'same'`, 'unique_violated'], [`update posts set n = 1, headline = 'same'`, 'unique_violated'], ['update posts set user_id = 9', 'foreign_key_violated'],
    ] as const) await expect(storage.query({ sql })).rejects.toMatchObject({ code })
    await storage.query({ sql: 'delete from users' })
    expect(await rows('select distinct user_id from posts')).toEqual([{ user_id: null }])

    await change(async (op) => {
      await op.dropIndex('ix_posts_n', 'posts')
      await op.dropConstraint('uq_posts_n', 'posts')
      await op.dropConstraint('ck_posts_n', 'posts')
      await op.alterColumn('posts', 'role', { type: c.enum(['a', 'b']) })
      await op.alterColumn('posts', 'headline', { name: 'title', type: c.text(), nullable: true, comment: null })
      await op.alterColumn('posts', 'n', { type: c.text(), nullable: true, default: null })
      for (const column of ['level', 'code', 'made_at', 'user_id']) await op.dropColumn('posts', column)
    })
    expect(comparable(await live('posts'))).toEqual(comparable(before))
    expect(await rows('select * from posts order by id')).toEqual([{ id: 1, title: 'one', n: '12', role: 'a' }, { id: 2, title: 'two', n: '7', role: null }])
    expect(await rows('select id from comments')).toHaveLength(2)
  })

  it('replace a primary key, rename a table, drop in the right order only', async () => {
    await change(async (op) => {
      await op.createTable('a', { id: c.integer().primaryKey(), other: c.integer() })
      await op.insert('a', [{ id: 1, other: 10 }, { id: 2, other: 20 }])
      await op.batch('a', async (t) => {
        await t.dropConstraint('pk_a', 'primaryKey')
        await t.createPrimaryKey('pk_new', ['other', 'id'])
      })
      await op.createTable('child', { a_other: c.integer(), a_id: c.integer() })
      await op.createForeignKey('fk_child', 'child', ['a_other', 'a_id'], { table: 'a', columns: ['other', 'id'] }, { onDelete: 'cascade' })
      await op.insert('child', [{ a_other: 10, a_id: 1 }])
      await op.renameTable('a', 'b')
    })
    expect((await live('b')).primaryKey).toEqual({ name: 'pk_new', columns: ['other', 'id'] })
    expect((await live('child')).foreignKeys[0]?.references).toEqual({ table: 'b', columns: ['other', 'id'] })
    await expect(storage.query({ sql: 'insert into b (id, other) values (1, 10)' })).rejects.toMatchObject({ code: 'unique_violated' })
    await expect(storage.query({ sql: 'insert into b (id) values (1)' })).rejects.toMatchObject({ code: 'not_null_violated' })
    await expect(change((op) => op.dropTable('b'))).rejects.toBeInstanceOf(TidemarkError)
    await change(async (op) => {
      await op.dropTable('child')
      await op.dropTable('b')
    })
    expect([...(await introspect(storage)).tables.keys()]).toEqual([])
  })

  it('drop a column with the indexes and keys that name it', async () => {
    await change(async (op) => {
      await op.createTable('t', { id: c.integer().primaryKey(), a: c.integer(), b: c.integer() }, { uniques: [{ columns: ['a', 'b'] }], indexes: [{ columns: ['b', 'a'] }, { columns: ['b'] }], checks: [{ name: 'ck', expression: 'a < b' }] })
      await op.insert('t', [{ id: 1, a: 1, b: 2 }])
      await op.dropColumn('t', 'a')
    })
    const table = await live('t')
    expect([table.columns.map((column) => column.name), table.uniques, table.checks, table.indexes.map((index) => index.name)]).toEqual([['id', 'b'], [], [], ['ix_t_b']])
    expect(await rows('select * from t')).toEqual([{ id: 1, b: 2 }])
  })

  it('keep a named enum, with values added in place', async () => {
    await change(async (op) => {
      await op.createEnum('mood', ['calm', 'angry'])
      await op.createTable('people', { id: c.integer().primaryKey(), mood: c.enum(['calm', 'angry'], { name: 'mood' }).notNull().default('calm') })
      await op.insert('people', [{ id: 1 }])
    })
    await expect(storage.query({ sql: `insert into people values (2, 'glad')` })).rejects.toBeInstanceOf(TidemarkError)
    await change((op) => op.alterEnum('mood', { add: 'glad', before: 'angry' }))
    await storage.query({ sql: `insert into people values (2, 'glad')` })
    await expect(storage.query({ sql: `insert into people values (3, 'sad')` })).rejects.toBeInstanceOf(TidemarkError)
    for (const wrong of [{ add: 'glad' }, { add: 'sad', after: 'nothing' }]) await expect(change((op) => op.alterEnum('mood', wrong))).rejects.toMatchObject({ code: 'statement_failed' })
    if (storage.dialect === 'postgres') expect((await introspect(storage)).enums.get('mood')).toEqual(['calm', 'glad', 'angry'])
    await change(async (op) => {
      await op.alterColumn('people', 'mood', { type: c.text(), default: null })
      await op.dropEnum('mood')
      await op.insert('people', [{ id: 3, mood: 'anything' }])
    })
    expect(await rows('select mood from people order by id')).toEqual([{ mood: 'calm' }, { mood: 'glad' }, { mood: 'anything' }])
  })

  it('add a value to a named enum whose table and column have other names by now', async () => {
    await change(async (op) => {
      await op.createEnum('mood', ['calm'])
      await op.createEnum('state', ['calm'])
      await op.createTable('people', { id: c.integer().primaryKey(), mood: c.enum(['calm'], { name: 'mood' }), state: c.enum(['calm'], { name: 'state' }) })
    })
    await change(async (op) => {
      await op.renameTable('people', 'persons')
      await op.alterColumn('persons', 'mood', { name: 'temper' })
    })
    await change((op) => op.alterEnum('mood', { add: 'glad' }))
    await storage.query({ sql: `insert into persons (id, temper) values (1, 'glad')` })
    await expect(storage.query({ sql: `insert into persons (id, state) values (2, 'glad')` })).rejects.toBeInstanceOf(TidemarkError)
  })

  it('give an enum other values, or another type, whose table and column have other names by now', async () => {
    await change((op) => op.createTable('people', { id: c.integer().primaryKey(), mood: c.enum(['calm']), state: c.enum(['calm']), place: c.enum(['calm']), own: c.enum(['calm']) }))
    await change(async (op) => {
      await op.renameTable('people', 'persons')
      await op.alterColumn('persons', 'mood', { name: 'temper' })
    })
    await change(async (op) => {
      await op.alterColumn('persons', 'temper', { type: c.enum(['calm', 'glad']) })
      await op.alterColumn('persons', 'state', { type: c.text() })
      await op.batch('persons', async (t) => {
        await t.alterColumn('place', { name: 'spot' })
        await t.alterColumn('spot', { type: c.enum(['calm', 'glad']) })
      })
    })
    await storage.query({ sql: `insert into persons (id, temper, state, spot) values (1, 'glad', 'any', 'glad')` })
    for (const column of ['temper', 'spot', 'own']) {
      await expect(storage.query({ sql: `insert into persons (id, ${column}) values (2, 'none')` }), column).rejects.toMatchObject({ code: 'check_violated' })
    }
    expect((await live('persons')).checks).toHaveLength(3)
  })

  async function change(revision: (op: Op) => Promise<void>): Promise<void> {
    await storage.transaction(async (tx) => {
      const { op, finish } = createOp({
        dialect: tx.dialect, offline: false, naming: defaultNaming,
        apply: async (operation) => void (await applyOperation(tx, operation, () => undefined)),
        query: (statement) => tx.query(statement),
      })
      await revision(op)
      await finish()
    }, { foreignKeys: 'suspended' })
  }

  async function rows(sql: string): Promise<readonly Record<string, unknown>[]> {
    return (await storage.query({ sql })).rows
  }

  async function live(name: string): Promise<LiveTable> {
    return (await introspect(storage)).tables.get(name)!
  }

  function comparable(table: LiveTable): unknown {
    const fold = (text: string | undefined): string | undefined => text?.replace(/\s+/g, ' ')
    return { ...table, checks: table.checks.map((check) => ({ ...check, expression: fold(check.expression) })) }
  }
})
