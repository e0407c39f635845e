import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import { c } from '../../src/schema/column.ts'
import { createOp, type Op } from '../../src/migrate/op.ts'
import { applyOperation } from '../../src/migrate/apply-operation.ts'
import type { Grade } from '../../src/migrate/operation.ts'
import { defaultNaming } from '../../src/schema/table.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

// One table with everything that tools are known to lose, and everything around it that refers to it.
const fixture = `
create table authors (id integer primary key, name text not null);
create table posts (
  id integer primary key autoincrement, -- the mark is above the rows
  slug text not null collate nocase,
  "order" integer default 7,
  author_id integer not null constraint fk_author references authors (id) on delete cascade deferrable initially deferred,
  parent_id integer references posts (id) on delete set null,
  views integer not null default 0 check (posts.views >= 0),
  title text, /* shown, in lists */
  title_length integer generated always as (length(title)) stored,
  title_upper text as (upper(title)) virtual,
  price real default -1.5,
  blob_value blob default x'00ff',
  constraint uq_slug unique (slug) on conflict ignore,
  unique (author_id, title),
  constraint ck_slug check (slug <> ')' and slug <> '--')
) strict;
create index ix_views on posts (views desc, slug collate binary);
create index ix_partial on posts (author_id) where views > 10;
create index ix_expression on posts (lower(slug), "order");
create table comments (id integer primary key, post_id integer not null references posts (id) on delete cascade, body text);
create table log (entry text);
create trigger posts_insert after insert on posts begin insert into log values ('insert ' || new.slug); end;
create trigger posts_update after update of views on posts when new.views > old.views begin insert into log values ('views'); end;
create trigger posts_delete after delete on posts begin insert into log values ('delete'); end;
create trigger comments_delete after delete on comments begin insert into log values ('comment gone'); end;
create trigger comments_insert after insert on comments begin update posts set views = views + 1 where id = new.post_id; end;
create view popular as select id, slug from posts where views > 10;
create trigger popular_insert instead of insert on popular begin insert into posts (slug, author_id) values (new.slug, 1); end;
insert into authors values (1, 'Ann'), (2, 'Ben');
insert into posts (id, slug, author_id, parent_id, views, title) values (1, 'one', 1, null, 5, 'One'), (5, 'five', 1, 1, 50, 'Five'), (9, 'nine', 2, 5, 0, null);
delete from posts where id = 9;
insert into comments values (1, 1, 'a'), (2, 1, 'b'), (3, 5, 'c')
`

let storage: Storage

beforeEach(async () => {
  storage = await engineNamed('sqljs memory').open()
  for (const sql of fixture.replace(/ begin (.*?); end;/g, ' begin $1~ end;').split(/;\n/)) await storage.query({ sql: sql.replaceAll('~', ';') })
})

afterEach(() => storage.close())

