/** A history whose texts are as nasty as they come, in names, rows, defaults, comments and statements; every kind of operation, on both dialects. */
import { defineRevision, type Revision } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'

export const nasty = `it's "so" \\ \\' -- no /* comment */ ; $1 ? ?1 :name $$ $tag$ \n\r\n.quit\nCOMMIT; 😀 \u2028 %`
const createdAt = '2026-11-20T18:00:00Z'

const base = defineRevision({
  id: 'a1', down: [], message: `first\nDROP TABLE posts; -- ${nasty}`, createdAt,
  async upgrade(op) {
    await op.createEnum('mood', ['calm', `an'gry`])
    await op.createTable('authors', { id: c.integer().primaryKey(), name: c.text().notNull().unique(), mood: c.enum(['calm', `an'gry`], { name: 'mood' }).default(`an'gry`) })
    await op.createTable('posts', {
      id: c.integer().primaryKey(),
      author_id: c.integer().notNull().references('authors', 'id', { onDelete: 'cascade' }),
      title: c.text().default(nasty).comment(nasty),
      'odd "name" ?$1 --': c.json().default({ [nasty]: nasty }),
      views: c.bigint().default(0),
      at: c.instant(),
      price: c.numeric(10, 2),
      raw: c.bytes(),
      flag: c.boolean().notNull().default(true),
    }, { indexes: [{ columns: ['views', 'title'], where: `title <> 'a;--b'` }], checks: [{ name: 'ck_title', expression: `title <> '?;$1'` }], comment: nasty })
    await op.insert('authors', [{ id: 1, name: nasty }, { id: 2, name: 'Ann', mood: 'calm' }])
    await op.insert('posts', [
      { id: 1, author_id: 1, title: nasty, 'odd "name" ?$1 --': [nasty], views: 9007199254740993n, at: '2026-03-03T08:00:00.000Z', price: -12.5, raw: new Uint8Array([0, 39, 92, 255]), flag: false },
      { id: 2, author_id: 2, title: 'two', 'odd "name" ?$1 --': null, views: -1, at: null, price: 0.1, raw: new Uint8Array(), flag: true },
    ])
  },
  async downgrade(op) {
    await op.dropTable('posts')
    await op.dropTable('authors')
    await op.dropEnum('mood')
  },
})

const changed = defineRevision({
  id: 'b2', down: ['a1'], message: 'change things', createdAt, lossy: `the slugs\ngo ${nasty}`,
  async upgrade(op) {
    const value = op.dialect === 'postgres' ? '$1' : '?'
    if (op.dialect === 'sqlite') {
      await op.execute(`create trigger posts_touch after update of views on posts begin update authors set name = name || '?;' where id = -new.id; end`)
      await op.execute('create table log (id integer primary key autoincrement, "entry;" text)')
      await op.execute(`insert into log values (41, ?), (7, 'seven')`, [nasty])
    }
    await op.alterColumn('posts', 'title', { nullable: false })
    await op.createCheck('ck_views', 'posts', `price <> 13 or title <> '\\?'`)
    await op.alterColumn('posts', 'views', { name: 'seen', type: c.text(), using: `'v' || views`, default: nasty })
    await op.addColumn('posts', 'slug', c.text().unique())
    await op.execute(`update posts set title = title || ${value} where title like '%?%$1%' -- ?$1`, [`-- ${nasty}`])
    await op.batch('posts', async (t) => {
      await t.addColumn('kind', c.enum(['a', `b'?`]).notNull().default(`b'?`))
      await t.dropConstraint('ck_title')
      await t.createForeignKey('fk_self', ['id'], { table: 'posts', columns: ['id'] })
    })
    await op.updateInBatches('posts', { set: `price = price + 1`, where: `kind <> ';?'` })
  },
  async downgrade(op) {
    await op.batch('posts', async (t) => {
      await t.dropConstraint('fk_self')
      await t.createCheck('ck_title', `title <> '?;$1'`)
      await t.dropColumn('kind')
    })
    await op.dropColumn('posts', 'slug')
    await op.alterColumn('posts', 'seen', { name: 'views', type: c.bigint(), using: op.dialect === 'postgres' ? 'substr(seen, 2)::bigint' : 'cast(substr(seen, 2) as integer)', default: 0 })
    await op.dropConstraint('ck_views', 'posts')
    await op.alterColumn('posts', 'title', { nullable: true })
    if (op.dialect === 'sqlite') {
      await op.execute('drop table log')
      await op.execute('drop trigger posts_touch')
    }
  },
})

const left = defineRevision({
  id: 'c3', down: ['b2'], message: 'left', createdAt, labels: ['left'],
  async upgrade(op) {
    await op.alterEnum('mood', { add: `so-'so`, before: `an'gry` })
    await op.renameTable('authors', 'writers')
    if (op.dialect === 'sqlite') await op.execute('alter table log add column note text')
  },
  async downgrade(op) {
    if (op.dialect === 'sqlite') await op.execute('alter table log drop column note')
    await op.renameTable('writers', 'authors')
    // PostgreSQL keeps the value; SQLite has no types to keep it in.
  },
})

const right = defineRevision({
  id: 'd4', down: ['b2'], message: 'right, each step on its own', createdAt, transaction: false,
  async upgrade(op) {
    await op.createIndex('ix_seen', 'posts', [{ column: 'seen', order: 'desc' }], { concurrently: true })
    await op.createTable('tags', { id: c.integer().primaryKey(), name: c.text() }, { indexes: [{ columns: ['name'] }], comment: nasty })
    await op.createUnique('uq_tags', 'tags', ['name'])
    await op.insert('tags', [{ id: 1, name: nasty }])
  },
  async downgrade(op) {
    await op.dropTable('tags')
    await op.dropIndex('ix_seen', 'posts', { concurrently: true })
  },
})

const merged = defineRevision({
  id: 'e5', down: ['c3', 'd4'], message: 'both', createdAt,
  upgrade: async () => undefined,
  downgrade: async () => undefined,
})

export const hostileHistory: readonly Revision[] = [merged, right, left, changed, base]
