import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { c } from '../../src/schema/column.ts'
import { defaultNaming } from '../../src/schema/table.ts'
import { canonicalJson, checksumOf, describeOperation, summarizeDescription } from '../../src/migrate/checksum.ts'
import { createOp, type Op } from '../../src/migrate/op.ts'
import { type Operation, summarizeOperation } from '../../src/migrate/operation.ts'
import { defineRevision, type RevisionSpec } from '../../src/migrate/revision.ts'

const good: RevisionSpec = { id: '02bc5b2abef8', down: [], message: 'add posts', createdAt: '2026-11-20T18:00:00Z', upgrade: async () => undefined, downgrade: async () => undefined }

describe('defineRevision', () => {
  it('takes the contract’s example and fills in what was left out', () => {
    expect(defineRevision(good)).toMatchObject({ id: '02bc5b2abef8', dependsOn: [], labels: [] })
    expect(defineRevision({ ...good, id: 'a'.repeat(32), down: ['a1', 'b2'], dependsOn: ['payments'], labels: ['sales', 'eu'] })).toMatchObject({ down: ['a1', 'b2'], dependsOn: ['payments'], labels: ['sales', 'eu'] })
    expect(defineRevision({ ...good, downgrade: undefined, irreversible: 'the old hashes are gone' })).toMatchObject({ irreversible: 'the old hashes are gone' })
  })

  it.each<readonly [string, Partial<Record<keyof RevisionSpec, unknown>>]>([
    ['an id with a reserved character', { id: 'a@b' }],
    ['an id that the version table cannot hold', { id: 'a'.repeat(33) }],
    ['an id that names a target', { id: 'head' }],
    ['an id that is no text', { id: 12 }],
    ['no id', { id: undefined }],
    ['an id with white space before it', { id: ' a1' }],
    ['a parent that is no text', { down: [12] }],
    ['a parent without a letter', { down: [''] }],
    ['a parent with a reserved character before it', { down: ['-a1'] }],
    ['a dependency with a reserved character', { dependsOn: ['a1', 'x@y'] }],
    ['a message that is no text', { message: 12 }],
    ['a date that is no text', { createdAt: 2026 }],
    ['a parent that is no list', { down: 'a1' }],
    ['a parent named twice', { down: ['a1', 'a1'] }],
    ['a label with a reserved character', { labels: ['x+1'] }],
    ['an empty message', { message: ' ' }],
    ['a date that is none', { createdAt: 'yesterday' }],
    ['no upgrade', { upgrade: undefined }],
    ['neither a way back nor a reason', { downgrade: undefined }],
    ['both a way back and a reason why there is none', { irreversible: 'because' }],
    ['an empty reason', { lossy: '' }],
    ['a blank reason', { downgrade: undefined, irreversible: ' ' }],
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

describe('the text that a checksum is of', () => {
  // What is written here stands in databases: a text that changes makes every revision look changed.
  it.each<readonly [string, unknown, string]>([
    ['keys in order, whatever their order was', { b: 1, a: { d: true, c: null } }, '{"a":{"c":null,"d":true},"b":1}'],
    ['keys in the order of code units', { é: 1, z: 2, Z: 3, a: 4, ab: 5 }, '{"Z":3,"a":4,"ab":5,"z":2,"é":1}'],
    ['nothing of what is undefined', { a: undefined, b: [undefined, 1] }, '{"b":[null,1]}'],
    ['bigints and bytes as text', [5n, new Uint8Array([1, 255])], '["5n","bytes:01ff"]'],
    ['nothing of functions', { run: () => 1, b: 'x' }, '{"b":"x"}'],
  ])('has %s', (_, value, text) => expect(canonicalJson(value)).toBe(text))

  it('is hashed by SHA-256', async () => {
    expect(await checksumOf([{ kind: 'dropTable', name: 't' }])).toBe(createHash('sha256').update('[{"kind":"dropTable","name":"t"}]').digest('hex'))
  })

  it('has a hash for parameters, where there are any, and no size of a batch', async () => {
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
    expect(await describeOperation({ kind: 'execute', statement: { sql: 'select 1' } })).toEqual({ kind: 'execute', sql: 'select 1' })
    expect(await describeOperation({ kind: 'execute', statement: { sql: 'select 1', parameters: [] } })).toEqual({ kind: 'execute', sql: 'select 1' })
    expect(await describeOperation({ kind: 'execute', statement: { sql: 'select ?', parameters: ['x'] } })).toEqual({ kind: 'execute', sql: 'select ?', parameters: hash('["x"]') })
    expect(await describeOperation({ kind: 'insert', table: 't', rows: [{ a: 1 }, { a: 2 }] })).toEqual({ kind: 'insert', table: 't', rows: 2, content: hash('[{"a":1},{"a":2}]') })
    const [small, large] = await Promise.all((await record(async (op) => {
      for (const size of [10, 5000]) await op.updateInBatches('t', { set: 'a = 1', size })
    })).map(describeOperation))
    expect(small).toEqual(large)
    expect(small).not.toHaveProperty('size')
  })

  it('is shown as the kind of an operation that this version cannot read', () => {
    expect(summarizeDescription({ kind: 'dropColumn', table: 't', column: 'a' })).toBe('dropColumn t.a')
    expect(summarizeDescription({ kind: 'paintTable', table: 't' })).toBe('paintTable')
    expect(summarizeDescription({ table: 't' })).toBe('operation')
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
