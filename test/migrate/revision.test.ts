import { describe, expect, it } from 'vitest'
import { c } from '../../src/schema/column.ts'
import { defaultNaming } from '../../src/schema/table.ts'
import { checksumOf, describeOperation } from '../../src/migrate/checksum.ts'
import { createOp, type Op } from '../../src/migrate/op.ts'
import { type Operation, summarizeOperation } from '../../src/migrate/operation.ts'
import { defineRevision, type RevisionSpec } from '../../src/migrate/revision.ts'

const good: RevisionSpec = { id: '02bc5b2abef8', down: [], message: 'add posts', createdAt: '2026-11-20T18:00:00Z', upgrade: async () => undefined, downgrade: async () => undefined }

describe('defineRevision', () => {
  it('takes the contract’s example and fills in what was left out', () => {
    expect(defineRevision(good)).toMatchObject({ id: '02bc5b2abef8', dependsOn: [], labels: [] })
    expect(defineRevision({ ...good, downgrade: undefined, irreversible: 'the old hashes are gone' })).toMatchObject({ irreversible: 'the old hashes are gone' })
  })

  it.each<readonly [string, Partial<Record<keyof RevisionSpec, unknown>>]>([
    ['an id with a reserved character', { id: 'a@b' }],
    ['an id that the version table cannot hold', { id: 'a'.repeat(33) }],
    ['an id that names a target', { id: 'head' }],
    ['a parent that is no list', { down: 'a1' }],
    ['a parent named twice', { down: ['a1', 'a1'] }],
    ['a label with a reserved character', { labels: ['x+1'] }],
    ['an empty message', { message: ' ' }],
    ['a date that is none', { createdAt: 'yesterday' }],
    ['no upgrade', { upgrade: undefined }],
    ['neither a way back nor a reason', { downgrade: undefined }],
    ['both a way back and a reason why there is none', { irreversible: 'because' }],
    ['an empty reason', { lossy: '' }],
  ])('refuses %s', (_, change) => {
    expect(() => defineRevision({ ...good, ...change } as RevisionSpec)).toThrow(expect.objectContaining({ code: 'revision_invalid' }))
  })

  it('tells everything that is wrong at once', () => {
    try {
      defineRevision({ ...good, id: '', message: '' })
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ details: { problems: [expect.stringContaining('id'), expect.stringContaining('message')] } })
    }
  })
})

