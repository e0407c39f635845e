/** Drafts of rows: what changes from row to row and from try to try, and what stays. */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import type { Values } from '../../../src/migrate/verify/parent-choice.ts'
import { RowDrafts, isValues } from '../../../src/migrate/verify/row-draft.ts'
import type { LiveTable } from '../../../src/schema/introspect.ts'
import type { SqlValue } from '../../../src/storage/storage.ts'
import { foreignKey, liveColumn, liveTable } from './live-table.ts'

const text = { kind: 'text' } as const

function draftsOf(table: LiveTable, parents: Readonly<Record<string, readonly (readonly SqlValue[])[]>> = {}): RowDrafts {
  const generator = xoroshiro128plus(1)
  const toOthers = table.foreignKeys.filter((key) => key.references.table !== table.name)
  return new RowDrafts(table, 'sqlite', toOthers.map((key) => ({ key, tuples: parents[key.references.table] ?? [] })), (min, max) => {
    if (min > max) throw new RangeError(`nothing from ${min} to ${max}`)
    return uniformInt(generator, min, max)
  })
}

function rowOf(draft: ReturnType<RowDrafts['draft']>): Readonly<Record<string, SqlValue>> {
  return Object.fromEntries(valuesOf(draft))
}

function valuesOf(draft: ReturnType<RowDrafts['draft']>): Values {
  if (!isValues(draft)) throw new Error(`no row for ${draft.references.table}`)
  return draft
}

/** The first rows, each with those before it as its siblings. */
function rowsOf(drafts: RowDrafts, count: number): readonly Readonly<Record<string, SqlValue>>[] {
  const rows: Values[] = []
  for (let position = 0; position < count; position += 1) rows.push(valuesOf(drafts.draft(position, rows)))
  return rows.map((row) => Object.fromEntries(row))
}

const isEdge = (value: SqlValue | undefined): boolean => value === 0 || value === -1

describe('the first drafts', () => {
  const table = liveTable('t', [
    liveColumn('id', { nullable: false }), liveColumn('a'), liveColumn('b'), liveColumn('c', { nullable: false }), liveColumn('d', { nullable: false }), liveColumn('twice', { generated: { expression: 'a * 2', stored: true } }),
  ])

  it('have a value for each column that is not computed, in the order of the table', () => {
    const drafts = draftsOf(table)
    expect(drafts.columns).toEqual(['id', 'a', 'b', 'c', 'd'])
    for (const row of rowsOf(drafts, 4)) expect(Object.keys(row)).toEqual(['id', 'a', 'b', 'c', 'd'])
  })

  it('are an ordinary row and two in which each column has an edge and, where it takes one, a null', () => {
    const [first, second, third] = rowsOf(draftsOf(table), 3)
    for (const column of ['id', 'a', 'b', 'c', 'd']) {
      expect(first![column], column).toBeGreaterThan(100_000)
      const later = [second![column], third![column]]
      expect(later.filter((value) => isEdge(value)), column).toHaveLength(1)
      expect(later.includes(null), column).toBe(['a', 'b'].includes(column))
    }
    // No row is all of one kind.
    for (const row of [second!, third!]) expect(new Set([row['a'] === null, row['b'] === null])).toEqual(new Set([true, false]))
  })

  it('have all three kinds in every column when there are more of them', () => {
    const later = rowsOf(draftsOf(table), 13).slice(4)
    for (const column of ['a', 'b']) {
      const values = later.map((row) => row[column])
      expect([values.filter((value) => value === null).length, values.filter((value) => isEdge(value)).length], column).toEqual([3, 3])
    }
  })

  it('have every value of an enum and every edge of the other columns when there are enough of them', () => {
    const kinds = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const various = liveTable('t', [
      liveColumn('id', { nullable: false }), liveColumn('kind', { type: { kind: 'enum', values: kinds } }), liveColumn('checked', { type: text, nullable: false }), liveColumn('sure', { type: { kind: 'boolean' } }), liveColumn('n'),
    ], { checks: [{ expression: `"checked" in (${kinds.map((kind) => `'${kind}'`).join(', ')})` }] })
    const drafts = draftsOf(various)
    const rows = rowsOf(drafts, drafts.enough)
    const expected: Readonly<Record<string, readonly SqlValue[]>> = { id: [0, -1], kind: [...kinds, null], checked: kinds, sure: [true, false, null], n: [0, -1, null] }
    for (const [column, values] of Object.entries(expected)) {
      expect(values.filter((value) => rows.every((row) => row[column] !== value)), column).toEqual([])
    }
    expect(rows).toHaveLength(9)
    const many = Array.from({ length: 500 }, (_, index) => `v${index}`)
    expect(draftsOf(liveTable('t', [liveColumn('kind', { type: { kind: 'enum', values: many } })])).enough).toBe(40)
  })

  it('have no null in a key, which SQLite would take and tell apart by nothing, nor where one was refused', () => {
    const keyed = liveTable('t', [liveColumn('k'), liveColumn('a'), liveColumn('b')], { primaryKey: { columns: ['k'] } })
    const drafts = draftsOf(keyed)
    drafts.forbidNull('b')
    const rows = rowsOf(drafts, 30)
    for (let index = 0; index < 100; index += 1) rows.concat(rowOf(drafts.redraft(new Map(), new Set(['k', 'a', 'b']), [])))
    expect(rows.map((row) => row['k'])).not.toContain(null)
    expect(rows.map((row) => row['b'])).not.toContain(null)
    expect(rows.map((row) => row['a'])).toContain(null)
  })

  it('take values that the checks of a column name, and only there', () => {
    const checked = liveTable('t', [liveColumn('id', { nullable: false }), liveColumn('state', { type: text, nullable: false }), liveColumn('note', { type: text, nullable: false })], {
      checks: [{ expression: `state in ('open', 'shut')` }, { expression: `length(id) > 3` }],
    })
    const rows = rowsOf(draftsOf(checked), 20)
    expect(new Set(rows.map((row) => row['state']))).toEqual(new Set(['open', 'shut']))
    expect(rows.map((row) => row['note'])).not.toContain('open')
    expect(new Set(rows.map((row) => row['id']))).toEqual(new Set([2, 3, 4]))
  })

  it('have nulls for a type that has no values', () => {
    const drafts = draftsOf(liveTable('t', [liveColumn('e', { type: { kind: 'enum', values: [] } })]))
    expect(rowsOf(drafts, 3)).toEqual([{ e: null }, { e: null }, { e: null }])
  })
})

