/** In which order changes are made, and what belongs together: read off the summaries of the operations. */
import { describe, expect, it } from 'vitest'
import { type Plan, planChanges } from '../../../src/migrate/autogenerate/plan-changes.ts'
import { reverseDifferences } from '../../../src/migrate/autogenerate/reverse-differences.ts'
import { buildSchema } from '../../../src/migrate/build-schema.ts'
import { summarizeOperation } from '../../../src/migrate/operation.ts'
import { c } from '../../../src/schema/column.ts'
import { compareSchemas } from '../../../src/schema/compare-schemas.ts'
import type { SchemaComparison } from '../../../src/schema/difference.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import { type Schema, type TableDeclaration, defaultNaming as naming, defineSchema, table } from '../../../src/schema/table.ts'
import type { Dialect } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

const id = c.integer().primaryKey()
const users = table({ id, email: c.text().notNull() })

describe('the order of tables', () => {
  it('makes parents before their children and drops children before their parents', async () => {
    const family = {
      a_child: table({ id, parent_id: c.integer().references('b_parent', 'id') }),
      b_parent: table({ id, parent_id: c.integer().references('c_root', 'id') }),
      c_root: table({ id }),
    }
    expect(await plan({ users }, family)).toEqual(['createTable c_root', 'createTable b_parent', 'createTable a_child', 'dropTable users'])
    expect(await plan(family, { users })).toEqual(['createTable users', 'dropTable a_child', 'dropTable b_parent', 'dropTable c_root'])
  })

  it('makes and drops foreign keys by themselves where they close a circle', async () => {
    const circle = {
      countries: table({ id, capital_id: c.integer().references('cities', 'id') }),
      cities: table({ id, country_id: c.integer().references('countries', 'id') }),
    }
    expect(await plan({ users }, { users, ...circle })).toEqual(['createTable countries', 'createTable cities', 'createForeignKey fk_countries_capital_id on countries'])
    expect(await plan({ users, ...circle }, { users })).toEqual(['dropConstraint fk_cities_country_id on cities', 'dropTable countries', 'dropTable cities'])
  })

  it('makes a table of which a changed one has need first, and one that needs the changed one afterwards', async () => {
    const before = { posts: table({ id, title: c.text() }) }
    const after = {
      authors: table({ id }),
      posts: table({ id, title: c.text(), slug: c.text().unique(), author_id: c.integer().references('authors', 'id') }),
      visits: table({ id, slug: c.text().references('posts', 'slug') }),
    }
    expect(await plan(before, after)).toEqual(['createTable authors', 'batch posts: addColumn posts.slug, addColumn posts.author_id', 'createTable visits'])
    expect(await plan(after, before)).toEqual([
      'dropTable visits',
      'batch posts: dropConstraint fk_posts_author_id on posts, dropConstraint uq_posts_slug on posts, dropColumn posts.slug, dropColumn posts.author_id',
      'dropTable authors',
    ])
  })

  it('frees a name before it is given to something else', async () => {
    const columns = { id, title: c.text() }
    const before = { drafts: table(columns, { indexes: [{ name: 'ix_title', columns: ['title'] }] }), pages: table(columns), users }
    const after = { pages: table(columns, { indexes: [{ name: 'ix_title', columns: ['title'] }] }), users }
    expect(await plan(before, after)).toEqual(['dropTable drafts', 'createIndex ix_title on pages'])
    expect(await plan(after, before)).toEqual(['dropIndex ix_title on pages', 'createTable drafts'])
  })
})

