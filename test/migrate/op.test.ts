/** What each call of a revision is as an operation, what no revision may ask for, and when calls are over. */
import { describe, expect, it } from 'vitest'
import { type Op, type OpSession, createOp } from '../../src/migrate/op.ts'
import { type Operation, summarizeOperation } from '../../src/migrate/operation.ts'
import { c } from '../../src/schema/column.ts'
import { type NamingConvention, defaultNaming } from '../../src/schema/table.ts'
import type { Statement } from '../../src/storage/storage.ts'

const id = { name: 'id', type: { kind: 'integer' }, nullable: false, primaryKey: true, unique: false } as const
const text = { kind: 'text' } as const

describe('a call is an operation', () => {
  const calls: readonly (readonly [call: (op: Op) => Promise<void>, operation: Operation, summary: string])[] = [
    [
      (op) => op.createTable('t', { id: c.integer().primaryKey() }),
      { kind: 'createTable', table: { name: 't', columns: [id], primaryKey: { name: 'pk_t', columns: ['id'] }, uniques: [], indexes: [], checks: [], foreignKeys: [] } },
      'createTable t',
    ],
    [(op) => op.dropTable('t'), { kind: 'dropTable', table: 't' }, 'dropTable t'],
    [(op) => op.renameTable('t', 'u'), { kind: 'renameTable', from: 't', to: 'u' }, 'renameTable t to u'],
    [(op) => op.createEnum('e', ['a']), { kind: 'createEnum', name: 'e', values: ['a'] }, 'createEnum e'],
    [(op) => op.alterEnum('e', { add: 'b', after: 'a' }), { kind: 'alterEnum', name: 'e', change: { add: 'b', after: 'a' }, checkNaming: 'ck_%' }, 'alterEnum e'],
    [(op) => op.alterEnum('e', { add: 'b', before: 'a' }), { kind: 'alterEnum', name: 'e', change: { add: 'b', before: 'a' }, checkNaming: 'ck_%' }, 'alterEnum e'],
    [(op) => op.dropEnum('e'), { kind: 'dropEnum', name: 'e' }, 'dropEnum e'],
    [(op) => op.addColumn('t', 'a', c.text()), { kind: 'addColumn', table: 't', column: { name: 'a', type: text, nullable: true, primaryKey: false, unique: false } }, 'addColumn t.a'],
    [
      (op) => op.addColumn('t', 'a', c.enum(['x']).unique().references('u', 'id', { onUpdate: 'cascade' })),
      {
        kind: 'addColumn', table: 't', column: { name: 'a', type: { kind: 'enum', values: ['x'] }, nullable: true, primaryKey: false, unique: true, references: { table: 'u', column: 'id', onUpdate: 'cascade' } },
        unique: { name: 'uq_t_a', columns: ['a'] }, foreignKey: { name: 'fk_t_a', columns: ['a'], references: { table: 'u', columns: ['id'] }, onDelete: 'no action', onUpdate: 'cascade' },
        check: { name: 'ck_t_a_enum', expression: `"a" in ('x')`, enumOf: 'a' },
      },
      'addColumn t.a',
    ],
    [(op) => op.dropColumn('t', 'a'), { kind: 'dropColumn', table: 't', column: 'a' }, 'dropColumn t.a'],
    [(op) => op.alterColumn('t', 'a', { name: 'b', nullable: true, using: 'x', comment: null }), { kind: 'alterColumn', table: 't', column: 'a', change: { name: 'b', nullable: true, using: 'x', comment: null } }, 'alterColumn t.a'],
    [
      (op) => op.alterColumn('t', 'a', { type: c.text().notNull().unique() }),
      { kind: 'alterColumn', table: 't', column: 'a', change: { type: text }, enumCheck: { replaces: 'ck_t_a_enum', prefix: 'ck_t_a_' } },
      'alterColumn t.a',
    ],
    [
      (op) => op.alterColumn('t', 'a', { type: c.enum(['x'], { name: 'e' }) }),
      { kind: 'alterColumn', table: 't', column: 'a', change: { type: { kind: 'enum', values: ['x'], name: 'e' } }, enumCheck: { replaces: 'ck_t_a_enum', prefix: 'ck_t_a_', check: { name: 'ck_t_a_e', expression: `"a" in ('x')`, enumOf: 'a' } } },
      'alterColumn t.a',
    ],
    [(op) => op.createIndex('i', 't', ['a', { column: 'b', order: 'desc' }, { expression: 'a + b' }]), { kind: 'createIndex', table: 't', index: { name: 'i', columns: [{ column: 'a' }, { column: 'b', order: 'desc' }, { expression: 'a + b' }], unique: false } }, 'createIndex i on t'],
    [(op) => op.createIndex('i', 't', ['a'], { unique: true, where: 'a > 0', concurrently: true }), { kind: 'createIndex', table: 't', index: { name: 'i', columns: [{ column: 'a' }], unique: true, where: 'a > 0' }, concurrently: true }, 'createIndex i on t'],
    [(op) => op.createIndex('i', 't', ['a'], { concurrently: false }), { kind: 'createIndex', table: 't', index: { name: 'i', columns: [{ column: 'a' }], unique: false } }, 'createIndex i on t'],
    [(op) => op.dropIndex('i', 't'), { kind: 'dropIndex', table: 't', name: 'i' }, 'dropIndex i on t'],
    [(op) => op.dropIndex('i', 't', { concurrently: true }), { kind: 'dropIndex', table: 't', name: 'i', concurrently: true }, 'dropIndex i on t'],
    [(op) => op.dropIndex('i', 't', { concurrently: false }), { kind: 'dropIndex', table: 't', name: 'i' }, 'dropIndex i on t'],
    [(op) => op.createPrimaryKey('p', 't', ['a', 'b']), { kind: 'createPrimaryKey', table: 't', primaryKey: { name: 'p', columns: ['a', 'b'] } }, 'createPrimaryKey p on t'],
    [(op) => op.createUnique('q', 't', ['a']), { kind: 'createUnique', table: 't', unique: { name: 'q', columns: ['a'] } }, 'createUnique q on t'],
    [
      (op) => op.createForeignKey('f', 't', ['a'], { table: 'u', columns: ['b'] }),
      { kind: 'createForeignKey', table: 't', foreignKey: { name: 'f', columns: ['a'], references: { table: 'u', columns: ['b'] }, onDelete: 'no action', onUpdate: 'no action' }, notValid: false },
      'createForeignKey f on t',
    ],
    [
      (op) => op.createForeignKey('f', 't', ['a'], { table: 'u', columns: ['b'] }, { onDelete: 'cascade', notValid: true }),
      { kind: 'createForeignKey', table: 't', foreignKey: { name: 'f', columns: ['a'], references: { table: 'u', columns: ['b'] }, onDelete: 'cascade', onUpdate: 'no action' }, notValid: true },
      'createForeignKey f on t',
    ],
    [(op) => op.createCheck('k', 't', 'a > 0'), { kind: 'createCheck', table: 't', check: { name: 'k', expression: 'a > 0' } }, 'createCheck k on t'],
    [(op) => op.dropConstraint('k', 't'), { kind: 'dropConstraint', table: 't', name: 'k' }, 'dropConstraint k on t'],
    [(op) => op.dropConstraint('k', 't', 'unique'), { kind: 'dropConstraint', table: 't', name: 'k', constraint: 'unique' }, 'dropConstraint k on t'],
    [(op) => op.setTableComment('t', 'x'), { kind: 'setTableComment', table: 't', comment: 'x' }, 'setTableComment t'],
    [(op) => op.setColumnComment('t', 'a', null), { kind: 'setColumnComment', table: 't', column: 'a', comment: null }, 'setColumnComment t.a'],
    [
      (op) => op.batch('t', async (t) => { await t.dropColumn('a'); await t.createUnique('q', ['b']) }),
      { kind: 'batch', table: 't', operations: [{ kind: 'dropColumn', table: 't', column: 'a' }, { kind: 'createUnique', table: 't', unique: { name: 'q', columns: ['b'] } }] },
      'batch t: dropColumn t.a, createUnique q on t',
    ],
    [(op) => op.execute('select ?', [1]), { kind: 'execute', statement: { sql: 'select ?', parameters: [1] } }, 'execute'],
    [(op) => op.insert('t', [{ a: 1 }]), { kind: 'insert', table: 't', rows: [{ a: 1 }] }, 'insert t'],
    [(op) => op.updateInBatches('t', { set: 'a = 1', where: 'b', key: 'c' }), { kind: 'updateInBatches', table: 't', set: 'a = 1', where: 'b', key: 'c', size: 10_000 }, 'updateInBatches t'],
    [(op) => op.updateInBatches('t', { set: 'a = 1', size: 1 }), { kind: 'updateInBatches', table: 't', set: 'a = 1', size: 1 }, 'updateInBatches t'],
  ]
  it.each(calls.map(([call, operation, summary]) => [summary, call, operation] as const))('%s', async (summary, call, operation) => {
    expect(await record(call)).toEqual([operation])
    expect(summarizeOperation(operation)).toBe(summary)
  })

  it('unless there is nothing to do', async () => {
    expect(await record(async (op) => {
      await op.insert('t', [])
      await op.batch('t', async () => undefined)
    })).toEqual([])
  })

  it('with names by the convention that the schema has, of which an enum keeps what stands before its own', async () => {
    const naming = { ...defaultNaming, unique: 'only_%', foreignKey: '%_key', check: 'is_%_fine' }
    expect(await record((op) => op.addColumn('t', 'a', c.enum(['x']).unique().references('u', 'id')), naming)).toMatchObject([{ unique: { name: 'only_t_a' }, foreignKey: { name: 't_a_key' }, check: { name: 'is_t_a_enum_fine' } }])
    expect(await record((op) => op.alterColumn('t', 'a', { type: c.text() }), naming)).toMatchObject([{ enumCheck: { replaces: 'is_t_a_enum_fine', prefix: 'is_t_a_' } }])
    expect(await record((op) => op.alterEnum('e', { add: 'x' }), naming)).toMatchObject([{ checkNaming: 'is_%_fine' }])
  })
})