describe('a rebuild keeps', () => {
  it('rows, rowids, indexes, triggers, views, keys in both directions, generated columns, the mark, and the wording of the rest', async () => {
    const before = { rows: await all('select *, rowid as place from posts order by id'), comments: await all('select * from comments'), log: await all('select * from log'), objects: await objects() }
    const grades = await change((op) => op.alterColumn('posts', 'order', { type: c.text(), default: 'x' }))
    expect(grades).toEqual(['rebuild'])

    const after = await objects()
    expect(Object.keys(after)).toEqual(Object.keys(before.objects))
    const { 'table posts': text, ...others } = after
    const { 'table posts': oldText, ...othersBefore } = before.objects
    expect(others).toEqual(othersBefore)
    expect(text).toBe(oldText!.replace('CREATE TABLE posts', 'CREATE TABLE "posts"').replace('"order" integer default 7', `"order" TEXT DEFAULT 'x'`).replace('posts.views >= 0', 'views >= 0'))
    expect(await all('select *, rowid as place from posts order by id')).toEqual(before.rows.map((row) => ({ ...row, order: String(row['order']) })))
    expect(await all('select * from comments')).toEqual(before.comments)
    expect(await all('select * from log')).toEqual(before.log)
  })

  it('everything at work: triggers fire, keys hold, deletes cascade, ids are not given twice, conflicts are ignored as declared', async () => {
    await change((op) => op.createUnique('uq_new', 'posts', ['slug', 'views']))
    await run(`insert into posts (slug, author_id) values ('after', 2)`)
    expect(await all('select id from posts where slug = ?', 'AFTER')).toEqual([{ id: 10 }])
    expect(await all('select entry from log order by rowid desc limit 1')).toEqual([{ entry: 'insert after' }])
    await run(`insert into posts (slug, author_id) values ('ONE', 2)`)
    expect(await all('select count(*) as n from posts')).toEqual([{ n: 3 }])
    await run(`insert into comments values (4, 5, 'd')`)
    expect(await all('select views from posts where id = 5')).toEqual([{ views: 52 }])
    await run(`insert into popular (slug) values ('through the view')`)
    expect(await all(`select count(*) as n from posts where slug = 'through the view'`)).toEqual([{ n: 1 }])
    await run('delete from posts where id = 1')
    expect(await all('select id from comments order by id')).toEqual([{ id: 3 }, { id: 4 }])
    expect(await all('select parent_id from posts where id = 5')).toEqual([{ parent_id: null }])
    await run('delete from authors where id = 1')
    expect(await all('select id from posts')).toEqual([{ id: 10 }])
    await expect(run(`insert into comments values (9, 99, 'x')`)).rejects.toMatchObject({ code: 'foreign_key_violated' })
    await expect(run('update posts set views = -1')).rejects.toMatchObject({ code: 'check_violated' })
    await expect(run(`update posts set slug = 5.5 || x'ff'`)).resolves.toBeDefined()
  })

  it('WITHOUT ROWID, and rowids of tables whose key is not the rowid', async () => {
    await run('create table pairs (a text, b integer, c text default (hex(1)), primary key (b desc, a)) without rowid')
    await run(`insert into pairs values ('x', 1, 'y'), ('z', 2, 'w')`)
    await run('create table loose (name text, rowid text)')
    await run(`insert into loose (_rowid_, name) values (7, 'seven'), (3, 'three')`)
    expect(await change(async (op) => {
      await op.alterColumn('pairs', 'c', { default: { sql: 'hex(2)' } })
      await op.alterColumn('loose', 'name', { type: c.text({ length: 9 }) })
    })).toEqual(['rebuild', 'rebuild'])
    expect((await objects())['table pairs']).toBe('CREATE TABLE "pairs" (a text, b integer, c text DEFAULT (hex(2)), primary key (b desc, a)) without rowid')
    expect(await all('select * from pairs order by b')).toEqual([{ a: 'x', b: 1, c: 'y' }, { a: 'z', b: 2, c: 'w' }])
    expect(await all('select _rowid_ as place, name from loose order by place')).toEqual([{ place: 3, name: 'three' }, { place: 7, name: 'seven' }])
  })

  it('as many rows where no column is left', async () => {
    await run('create table tags (name text primary key)')
    await run(`insert into tags values ('one'), ('two')`)
    await run('create table codes (code text primary key) without rowid')
    await change(async (op) => {
      await op.batch('tags', async (t) => {
        await t.dropConstraint('pk_tags', 'primaryKey')
        await t.addColumn('id', c.integer().notNull())
        await t.addColumn('label', c.text().default('none'))
        await t.dropColumn('name')
        await t.createPrimaryKey('pk_tags', ['id'])
      })
      await op.batch('codes', async (t) => {
        await t.dropConstraint('pk_codes', 'primaryKey')
        await t.addColumn('number', c.integer().notNull())
        await t.dropColumn('code')
        await t.createPrimaryKey('pk_codes', ['number'])
      })
    })
    expect(await all('select * from tags')).toEqual([{ id: 1, label: 'none' }, { id: 2, label: 'none' }])
    expect(await all('select * from codes')).toEqual([])
  })

  it('the mark of an empty AUTOINCREMENT table', async () => {
    await run('delete from comments')
    await run('delete from posts')
    await change((op) => op.alterColumn('posts', 'price', { default: 2 }))
    await run(`insert into posts (slug, author_id) values ('new', 1)`)
    expect(await all('select id from posts')).toEqual([{ id: 10 }])
  })
})