describe('another draft', () => {
  const table = liveTable('t', ['id', 'team_id', 'a', 'b'].map((name) => liveColumn(name, { nullable: false })), { foreignKeys: [foreignKey(['team_id'], 'teams')] })
  const teams = { teams: Array.from({ length: 20 }, (_, id) => [id]) }
  const first = new Map<string, SqlValue>([['id', 7], ['team_id', 3], ['a', 8], ['b', 9]])

  /** Which columns are ever drawn again. */
  function drawnAgain(columns: readonly string[], drafts = draftsOf(table, teams)): readonly string[] {
    const before = valuesOf(drafts.draft(0, []))
    const rows = Array.from({ length: 40 }, () => rowOf(drafts.redraft(before, new Set(columns), [])))
    return drafts.columns.filter((column) => rows.some((row) => row[column] !== before.get(column)))
  }

  it('changes the columns that it is asked to change', () => {
    expect(drawnAgain(['a'])).toEqual(['a'])
    expect(drawnAgain(['id', 'b'])).toEqual(['id', 'b'])
    expect(drawnAgain(['team_id'])).toEqual(['team_id'])
    expect(drawnAgain(['team_id', 'a'])).toEqual(['team_id', 'a'])
  })

  it('changes all keys to other tables together, so that they go on to agree', () => {
    const two = liveTable('t', ['id', 'team_id', 'group_id'].map((name) => liveColumn(name, { nullable: false })), { foreignKeys: [foreignKey(['team_id'], 'teams'), foreignKey(['group_id'], 'groups')] })
    for (const column of ['team_id', 'group_id']) expect(drawnAgain([column], draftsOf(two, { ...teams, groups: teams.teams })), column).toEqual(['team_id', 'group_id'])
    const pair = liveTable('t', ['customer', 'team'].map((name) => liveColumn(name, { nullable: false })), { foreignKeys: [foreignKey(['customer', 'team'], 'teams', ['customer', 'id'])] })
    const drafts = draftsOf(pair, { teams: [[1, 10], [2, 20]] })
    const rows = Array.from({ length: 20 }, () => rowOf(drafts.redraft(new Map([['customer', 1], ['team', 10]]), new Set(['team']), [])))
    expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(new Set(['{"customer":1,"team":10}', '{"customer":2,"team":20}']))
  })

  it('changes all of them where it is asked for none of the table', () => {
    expect(drawnAgain([])).toEqual(['id', 'team_id', 'a', 'b'])
    expect(drawnAgain(['elsewhere'])).toEqual(['id', 'team_id', 'a', 'b'])
  })

  it('tries ordinary values, edges, nulls and what a check names', () => {
    const wide = liveTable('t', [liveColumn('a'), liveColumn('b', { nullable: false })], { checks: [{ expression: 'a <> 5' }] })
    const drafts = draftsOf(wide)
    const rows = Array.from({ length: 300 }, () => rowOf(drafts.redraft(new Map(), new Set(['a', 'b']), [])))
    const shares = (column: string): Readonly<Record<string, number>> => {
      const values = rows.map((row) => row[column])
      return {
        null: values.filter((value) => value === null).length, edge: values.filter((value) => isEdge(value)).length, near: values.filter((value) => [4, 5, 6].includes(Number(value))).length,
        ordinary: values.filter((value) => Number(value) > 100_000).length,
      }
    }
    // Each often enough that a row which needs three of one kind is found.
    for (const share of Object.values(shares('a'))) expect(share).toBeGreaterThan(20)
    expect(shares('b')).toMatchObject({ null: 0, near: 0 })
    for (const kind of ['edge', 'ordinary']) expect(shares('b')[kind]).toBeGreaterThan(50)
    for (const column of ['a', 'b']) expect(Object.values(shares(column)).reduce((sum, share) => sum + share)).toBe(300)
  })

  it('tells the key that cannot be met', () => {
    const drafts = draftsOf(table)
    expect(drafts.draft(0, [])).toBe(table.foreignKeys[0])
    expect(drafts.redraft(first, new Set(['team_id']), [])).toBe(table.foreignKeys[0])
    // As long as the key is not drawn again, it stays.
    expect(rowOf(drafts.redraft(first, new Set(['a']), []))).toMatchObject({ id: 7, team_id: 3, b: 9 })
  })
})