describe('a default', () => {
  it.each([
    ['a value', 5, { kind: 'value', value: 5 }],
    ['a text', 'now', { kind: 'value', value: 'now' }],
    ['none', null, null],
    ['what it was', undefined, undefined],
    ['words of the database', { sql: 'random()' }, { kind: 'sql', sql: 'random()' }],
    ['the moment of the insert', { now: true }, { kind: 'now' }],
    ['JSON', { a: 1 }, { kind: 'value', value: { a: 1 } }],
    ['JSON with more beside the words', { sql: 'x', a: 1 }, { kind: 'value', value: { sql: 'x', a: 1 } }],
    ['JSON whose words are none', { sql: 1 }, { kind: 'value', value: { sql: 1 } }],
    ['JSON with more beside the moment', { now: true, a: 1 }, { kind: 'value', value: { now: true, a: 1 } }],
    ['JSON whose moment is none', { now: 'later' }, { kind: 'value', value: { now: 'later' } }],
  ] as const)('can be %s', async (_, given, expected) => {
    const [operation] = await record((op) => op.alterColumn('t', 'a', { default: given }))
    expect(operation?.kind === 'alterColumn' ? operation.change.default : 'no alterColumn').toEqual(expected)
  })
})

describe('a revision may not', () => {
  it.each<readonly [string, (op: Op) => Promise<void>]>([
    ['add a primary key with a column', (op) => op.addColumn('t', 'a', c.integer().primaryKey())],
    ['add a value to an enum both before one and after one', (op) => op.alterEnum('e', { add: 'x', before: 'a', after: 'b' })],
    ['make an index concurrently in a batch', (op) => op.batch('t', (t) => t.createIndex('i', ['a'], { concurrently: true }))],
    ['drop an index concurrently in a batch', (op) => op.batch('t', (t) => t.dropIndex('i', { concurrently: true }))],

  ])('%s', async (_, call) => {
    await expect(record(call)).rejects.toThrow(Error)
  })
})