describe('a batch', () => {
  it('takes one rebuild for all its changes, and drops what belongs to a dropped column', async () => {
    const statements: string[] = []
    const grades = await change((op) => op.batch('posts', async (t) => {
      await t.addColumn('kind', c.enum(['a', 'b']).notNull().default('a'))
      await t.addColumn('code', c.text().unique())
      await t.addColumn('made_at', c.text().notNull().defaultNow())
      await t.alterColumn('title', { nullable: false, default: 'none' })
      await t.createForeignKey('fk_order', ['order'], { table: 'authors', columns: ['id'] }, { onDelete: 'set null' })
      await t.dropColumn('price')
      await t.dropConstraint('uq_slug')
      await t.createIndex('ix_kind', ['kind', { column: 'views', order: 'desc' }], { where: `kind = 'a'` })
      await t.dropIndex('ix_partial')
    }), (sql) => statements.push(sql), async () => void (await run('update posts set "order" = 1')))
    expect(grades).toEqual(['rebuild'])
    expect(statements.filter((sql) => /^create table/i.test(sql))).toHaveLength(1)
    expect(await all('select kind, code, title, length(made_at) as n from posts order by id')).toEqual([{ kind: 'a', code: null, title: 'One', n: 24 }, { kind: 'a', code: null, title: 'Five', n: 24 }])
    expect(Object.keys(await objects()).filter((name) => name.startsWith('index'))).toEqual(['index ix_expression', 'index ix_kind', 'index ix_views'])
    await expect(run(`update posts set kind = 'c'`)).rejects.toMatchObject({ code: 'check_violated' })
    expect((await all('pragma foreign_key_list(posts)')).map((row) => `${String(row['from'])} ${String(row['table'])} ${String(row['on_delete'])}`).toSorted((a, b) => a.localeCompare(b))).toEqual(['author_id authors CASCADE', 'order authors SET NULL', 'parent_id posts SET NULL'])
  })

  it('drops keys, checks and indexes that name a dropped column, as PostgreSQL does', async () => {
    await run('drop view popular')
    await run('drop trigger posts_insert')
    expect(await change((op) => op.dropColumn('posts', 'slug'))).toEqual(['rebuild'])
    expect((await objects())['table posts']).not.toContain('slug')
    expect(Object.keys(await objects()).filter((name) => name.startsWith('index'))).toEqual(['index ix_partial'])
  })

  it('fills a column that was dropped and added again as a new one', async () => {
    await run('drop view popular')
    expect(await change((op) => op.batch('comments', async (t) => {
      await t.dropColumn('body')
      await t.addColumn('body', c.text().unique())
    }))).toEqual(['rebuild'])
    expect(await all('select distinct body from comments')).toEqual([{ body: null }])
  })

  it('converts values as the changes before have left them', async () => {
    await change((op) => op.batch('comments', async (t) => {
      await t.alterColumn('body', { type: c.integer(), using: 'unicode(body)' })
      await t.alterColumn('body', { type: c.text(), using: `'<' || body || '>'` })
    }))
    expect(await all('select body from comments order by id')).toEqual([{ body: '<97>' }, { body: '<98>' }, { body: '<99>' }])
  })

  it('renames a column in views, triggers and indexes too', async () => {
    expect(await change((op) => op.batch('posts', async (t) => {
      await t.createCheck('ck_views', 'views < 1000')
      await t.alterColumn('views', { name: 'reads' })
      await t.alterColumn('reads', { default: 1 })
    }))).toEqual(['rebuild'])
    expect(await all('select id from popular')).toEqual([{ id: 5 }])
    await run(`insert into comments values (4, 5, 'd')`)
    expect(await all('select reads from posts where id = 5')).toEqual([{ reads: 52 }])
  })
})

describe('a rebuild refuses, and leaves nothing behind,', () => {
  const cases: readonly (readonly [string, (op: Op) => Promise<void>, string])[] = [
    ['rows that a new unique key does not allow', (op) => op.createUnique('uq_title', 'posts', ['author_id']), 'unique_violated'],
    ['rows that a conflict clause of the table would drop in silence', (op) => op.alterColumn('posts', 'slug', { type: c.text(), using: `'same'` }), 'unique_violated'],
    ['rows that lack a value', (op) => op.addColumn('posts', 'must', c.text().notNull()), 'not_null_violated'],
    ['values that do not become numbers', (op) => op.alterColumn('comments', 'body', { type: c.integer() }), 'statement_failed'],
    ['a view that would break', (op) => op.batch('posts', async (t) => { await t.dropColumn('slug'); await t.alterColumn('order', { default: 1 }) }), 'statement_failed'],
    ['a type that a STRICT table cannot have', (op) => op.addColumn('posts', 'x', c.instant()), 'operation_not_supported'],
    ['a check on a misspelt column, which SQLite would take for a text', (op) => op.createCheck('ck', 'comments', '"boddy" is not null'), 'statement_failed'],
    ['a check whose parenthesis is not closed', (op) => op.createCheck('ck', 'comments', '(body is not null'), 'statement_failed'],
    ['a check whose quote is not closed', (op) => op.batch('comments', async (t) => { await t.createCheck('ck', `body <> '`); await t.alterColumn('body', { default: 'x' }) }), 'statement_failed'],
    ['a check that goes on behind its end', (op) => op.createCheck('ck', 'comments', 'body is not null), nonsense (1'), 'statement_failed'],
    ['an index on a misspelt column', (op) => op.createIndex('ix', 'comments', ['boddy']), 'statement_failed'],
    ['a name that another constraint has', (op) => op.createUnique('ck_slug', 'posts', ['views']), 'statement_failed'],
    ['a column that is there already', (op) => op.batch('comments', async (t) => { await t.addColumn('body', c.text()); await t.createUnique('u', ['body']) }), 'statement_failed'],
    ['text that is too long for its new type', (op) => op.alterColumn('comments', 'body', { type: c.text({ length: 0 }) }), 'statement_failed'],
    ['text that is no instant', (op) => op.alterColumn('comments', 'body', { type: c.instant() }), 'statement_failed'],
    ['a column that is not there', (op) => op.alterColumn('posts', 'nothing', { default: 1 }), 'statement_failed'],
    ['a constraint that is not there', (op) => op.dropConstraint('nothing', 'posts'), 'statement_failed'],
    ['a table that is not there', (op) => op.alterColumn('nothing', 'a', { default: 1 }), 'statement_failed'],
  ]
  it.each(cases)('%s', async (_, revision, code) => {
    const before = [await objects(), await all('select * from posts'), await all('select * from comments'), await pragmas()]
    await expect(change(revision)).rejects.toMatchObject({ code })
    expect([await objects(), await all('select * from posts'), await all('select * from comments'), await pragmas()]).toEqual(before)
  })

  it('to run while foreign keys are enforced', async () => {
    await expect(storage.transaction((tx) => applyOperation(tx, { kind: 'createUnique', table: 'posts', unique: { name: 'u', columns: ['slug'] } }, () => undefined))).rejects.toMatchObject({
      code: 'operation_not_supported',
    })
  })

  it('virtual tables', async () => {
    await run('create virtual table words using fts4(word)')
    await expect(change((op) => op.addColumn('words', 'x', c.text().unique()))).rejects.toMatchObject({ code: 'operation_not_supported' })
  })
})