describe('the changes of a table', () => {
  it('are one batch, in which what stands in the way goes first and what rests on something comes last', async () => {
    const before = {
      users,
      posts: table(
        { id, user_id: c.integer().references('users', 'id'), slug: c.text().unique(), body: c.text(), views: c.integer() },
        { indexes: [{ columns: ['body'] }], checks: [{ name: 'ck_body', expression: "body <> ''" }] },
      ),
    }
    const after = {
      users,
      posts: table(
        { id, views: c.bigint().notNull().default(0), author_id: c.integer().notNull().references('users', 'id', { onDelete: 'cascade' }), title: c.text() },
        { indexes: [{ columns: ['title', { column: 'views', order: 'desc' }] }], checks: [{ name: 'ck_views', expression: 'views >= 0' }], uniques: [{ columns: ['author_id', 'title'] }] },
      ),
    }
    expect(await plan(before, after)).toEqual([
      `batch posts: ${[
        'dropConstraint fk_posts_user_id on posts', 'dropIndex ix_posts_body on posts', 'dropConstraint ck_body on posts', 'dropConstraint uq_posts_slug on posts',
        'dropColumn posts.user_id', 'dropColumn posts.slug', 'dropColumn posts.body',
        'addColumn posts.author_id', 'addColumn posts.title', 'alterColumn posts.views',
        'createUnique uq_posts_author_id_title on posts', 'createCheck ck_views on posts', 'createIndex ix_posts_title_views on posts',
      ].join(', ')}`,
    ])
  })

  it('make the primary key anew around its columns, and the foreign keys that rest on it', async () => {
    const before = { codes: table({ code: c.text().notNull(), id: c.integer().primaryKey() }), uses: table({ id, code_id: c.integer().references('codes', 'id') }) }
    const after = { codes: table({ code: c.text().primaryKey(), id: c.integer().notNull().unique() }), uses: before.uses }
    expect(await plan(before, after, 'pglite memory')).toEqual([
      'dropConstraint fk_uses_code_id on uses',
      'batch codes: dropConstraint pk_codes on codes, createPrimaryKey pk_codes on codes, createUnique uq_codes_id on codes',
      'createForeignKey fk_uses_code_id on uses',
    ])
  })

  it('never leave a table without a column', async () => {
    expect(await plan({ notes: table({ a: c.text() }) }, { notes: table({ b: c.integer() }) })).toEqual(['batch notes: addColumn notes.b, dropColumn notes.a'])
  })

  it('make a generated column anew when its expression changes, with what names it', async () => {
    const columns = { id, price: c.integer().notNull() }
    const before = { items: table({ ...columns, gross: c.integer().generated('price * 2') }, { indexes: [{ columns: ['gross'] }] }) }
    const after = { items: table({ ...columns, gross: c.integer().generated('price * 3') }, { indexes: [{ columns: ['gross'] }] }) }
    expect(await plan(before, after)).toEqual(['batch items: dropIndex ix_items_gross on items, dropColumn items.gross, addColumn items.gross, createIndex ix_items_gross on items'])
  })

  it('make what is computed from a column anew when its type changes', async () => {
    const before = { items: table({ id, price: c.integer(), gross: c.integer().generated('price * 2') }, { checks: [{ expression: 'price > 0' }] }) }
    const after = { items: table({ id, price: c.bigint(), gross: c.integer().generated('price * 2') }, { checks: [{ expression: 'price > 0' }] }) }
    expect(await plan(before, after, 'pglite memory')).toEqual(['batch items: dropColumn items.gross, alterColumn items.price, addColumn items.gross'])
  })
})

describe('enums', () => {
  const schema = (values: readonly string[], value = values[0] ?? ''): Tables => ({ posts: table({ id, state: c.enum(values, { name: 'state' }).default(value) }) })

  for (const engine of ['sqljs memory', 'pglite memory']) {
    it(`are made before the tables that use them and dropped after them, on ${engine}`, async () => {
      expect(await plan({ users }, { users, ...schema(['draft']) }, engine)).toEqual(['createEnum state', 'createTable posts'])
      expect(await plan({ users, ...schema(['draft']) }, { users }, engine)).toEqual(['dropTable posts', 'dropEnum state'])
    })

    it(`get a value more at its place, on ${engine}`, async () => {
      const { operations } = await planned(schema(['draft', 'done']), schema(['new', 'draft', 'open', 'held', 'done', 'gone'], 'draft'), engine)
      expect(operations.map((operation) => (operation.kind === 'alterEnum' ? operation.change : operation.kind))).toEqual([
        { add: 'new', before: 'draft' },
        { add: 'open', after: 'draft' },
        { add: 'held', after: 'open' },
        { add: 'gone' },
      ])
    })

    it(`are made anew when a value goes, and their columns are texts meanwhile, on ${engine}`, async () => {
      const { operations } = await planned(schema(['draft', 'done']), schema(['draft']), engine)
      expect(operations).toMatchObject([
        { kind: 'alterColumn', table: 'posts', column: 'state', change: { type: { kind: 'text' }, default: null } },
        { kind: 'dropEnum', name: 'state' },
        { kind: 'createEnum', name: 'state', values: ['draft'] },
        { kind: 'alterColumn', table: 'posts', column: 'state', change: { type: { kind: 'enum', name: 'state', values: ['draft'] }, default: { kind: 'value', value: 'draft' } } },
      ])
    })
  }

  it('are made anew when a new value is used at once, which PostgreSQL refuses otherwise', async () => {
    expect(await plan(schema(['draft']), schema(['draft', 'done'], 'done'))).toEqual(['alterColumn posts.state', 'dropEnum state', 'createEnum state', 'alterColumn posts.state'])
  })

  it('without a name change with the type of their column', async () => {
    const before = { users: table({ id, role: c.enum(['admin', 'member']) }) }
    const after = { users: table({ id, role: c.enum(['admin', 'member', 'guest']) }) }
    for (const engine of ['sqljs memory', 'pglite memory']) {
      expect((await planned(before, after, engine)).operations).toMatchObject([{ kind: 'alterColumn', column: 'role', change: { type: { kind: 'enum', values: ['admin', 'member', 'guest'] } } }])
    }
  })
})