describe('calls', () => {
  const session = (apply: (operation: Operation) => Promise<void>, offline = false): OpSession & { readonly asked: Statement[] } => {
    const asked: Statement[] = []
    return { asked, ...createOp({ dialect: 'postgres', offline, naming: defaultNaming, apply, query: async (statement) => { asked.push(statement); return { rows: [], affectedRows: 0 } } }) }
  }

  it('tell what they run on, and ask in their turn', async () => {
    const applied: string[] = []
    const { op, asked, finish } = session(async (operation) => { await new Promise((resolve) => setTimeout(resolve, 5)); applied.push(`${operation.kind} after ${asked.length} questions`) })
    expect([op.dialect, op.offline]).toEqual(['postgres', false])
    void op.dropTable('a')
    void op.query('select $1', [1])
    void op.dropTable('b')
    await finish()
    expect(applied).toEqual(['dropTable after 0 questions', 'dropTable after 1 questions'])
    expect(asked).toEqual([{ sql: 'select $1', parameters: [1] }])
    expect(session(async () => undefined, true).op.offline).toBe(true)
  })

  it('that are made while the last ones run belong to the revision too', async () => {
    const applied: string[] = []
    const { op, finish } = session(async (operation) => {
      applied.push(summarizeOperation(operation))
      if (applied.length === 1) void op.dropTable('b')
    })
    void op.dropTable('a')
    await finish()
    expect(applied).toEqual(['dropTable a', 'dropTable b'])
    await expect(op.dropTable('c')).rejects.toThrow(TypeError)
  })

  it('that have not begun when it is stopped never do, and the one that has is waited for', async () => {
    const applied: string[] = []
    const { op, stop } = session(async (operation) => { await new Promise((resolve) => setTimeout(resolve, 10)); applied.push(summarizeOperation(operation)) })
    const [first, second] = [op.dropTable('a'), op.dropTable('b')]
    await Promise.resolve()
    await stop()
    expect(applied).toEqual(['dropTable a'])
    await expect(first).resolves.toBeUndefined()
    await expect(second).rejects.toThrow(TypeError)
    await expect(op.dropTable('c')).rejects.toThrow(TypeError)
    expect(applied).toEqual(['dropTable a'])
  })
})

async function record(revision: (op: Op) => Promise<void>, naming: NamingConvention = defaultNaming): Promise<readonly Operation[]> {
  const operations: Operation[] = []
  const { op, finish } = createOp({ dialect: 'postgres', offline: true, naming, apply: async (operation) => void operations.push(operation), query: () => Promise.reject(new Error('No database')) })
  await revision(op)
  await finish()
  return operations
}