describe('references', () => {
  it('to other tables are sometimes null where that is taken, by turns, but not in the first row', () => {
    const table = liveTable('t', ['one', 'two'].map((name) => liveColumn(name)), { foreignKeys: [foreignKey(['one'], 'ones'), foreignKey(['two'], 'twos')] })
    const rows = rowsOf(draftsOf(table, { ones: [[1], [2], [3]], twos: [[10], [20], [30]] }), 4)
    expect(rows).toEqual([{ one: 1, two: 10 }, { one: 2, two: null }, { one: null, two: 30 }, { one: 1, two: null }])
  })

  it('of a table to itself are to rows that are there, or to the row itself', () => {
    const tree = (nullable: boolean): LiveTable => liveTable('tree', [liveColumn('id', { nullable: false }), liveColumn('up', { nullable })], { primaryKey: { columns: ['id'] }, foreignKeys: [foreignKey(['up'], 'tree')] })
    const [root, ...others] = rowsOf(draftsOf(tree(true)), 3)
    expect([root!['up'], ...others.map((row) => row['up'])]).toEqual([null, root!['id'], root!['id']])
    const [itself, next] = rowsOf(draftsOf(tree(false)), 2)
    expect([itself!['up'], next!['up']]).toEqual([itself!['id'], itself!['id']])
  })

  it('of a table to itself follow a column that is drawn again', () => {
    const tree = liveTable('tree', [liveColumn('id', { nullable: false }), liveColumn('up', { nullable: false })], { primaryKey: { columns: ['id'] }, foreignKeys: [foreignKey(['up'], 'tree')] })
    const drafts = draftsOf(tree)
    const row = rowOf(drafts.redraft(new Map([['id', 5], ['up', 5]]), new Set(['id']), []))
    expect(row['id']).not.toBe(5)
    expect(row['up']).toBe(row['id'])
  })

  it('of a table to itself are other ones when a row was refused', () => {
    const pairs = liveTable('pairs', [liveColumn('id', { nullable: false }), liveColumn('other', { nullable: false })], { primaryKey: { columns: ['id'] }, foreignKeys: [foreignKey(['other'], 'pairs')] })
    const siblings = [1, 2, 3].map((id) => new Map([['id', id], ['other', 1]]))
    const drafts = draftsOf(pairs)
    const rows = Array.from({ length: 60 }, () => rowOf(drafts.redraft(siblings[0]!, new Set(['other']), siblings)))
    expect(new Set(rows.map((row) => row['other']))).toEqual(new Set([1, 2, 3]))
  })

  it('of a table to itself through a column that is also referred to keep the two in step', () => {
    const table = liveTable('members', ['customer', 'id', 'lead', 'code', 'twin'].map((name) => liveColumn(name, { nullable: name === 'lead' })), {
      primaryKey: { columns: ['customer', 'id'] }, uniques: [{ columns: ['code'] }], foreignKeys: [foreignKey(['customer', 'lead'], 'members', ['customer', 'id']), foreignKey(['twin'], 'members', ['code'])],
    })
    const rows = rowsOf(draftsOf(table), 4)
    expect(rows.map((row) => row['lead'] === null)).toEqual([true, false, false, false])
    for (const { customer, lead, code, twin } of rows) {
      expect([typeof customer, typeof code]).toEqual(['number', 'number'])
      expect(rows.some((other) => other['code'] === twin)).toBe(true)
      if (lead !== null) expect(rows.some((other) => other['customer'] === customer && other['id'] === lead)).toBe(true)
    }
  })
})