describe('op', () => {
  it('makes operations that are data, with everything named', async () => {
    const made = await record(async (op) => {
      await op.createTable('posts', { id: c.integer().primaryKey(), slug: c.text().notNull().unique(), kind: c.enum(['a', 'b']) }, { indexes: [{ columns: ['slug', { column: 'id', order: 'desc' }] }] })
      await op.addColumn('posts', 'author_id', c.integer().references('users', 'id', { onDelete: 'cascade' }))
      await op.batch('posts', async (t) => {
        await t.alterColumn('slug', { type: c.text({ length: 9 }), default: null })
        await t.createCheck('ck', 'id > 0')
      })
      await op.execute('update posts set slug = ?', ['x'])
    })
    expect(made.map((operation) => operation.kind)).toEqual(['createTable', 'addColumn', 'batch', 'execute'])
    expect(made[0]).toMatchObject({
      table: {
        primaryKey: { name: 'pk_posts', columns: ['id'] },
        uniques: [{ name: 'uq_posts_slug' }],
        checks: [{ name: 'ck_posts_kind_enum', expression: `"kind" in ('a', 'b')` }],
        indexes: [{ name: 'ix_posts_slug_id', columns: [{ column: 'slug' }, { column: 'id', order: 'desc' }] }],
      },
    })
    expect(made[1]).toMatchObject({ foreignKey: { name: 'fk_posts_author_id', onDelete: 'cascade', onUpdate: 'no action' } })
    expect(made.map(summarizeOperation)).toEqual(['createTable posts', 'addColumn posts.author_id', 'batch posts: alterColumn posts.slug, createCheck ck on posts', 'execute'])
  })

  it('cuts long names so that they stay different', async () => {
    const long = 'x'.repeat(70)
    const [one, two] = await record(async (op) => {
      await op.createTable('t', { [`${long}1`]: c.text().unique() })
      await op.createTable('t', { [`${long}2`]: c.text().unique() })
    })
    const names = [one, two].map((operation) => (operation?.kind === 'createTable' ? operation.table.uniques[0]?.name : undefined))
    expect(names.map((name) => name?.length)).toEqual([63, 63])
    expect(names[0]).not.toBe(names[1])
  })

  it('keeps the order of calls that nobody awaited, and reports their failure when the revision ends', async () => {
    const seen: string[] = []
    const { op, finish } = createOp({
      dialect: 'sqlite', offline: false, naming: defaultNaming,
      apply: async (operation) => {
        await new Promise((resolve) => setTimeout(resolve, seen.length === 0 ? 20 : 0))
        seen.push(operation.kind)
        if (operation.kind === 'dropTable') throw new RangeError('no')
      },
      query: async () => ({ rows: [], affectedRows: 0 }),
    })
    void op.createTable('a', { id: c.integer() })
    void op.dropTable('a').catch(() => undefined)
    void op.execute('never')
    await expect(finish()).rejects.toThrow(RangeError)
    expect(seen).toEqual(['createTable', 'dropTable'])
  })

  it('refuses to be used when its revision is over', async () => {
    const { op, finish } = session()
    await finish()
    await expect(op.dropTable('a')).rejects.toThrow(TypeError)
  })

  it('refuses to ask a database that is not there, and the revision fails by it', async () => {
    const { op, finish } = session()
    await expect(op.query('select 1')).rejects.toMatchObject({ code: 'operation_not_supported' })
    await expect(finish()).rejects.toMatchObject({ code: 'operation_not_supported' })
  })

  function session() {
    return createOp({ dialect: 'sqlite', offline: true, naming: defaultNaming, apply: async () => undefined, query: async () => ({ rows: [], affectedRows: 0 }) })
  }
})

describe('the checksum', () => {
  it('is the same for the same operations, and differs when one does something else', async () => {
    const sum = async (revision: (op: Op) => Promise<void>): Promise<string> => checksumOf(await Promise.all((await record(revision)).map(describeOperation)))
    const base = await sum((op) => op.createTable('t', { a: c.text().notNull(), b: c.integer() }))
    expect(base).toMatch(/^[0-9a-f]{64}$/)
    expect(await sum((op) => op.createTable('t', { a: c.text().notNull(), b: c.integer() }, {}))).toBe(base)
    expect(await sum((op) => op.createTable('t', { a: c.text(), b: c.integer() }))).not.toBe(base)
    expect(await sum((op) => op.createTable('t', { b: c.integer(), a: c.text().notNull() }))).not.toBe(base)
  })

  it('sees bound values without keeping them', async () => {
    const describeAll = async (value: string): Promise<string> =>
      JSON.stringify(await Promise.all((await record(async (op) => {
        await op.execute('update t set a = ?', [value, 5n, new Uint8Array([1])])
        await op.insert('t', [{ a: value }])
      })).map(describeOperation)))
    expect(await describeAll('secret')).not.toContain('secret')
    expect(await describeAll('secret')).toBe(await describeAll('secret'))
    expect(await describeAll('secret')).not.toBe(await describeAll('other'))
  })
})

async function record(revision: (op: Op) => Promise<void>): Promise<Operation[]> {
  const operations: Operation[] = []
  const { op, finish } = createOp({
    dialect: 'sqlite', offline: false, naming: defaultNaming,
    apply: async (operation) => void operations.push(operation),
    query: async () => ({ rows: [], affectedRows: 0 }),
  })
  await revision(op)
  await finish()
  return operations
}
