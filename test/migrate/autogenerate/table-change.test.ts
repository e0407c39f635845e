/** Differences as changes in terms of definitions: in the words that were declared, under names by which they can be dropped. */
import { describe, expect, it } from 'vitest'
import { type TableChange, columnOf, definitionOf, tableChanges } from '../../../src/migrate/autogenerate/table-change.ts'
import type { ColumnSource } from '../../../src/migrate/op.ts'
import { c } from '../../../src/schema/column.ts'
import type { ColumnAspect, SchemaDifference } from '../../../src/schema/difference.ts'
import type { LiveColumn } from '../../../src/schema/introspect.ts'
import { type TableConstraints, type TableDefinition, defaultNaming as naming, normalizeTable } from '../../../src/schema/table.ts'

const live: LiveColumn = { name: 'a', type: { kind: 'text' }, declaredType: 'text', nullable: true }
const changed = (column: string, ...aspects: readonly ColumnAspect[]): SchemaDifference => ({ kind: 'columnChanged', table: 't', column, aspects, from: live, to: live })
const enumCheck = (kind: 'checkAdded' | 'checkDropped', name: string): SchemaDifference => ({ kind, table: 't', check: { name, expression: 'as the engine says it' } })

describe('a constraint', () => {
  const references = { table: 'u', columns: ['id'] }
  it('without a name has that of the convention, and is known to have none', () => {
    expect(changesOf([
      { kind: 'primaryKeyChanged', table: 't', from: { columns: ['a'] }, to: { columns: ['b'] } },
      { kind: 'uniqueDropped', table: 't', unique: { columns: ['a', 'b'] } },
      { kind: 'foreignKeyDropped', table: 't', foreignKey: { columns: ['a'], references, onDelete: 'cascade', onUpdate: 'no action' } },
    ])).toEqual([
      { change: 'dropPrimaryKey', table: 't', primaryKey: { name: 'pk_t', columns: ['a'] }, unnamed: true },
      { change: 'addPrimaryKey', table: 't', primaryKey: { name: 'pk_t', columns: ['b'] } },
      { change: 'dropUnique', table: 't', unique: { name: 'uq_t_a_b', columns: ['a', 'b'] }, unnamed: true },
      { change: 'dropForeignKey', table: 't', foreignKey: { name: 'fk_t_a', columns: ['a'], references, onDelete: 'cascade', onUpdate: 'no action' }, unnamed: true },
    ])
  })

  it('with a name keeps it', () => {
    expect(changesOf([
      { kind: 'primaryKeyChanged', table: 't', from: { name: 'own', columns: ['a'] }, to: undefined },
      { kind: 'primaryKeyChanged', table: 't', from: undefined, to: { name: 'other', columns: ['a'] } },
      { kind: 'uniqueDropped', table: 't', unique: { name: 'u', columns: ['a'] } },
      { kind: 'checkDropped', table: 't', check: { name: 'k', expression: 'a > 0' } },
      { kind: 'foreignKeyDropped', table: 't', foreignKey: { name: 'f', columns: ['a'], references, onDelete: 'cascade', onUpdate: 'no action' } },
    ])).toMatchObject([
      { change: 'dropPrimaryKey', primaryKey: { name: 'own' }, unnamed: false }, { change: 'addPrimaryKey', primaryKey: { name: 'other' } },
      { change: 'dropUnique', unique: { name: 'u' }, unnamed: false }, { change: 'dropCheck', check: { name: 'k' }, unnamed: false }, { change: 'dropForeignKey', foreignKey: { name: 'f' }, unnamed: false },
    ])
  })

  it('is said in the words of the definition, and where it has none in those of the engine', () => {
    const constraints: TableConstraints = { indexes: [{ name: 'i', columns: [{ expression: 'lower(a)' }] }, { name: 'other', columns: ['a'] }], checks: [{ name: 'other', expression: 'a = 1' }, { name: 'k', expression: 'a > 0' }] }
    const table = definition({ a: c.text() }, constraints)
    const asLive = { name: 'i', columns: [{ expression: 'LOWER("a")', order: 'asc' }], unique: false } as const
    const said = changesOf([
      { kind: 'indexDropped', table: 't', index: asLive }, { kind: 'checkDropped', table: 't', check: { name: 'k', expression: '("a" > 0)' } }, { kind: 'checkDropped', table: 't', check: { expression: 'a > 0' } },
      { kind: 'indexDropped', table: 't', index: { ...asLive, name: 'unknown' } }, { kind: 'checkDropped', table: 't', check: { name: 'unknown', expression: 'b' } },
    ], { before: table })
    expect(said).toEqual([
      { change: 'dropIndex', table: 't', index: table.indexes[0] }, { change: 'dropCheck', table: 't', check: { name: 'k', expression: 'a > 0' }, unnamed: false }, { change: 'dropCheck', table: 't', check: { name: 'k', expression: 'a > 0' }, unnamed: true },
      { change: 'dropIndex', table: 't', index: { ...asLive, name: 'unknown' } }, { change: 'dropCheck', table: 't', check: { name: 'unknown', expression: 'b' }, unnamed: false },
    ])
  })
})

