import { expect, it } from 'vitest'
import { engineNamed } from '../support/engines.ts'
import { type OperationExample, operationNames, operationsReference } from './operations-reference.ts'

const examples: readonly OperationExample[] = [
  { method: 'createTable', code: `await op.createTable('tags', {
  id: c.integer().primaryKey(),
  post_id: c.integer().notNull().references('posts', 'id', { onDelete: 'cascade' }),
  name: c.text({ length: 40 }).notNull(),
  kind: c.enum(['topic', 'mood']).notNull().default('topic'),
}, {
  uniques: [{ columns: ['post_id', 'name'] }],
  indexes: [{ columns: [{ expression: 'lower(name)' }], where: \`kind = 'topic'\` }],
  comment: 'what posts are about',
})` },
  { method: 'dropTable', code: `await op.dropTable('posts')` },
  { method: 'renameTable', code: `await op.renameTable('posts', 'articles')` },
  { method: 'addColumn', code: `await op.addColumn('posts', 'published_at', c.instant())` },
  { method: 'dropColumn', code: `await op.dropColumn('posts', 'body')` },
  { method: 'alterColumn', code: `await op.alterColumn('posts', 'views', { type: c.bigint(), nullable: true, default: null })` },
  { method: 'createIndex', code: `await op.createIndex('ix_posts_views', 'posts', [{ column: 'views', order: 'desc' }], { where: 'views > 0' })` },
  { method: 'dropIndex', code: `await op.createIndex('ix_posts_slug', 'posts', ['slug'])
await op.dropIndex('ix_posts_slug', 'posts')` },
  { method: 'createPrimaryKey', code: `await op.dropConstraint('pk_posts', 'posts')
await op.createPrimaryKey('pk_posts', 'posts', ['author_id', 'slug'])` },
  { method: 'createUnique', code: `await op.createUnique('uq_posts_slug', 'posts', ['slug'])` },
  { method: 'createForeignKey', code: `await op.createForeignKey('fk_posts_author_id', 'posts', ['author_id'], { table: 'users', columns: ['id'] }, { onDelete: 'cascade' })` },
  { method: 'createCheck', code: `await op.createCheck('ck_posts_slug', 'posts', \`slug <> ''\`)` },
  { method: 'dropConstraint', code: `await op.createUnique('uq_posts_slug', 'posts', ['slug'])
await op.dropConstraint('uq_posts_slug', 'posts')` },
  { method: 'setTableComment', code: `await op.setTableComment('posts', 'what people wrote')` },
  { method: 'setColumnComment', code: `await op.setColumnComment('posts', 'views', 'since the first day')` },
  { method: 'createEnum', code: `await op.createEnum('state', ['draft', 'published'])
await op.addColumn('posts', 'state', c.enum(['draft', 'published'], { name: 'state' }).notNull().default('draft'))` },
  { method: 'alterEnum', code: `await op.createEnum('state', ['draft', 'published'])
await op.addColumn('posts', 'state', c.enum(['draft', 'published'], { name: 'state' }))
await op.alterEnum('state', { add: 'review', after: 'draft' })` },
  { method: 'dropEnum', code: `await op.createEnum('state', ['draft', 'published'])
await op.dropEnum('state')` },
  { method: 'batch', code: `await op.batch('posts', async (t) => {
  await t.alterColumn('slug', { type: c.text({ length: 80 }) })
  await t.createUnique('uq_posts_slug', ['slug'])
  await t.addColumn('subtitle', c.text())
})` },
  { method: 'execute', code: `await op.execute('update posts set views = 0 where views < 0')` },
  { method: 'updateInBatches', code: `await op.updateInBatches('posts', { set: 'slug = lower(slug)', where: 'slug <> lower(slug)', size: 5_000 })` },
  { method: 'insert', code: `await op.insert('users', [{ id: 1, email: 'a@example.org' }, { id: 2, email: 'b@example.org' }])` },
  { method: 'query', code: `const { rows } = await op.query('select id from users where email is null')
if (rows.length > 0) await op.execute('delete from users where email is null')` },
]

it('docs/migrations/operations.md is what the code says, with an example for each operation', async () => {
  expect(examples.map(({ method }) => method).toSorted()).toEqual([...operationNames()].toSorted())
  const text = await operationsReference({ open: { sqlite: () => engineNamed('sqljs memory').open(), postgres: () => engineNamed('pglite memory').open() }, examples })
  await expect(text).toMatchFileSnapshot('../../docs/migrations/operations.md')
})