describe('a column that is NOT NULL without a default', () => {
  const before = { users: table({ id }) }
  const after = { users: table({ id, email: c.text().notNull() }) }

  it('stays as declared on the way up, with a notice about the operation', async () => {
    const { operations, notices } = await planned(before, after)
    expect(operations).toMatchObject([{ kind: 'addColumn', column: { name: 'email', nullable: false } }])
    expect(notices).toEqual([{ operation: operations[0], text: expect.stringContaining('"email" is NOT NULL and has no default') }])
  })

  it('is filled with an empty value on the way back', async () => {
    const { operations, notices } = await planned(before, after, 'sqljs memory', 'blank')
    expect(operations).toMatchObject([
      { kind: 'addColumn', column: { name: 'email', nullable: false, default: { kind: 'value', value: '' } } },
      { kind: 'alterColumn', column: 'email', change: { default: null } },
    ])
    expect(notices).toEqual([])
  })
})

it('a table whose primary key has a name of its own gets it after it is made, since no declaration says such a name', () => {
  const { tables } = defineSchema({ users })
  const after = new Map([...tables].map(([name, definition]) => [name, { ...definition, primaryKey: { name: 'users_pkey', columns: ['id'] } }]))
  const definition = { name: 'users', columns: [], uniques: [], indexes: [], checks: [], foreignKeys: [] }
  const { operations } = planChanges({ dialect: 'postgres', differences: [{ kind: 'tableAdded', table: 'users', definition }], before: new Map(), after, naming })
  expect(operations).toMatchObject([{ kind: 'createTable', table: { name: 'users', primaryKey: undefined } }, { kind: 'createPrimaryKey', table: 'users', primaryKey: { name: 'users_pkey', columns: ['id'] } }])
})

it('what says both sides of a change is turned round on the way back', () => {
  const column = { name: 'a', type: { kind: 'text' }, declaredType: 'text', nullable: true } as const
  const [from, to] = [column, { ...column, nullable: false }]
  expect(reverseDifferences([
    { kind: 'columnChanged', table: 't', column: 'a', aspects: ['nullable'], from, to }, { kind: 'primaryKeyChanged', table: 't', from: { columns: ['a'] }, to: undefined },
    { kind: 'tableCommentChanged', table: 't', from: 'x', to: undefined }, { kind: 'enumChanged', name: 'e', from: ['a'], to: ['b'] },
  ])).toEqual([
    { kind: 'columnChanged', table: 't', column: 'a', aspects: ['nullable'], from: to, to: from }, { kind: 'primaryKeyChanged', table: 't', from: undefined, to: { columns: ['a'] } },
    { kind: 'tableCommentChanged', table: 't', from: undefined, to: 'x' }, { kind: 'enumChanged', name: 'e', from: ['b'], to: ['a'] },
  ])
})

it('differences reversed twice are the differences', async () => {
  const { differences } = await differencesOf(defineSchema({ users }), defineSchema({ posts: table({ id, state: c.enum(['a'], { name: 'state' }) }) }), 'pglite memory')
  expect(differences.map((difference) => difference.kind)).toEqual(['enumAdded', 'tableAdded', 'tableDropped'])
  expect(reverseDifferences(differences).map((difference) => difference.kind)).toEqual(['enumDropped', 'tableDropped', 'tableAdded'])
  expect(reverseDifferences(reverseDifferences(differences))).toEqual(differences)
})

type Tables = Readonly<Record<string, TableDeclaration>>

async function plan(before: Tables, after: Tables, engine = 'sqljs memory'): Promise<readonly string[]> {
  return (await planned(before, after, engine)).operations.map(summarizeOperation)
}

async function planned(before: Tables, after: Tables, engine = 'sqljs memory', fill?: 'refuse' | 'blank'): Promise<Plan> {
  const [first, second] = [defineSchema(before), defineSchema(after)]
  const { differences, dialect } = await differencesOf(first, second, engine)
  return planChanges({ dialect, differences, before: first.tables, after: second.tables, naming, fill })
}

async function differencesOf(first: Schema, second: Schema, engine: string): Promise<SchemaComparison & { readonly dialect: Dialect }> {
  await using one = await engineNamed(engine).open()
  await using other = await engineNamed(engine).open()
  await buildSchema(one, first)
  await buildSchema(other, second)
  return { ...(await compareSchemas(await introspect(one), await introspect(other))), dialect: one.dialect }
}
