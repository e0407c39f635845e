/** A table of 50,000 rows with everything on it is rebuilt on a file, and looked at before and after by another SQLite. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import { defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import { freshFolder } from '../support/engines.ts'
import { openOtherSqlite } from '../support/other-sqlite.ts'

const rows = 50_000

const statements = [
  'create table authors (id integer primary key, name text not null)',
  `create table posts (
    id integer primary key autoincrement,
    author_id integer not null references authors (id) on delete cascade,
    parent_id integer references posts (id) on delete set null,
    slug text not null collate nocase unique,
    views integer not null check (views >= 0),
    title text,
    title_length integer generated always as (length(title)) stored,
    title_upper text as (upper(title)) virtual)`,
  'create index posts_by_views on posts (views desc) where views > 10',
  'create index posts_by_lower on posts (lower(title), author_id)',
  'create table comments (id integer primary key, post_id integer not null references posts (id) on delete cascade, body text)',
  'create table deleted (post_id integer)',
  'create trigger posts_deleted after delete on posts begin insert into deleted values (old.id); end',
  'create view popular as select id, slug from posts where views > 10',
  `insert into authors with recursive n(i) as (select 1 union all select i + 1 from n where i < 100) select i, 'author ' || i from n`,
  `insert into posts (id, author_id, parent_id, slug, views, title) with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})
    select i * 2, 1 + i % 100, case when i % 3 = 0 then (i / 3) * 2 end, 'Slug-' || i, i % 40, case when i % 7 then 'Title ' || i end from n`,
  `insert into comments with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows}) select i, i * 2, 'comment ' || i from n`,
]

const revision = defineRevision({
  id: 'a1f0c2', down: [], message: 'titles are needed', createdAt: '2026-11-20T18:00:00Z', lossy: 'titles that were missing become empty',
  async upgrade(op) {
    await op.execute(`update posts set title = '' where title is null`)
    await op.batch('posts', async (t) => {
      await t.alterColumn('title', { nullable: false, default: '' })
      await t.alterColumn('views', { type: c.bigint() })
      await t.createUnique('uq_posts_author', ['author_id', 'slug'])
    })
  },
  async downgrade(op) {
    await op.batch('posts', async (t) => {
      await t.dropConstraint('uq_posts_author')
      await t.alterColumn('views', { type: c.integer() })
      await t.alterColumn('title', { nullable: true, default: null })
    })
  },
})

it('a rebuild of 50,000 rows keeps rows, ids, keys, indexes, triggers, the view and the mark, both ways', { timeout: 120_000 }, async () => {
  const file = join(await freshFolder(), 'posts.db')
  const storage = await sqljs({ file })
  await storage.transaction(async (tx) => {
    for (const sql of statements) await tx.query({ sql })
  })
  await storage.query({ sql: 'delete from posts where id = 100000' })
  await storage.query({ sql: `update posts set title = '' where title is null` })
  const before = await look(file)
  expect(before.counts).toEqual([{ posts: rows - 1, comments: rows - 1, deleted: 1, popular: (rows / 40) * 29, mark: 100_000 }])

  const migrator = new Migrator({ storage, revisions: [revision] })
  const { steps } = await migrator.upgrade()
  expect(steps[0]?.operations.map(({ grade }) => grade)).toEqual(['data', 'rebuild'])
  const after = await look(file)
  const { 'table posts': changedText, ...others } = after.objects
  const { 'table posts': oldText, ...othersBefore } = before.objects
  expect(others).toEqual({ ...othersBefore, ...bookkeeping(after.objects) })
  expect(changedText).not.toBe(oldText)
  expect({ ...after, objects: {} }).toEqual({ ...before, objects: {} })

  await migrator.downgrade('base')
  const back = await look(file)
  expect(back.objects['table posts']).toContain('title text,')
  expect({ ...back, objects: {} }).toEqual({ ...before, objects: {} })

  // The keys and triggers are not only there, they work.
  await storage.query({ sql: 'delete from authors where id = 2' })
  const [{ posts, comments, deleted } = { posts: 0, comments: 0, deleted: 0 }] = (await look(file)).counts as { posts: number; comments: number; deleted: number }[]
  expect([posts, comments, deleted]).toEqual([rows - 1 - rows / 100, rows - 1 - rows / 100, 1 + rows / 100])
  await storage.close()
})

async function look(file: string): Promise<{ readonly counts: readonly object[]; readonly objects: Readonly<Record<string, unknown>>; readonly digests: readonly string[]; readonly problems: readonly object[] }> {
  const database = await openOtherSqlite(await readFile(file))
  try {
    const digest = (sql: string): string => createHash('sha256').update(JSON.stringify(database.rows(sql))).digest('hex')
    return {
      counts: database.rows(`select (select count(*) from posts) as posts, (select count(*) from comments) as comments, (select count(*) from deleted) as deleted,
        (select count(*) from popular) as popular, (select seq from sqlite_sequence where name = 'posts') as mark`),
      objects: Object.fromEntries(database.rows(`select type || ' ' || name as name, sql from sqlite_schema where sql is not null order by type, name`).map((row) => [String(row['name']), row['sql']])),
      digests: [
        digest('select rowid, id, author_id, parent_id, slug, views, title, title_length, title_upper from posts order by id'),
        digest('select * from comments order by id'), digest('select id, slug from popular order by id'),
        digest('select id from posts indexed by posts_by_views where views > 10 order by views desc, id'),
      ],
      problems: [...database.rows('pragma integrity_check'), ...database.rows('pragma foreign_key_check')],
    }
  } finally {
    database.close()
  }
}

function bookkeeping(objects: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(objects).filter(([name]) => /tidemark_(version|history)/.test(name)))
}
