/** What `browser-upgrade.test.ts` runs in a page: the migration kit on the engines that a browser has. */
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import { defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Storage } from '../../src/storage/storage.ts'

const revisions = [
  defineRevision({
    id: 'a1f0c2', down: [], message: 'posts', createdAt: '2026-11-20T18:00:00Z',
    async upgrade(op) {
      await op.createTable('posts', { id: c.integer().primaryKey(), title: c.text(), views: c.integer() })
      await op.insert('posts', [{ id: 1, title: 'first', views: 3 }, { id: 2, title: 'zweiter ✓', views: null }])
    },
    downgrade: (op) => op.dropTable('posts'),
  }),
  defineRevision({
    id: 'b27d91', down: ['a1f0c2'], message: 'views are counted', createdAt: '2026-11-20T19:00:00Z', lossy: 'unknown views become 0',
    async upgrade(op) {
      await op.execute('update posts set views = 0 where views is null')
      await op.batch('posts', async (t) => {
        await t.alterColumn('views', { type: c.bigint(), nullable: false, default: 0 })
        await t.createUnique('uq_posts_title', ['title'])
      })
    },
    async downgrade(op) {
      await op.batch('posts', async (t) => {
        await t.dropConstraint('uq_posts_title')
        await t.alterColumn('views', { type: c.integer(), nullable: true, default: null })
      })
    },
  }),
]

async function upgradeAndBack(storage: Storage): Promise<object> {
  const migrator = new Migrator({ storage, revisions })
  const { to } = await migrator.upgrade()
  const { rows } = await storage.query({ sql: 'select id, title, views from posts order by id' })
  const refused = await storage.query({ sql: `insert into posts (id, title) values (3, 'first')` }).then(() => 'taken', (error: { readonly code?: string }) => error.code)
  await migrator.downgrade('base')
  return { name: storage.name, to, rows, refused, after: await migrator.current() }
}

async function run(): Promise<readonly object[]> {
  const results: object[] = []
  for (const open of [sqljs, pglite]) {
    await using storage = await open()
    results.push(await upgradeAndBack(storage))
  }
  return results
}

Object.assign(globalThis, { results: run() })