it('a comment of a table is one change, and tables and enums that come or go are none', () => {
  expect(changesOf([{ kind: 'tableCommentChanged', table: 't', from: 'x', to: 'y' }, { kind: 'enumAdded', name: 'e', values: [] }])).toEqual([{ change: 'setComment', table: 't', comment: 'y' }])
})

describe('the check of an enum', () => {
  const one = definition({ a: c.enum(['x']), b: c.text() })
  const two = definition({ a: c.enum(['x', 'y']), b: c.text() })
  const dropped = enumCheck('checkDropped', 'ck_t_a_enum')
  const added = enumCheck('checkAdded', 'ck_t_a_enum')
  const retyped = (...aspects: readonly string[]): object => ({ change: 'alterColumn', table: 't', from: { name: 'a' }, to: { name: 'a' }, aspects: new Set(aspects) })

  it('that is another one is one new type of its column', () => {
    expect(changesOf([dropped, added], { before: one, after: two })).toMatchObject([retyped('type')])
    expect(changesOf([dropped, added], { before: one, after: two })).toHaveLength(1)
  })

  it('is part of what else has changed of the column, in its place', () => {
    const changes = changesOf([changed('a', 'nullable'), dropped, added, changed('b', 'default')], { before: one, after: two })
    expect(changes).toMatchObject([retyped('nullable', 'type'), { change: 'alterColumn', to: { name: 'b' }, aspects: new Set(['default']) }])
  })

  it('comes and goes with the column', () => {
    const without = definition({ b: c.text() })
    expect(changesOf([{ kind: 'columnDropped', table: 't', column: live }, dropped], { before: one, after: without })).toMatchObject([{ change: 'dropColumn' }])
    expect(changesOf([{ kind: 'columnAdded', table: 't', column: live }, added], { before: without, after: one })).toMatchObject([{ change: 'addColumn' }])
    expect(changesOf([changed('a', 'generated'), dropped, added], { before: one, after: two }).map(({ change }) => change)).toEqual(['dropColumn', 'addColumn'])
    expect(changesOf([changed('b', 'generated'), dropped, added], { before: one, after: two }).map(({ change }) => change)).toEqual(['dropColumn', 'addColumn', 'alterColumn'])
  })

  it('follows the named enum that gets a value more, unless the column has another enum then', () => {
    const [mood, more, state] = [['x'], ['x', 'y'], ['x']].map((values, at) => definition({ a: c.enum(values, { name: at === 2 ? 'state' : 'mood' }) }))
    const differences = [enumCheck('checkDropped', 'ck_t_a_mood'), enumCheck('checkAdded', 'ck_t_a_mood')]
    expect(changesOf(differences, { before: mood, after: more, extended: ['mood'] })).toEqual([])
    expect(changesOf(differences, { before: mood, after: more })).toMatchObject([retyped('type')])
    expect(changesOf([differences[0] ?? dropped, enumCheck('checkAdded', 'ck_t_a_state')], { before: mood, after: state, extended: ['mood', 'state'] })).toMatchObject([retyped('type')])
    expect(changesOf([dropped, added], { before: one, after: two, extended: ['mood'] })).toMatchObject([retyped('type')])
  })
})

it('definitions that do not belong to the differences are refused with the name that is missing', () => {
  expect(() => definitionOf(new Map(), 'posts')).toThrow(/"posts"/)
  expect(() => columnOf(new Map([['t', definition({ a: c.text() })]]), 't', 'b')).toThrow(/"t" has no column "b"/)
})

interface Given {
  readonly before?: TableDefinition | undefined
  readonly after?: TableDefinition | undefined
  readonly extended?: readonly string[]
}

function changesOf(differences: readonly SchemaDifference[], { before, after, extended = [] }: Given = {}): readonly TableChange[] {
  const [first, second] = [before, after].map((table) => new Map(table === undefined ? [] : [[table.name, table]]))
  return tableChanges(differences, { before: first ?? new Map(), after: second ?? new Map(), naming }, new Set(extended))
}

function definition(columns: Readonly<Record<string, ColumnSource>>, constraints: TableConstraints = {}): TableDefinition {
  return normalizeTable('t', columns, constraints)
}