describe('the lightest way is taken', () => {
  it.each<readonly [string, (op: Op) => Promise<void>, Grade]>([
    ['a nullable column', (op) => op.addColumn('posts', 'x', c.text()), 'native'],
    ['a column with a constant default', (op) => op.addColumn('comments', 'x', c.boolean().notNull().default(true)), 'native'],
    ['a column with a computed default', (op) => op.addColumn('comments', 'x', c.instant().defaultNow()), 'rebuild'],
    ['a stored generated column', (op) => op.addColumn('comments', 'x', c.integer().generated('length(body)')), 'rebuild'],
    ['a virtual generated column', (op) => op.addColumn('comments', 'x', c.integer().generated('length(body)', { stored: false })), 'native'],
    ['NOT NULL', (op) => op.alterColumn('comments', 'body', { nullable: false }), 'native'],
    ['a check', (op) => op.createCheck('ck', 'comments', `body <> ''`), 'native'],
    ['dropping a named check', (op) => op.dropConstraint('ck_slug', 'posts'), 'native'],
    ['dropping a plain column', (op) => op.dropColumn('posts', 'price'), 'native'],
    ['dropping a column that refers', (op) => op.dropColumn('posts', 'parent_id'), 'native'],
    ['dropping a unique key', (op) => op.dropConstraint('uq_slug', 'posts'), 'rebuild'],
    ['dropping a key without a name', (op) => op.dropConstraint('uq_posts', 'posts', 'unique'), 'rebuild'],
    ['a comment, which SQLite does not keep', (op) => op.setColumnComment('posts', 'slug', 'the address'), 'native'],
  ])('%s', async (_, revision, grade) => {
    expect(await change(revision)).toEqual([grade])
    expect(await all('select count(*) as n from posts')).toEqual([{ n: 2 }])
    expect(await all('select count(*) as n from comments')).toEqual([{ n: 3 }])
  })
})

async function change(revision: (op: Op) => Promise<void>, seen: (sql: string) => void = () => undefined, prepare: () => Promise<void> = async () => undefined): Promise<Grade[]> {
  await prepare()
  const grades: Grade[] = []
  await storage.transaction(async (tx) => {
    const { op, finish } = createOp({
      dialect: 'sqlite', offline: false, naming: defaultNaming,
      apply: async (operation) => void grades.push(await applyOperation(tx, operation, (statement) => seen(statement.sql))),
      query: (statement) => tx.query(statement),
    })
    await revision(op)
    await finish()
  }, { foreignKeys: 'suspended' })
  return grades
}

async function run(sql: string): Promise<unknown> {
  return storage.query({ sql })
}

async function all(sql: string, ...parameters: string[]): Promise<readonly Record<string, unknown>[]> {
  return (await storage.query({ sql, parameters })).rows
}

async function objects(): Promise<Record<string, string>> {
  const rows = await all(`select type || ' ' || name as object, sql from sqlite_schema where sql is not null and name not like 'sqlite_%' order by 1`)
  return Object.fromEntries(rows.map((row) => [row['object'], row['sql']]))
}

async function pragmas(): Promise<unknown> {
  return [await all('pragma foreign_keys'), await all('pragma legacy_alter_table'), await all('select * from sqlite_sequence')]
}
