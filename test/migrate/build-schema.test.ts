import { describe, expect, it } from 'vitest'
import { buildSchema, schemaOperations } from '../../src/migrate/build-schema.ts'
import { summarizeOperation } from '../../src/migrate/operation.ts'
import { c } from '../../src/schema/column.ts'
import { introspect } from '../../src/schema/introspect.ts'
import { defineSchema, table } from '../../src/schema/table.ts'
import { engineNamed } from '../support/engines.ts'

const id = c.integer().primaryKey()

/** Declared in the wrong order; a circle of two, and two references of a table to itself. */
const schema = defineSchema({
  comments: table({ id, post: c.integer().references('posts', 'id'), parent: c.integer().references('comments', 'id') }),
  posts: table({ id, author: c.integer().references('users', 'id'), mood: c.enum(['good', 'bad'], { name: 'mood' }) }),
  users: table(
    { id, favourite: c.integer().references('posts', 'id', { onDelete: 'set null' }), code: c.text().notNull(), boss: c.text(), mood: c.enum(['good', 'bad'], { name: 'mood' }).default('good') },
    // The key that the reference needs is an index, which is made after the table.
    { indexes: [{ columns: ['code'], unique: true }], foreignKeys: [{ columns: ['boss'], references: { table: 'users', columns: ['code'] } }] },
  ),
})

describe('schemaOperations', () => {
  it('makes enums first, tables after those they refer to, and keys that close a circle last', () => {
    expect(schemaOperations(schema).map(summarizeOperation)).toEqual([
      'createEnum mood', 'createTable users', 'createTable posts', 'createTable comments', 'createForeignKey fk_users_favourite on users', 'createForeignKey fk_users_boss on users',
    ])
  })

  it('makes a reference of a table to itself with the table where it rests on one of its keys', () => {
    const tree = defineSchema({
      tree: table(
        { id, code: c.text().unique(), parent: c.text().references('tree', 'code'), root: c.integer().references('tree', 'id'), kind: c.enum(['leaf', 'root']), a: c.integer(), b: c.integer() },
        { uniques: [{ columns: ['a', 'b'] }], foreignKeys: [{ columns: ['a', 'b'], references: { table: 'tree', columns: ['b', 'a'] } }] },
      ),
    })
    expect(schemaOperations(tree).map(summarizeOperation)).toEqual(['createTable tree'])
    expect(schemaOperations(schema).at(-1)).toMatchObject({ kind: 'createForeignKey', notValid: false })
  })

  it('keeps the declared order where nothing forbids it', () => {
    const plain = defineSchema({ zebra: table({ id }), ant: table({ id }), bee: table({ id }) })
    expect(schemaOperations(plain).map(summarizeOperation)).toEqual(['createTable zebra', 'createTable ant', 'createTable bee'])
  })

  it('refuses an enum with two lists of values', () => {
    const torn = defineSchema({ a: table({ e: c.enum(['x'], { name: 'kind' }) }), b: table({ e: c.enum(['y'], { name: 'kind' }) }) })
    expect(() => schemaOperations(torn)).toThrow(expect.objectContaining({ code: 'schema_invalid', details: { enum: 'kind', table: 'b', column: 'e' } }))
  })
})

describe('buildSchema', () => {
  it.each(['sqljs memory', 'pglite memory', 'postgres'])('makes all of it on %s, with foreign keys that hold', async (name) => {
    await using storage = await engineNamed(name).open()
    await buildSchema(storage, schema)
    const { tables } = await introspect(storage)
    expect([...tables].map(([table, { foreignKeys }]) => [table, foreignKeys.map((key) => key.name).toSorted()])).toEqual([
      ['comments', ['fk_comments_parent', 'fk_comments_post']], ['posts', ['fk_posts_author']], ['users', ['fk_users_boss', 'fk_users_favourite']],
    ])
    await storage.query({ sql: `insert into users (id, code, boss) values (1, 'a', 'a')` })
    await expect(storage.query({ sql: 'insert into posts (id, author) values (1, 2)' })).rejects.toMatchObject({ code: 'foreign_key_violated' })
    await expect(storage.query({ sql: `insert into users (id, code, boss) values (2, 'b', 'c')` })).rejects.toMatchObject({ code: 'foreign_key_violated' })
  })

  it.each(['sqljs memory', 'pglite memory'])('leaves nothing behind where the engine refuses a part, on %s', async (name) => {
    await using storage = await engineNamed(name).open()
    const wrong = defineSchema({ good: table({ id }), bad: table({ id }, { checks: [{ expression: 'no_such_function(id) > 0' }] }) })
    await expect(buildSchema(storage, wrong)).rejects.toMatchObject({ code: 'statement_failed' })
    expect([...(await introspect(storage)).tables.keys()]).toEqual([])
  })
})
