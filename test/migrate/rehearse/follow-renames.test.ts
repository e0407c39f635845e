/** Rows from before a revision, under the names of after it. */
import { expect, it } from 'vitest'
import { followRenames } from '../../../src/migrate/rehearse/follow-renames.ts'
import type { RowSnapshot, TableRows } from '../../../src/migrate/verify/row-snapshot.ts'
import type { JsonObject } from '../../../src/storage/storage.ts'

const users = { columns: ['id', 'name', 'bio'], key: ['id'], rows: [['1', "'Ann'", null]] }
const log = { columns: ['name'], key: undefined, rows: [["'x'"]] }
const before: RowSnapshot = new Map<string, TableRows>([['users', users], ['log', log]])

const renameTable = (from: string, to: string): JsonObject => ({ kind: 'renameTable', from, to })
const renameColumn = (table: string, column: string, name: string): JsonObject => ({ kind: 'alterColumn', table, column, change: { name } })

it.each<readonly [string, readonly JsonObject[], Record<string, unknown>]>([
  ['a table', [renameTable('users', 'people')], { people: users, log }],
  ['a column, also of the key', [renameColumn('users', 'id', 'no'), renameColumn('users', 'name', 'full')], { users: { ...users, columns: ['no', 'full', 'bio'], key: ['no'] }, log }],
  ['a column of a table without a key', [renameColumn('log', 'name', 'line')], { users, log: { ...log, columns: ['line'] } }],
  ['a table and then its column', [renameTable('users', 'people'), renameColumn('people', 'bio', 'about')], { people: { ...users, columns: ['id', 'name', 'about'] }, log }],
  ['what a batch renames', [{ kind: 'batch', table: 'users', operations: [renameColumn('users', 'bio', 'about'), { kind: 'dropColumn', table: 'users', column: 'name' }] }], { users: { ...users, columns: ['id', 'name', 'about'] }, log }],
  ['tables that change places', [renameTable('users', 'old'), renameTable('log', 'users'), renameTable('old', 'log')], { users: log, log: users }],
])('follows %s', (_, operations, expected) => {
  expect(Object.fromEntries(followRenames(before, operations))).toEqual(expected)
})

it('does not follow what is new, gone, or changed otherwise', () => {
  const operations: readonly JsonObject[] = [
    renameTable('nowhere', 'somewhere'), renameColumn('nowhere', 'id', 'no'), { kind: 'alterColumn', table: 'users', column: 'name', change: { nullable: true } }, { kind: 'dropTable', table: 'log' },
    { kind: 'createTable', table: 'users', from: 'users', to: 'others' }, { kind: 'addColumn', table: 'users', column: 'bio', change: { name: 'more' } },
    // As the history table might keep them one day.
    { kind: 'batch', operations: 'none' }, { kind: 'batch', operations: [7, null] }, { kind: 'renameTable', from: 'users', to: 5 }, { kind: 'renameTable', from: null, to: 'x' },
    { kind: 'alterColumn', table: 'users', column: 'bio', change: null }, { kind: 'alterColumn', table: 'users', column: 'bio', change: { name: 5 } }, { kind: 'alterColumn', table: 'users', column: 5, change: { name: 'x' } }, { kind: 'alterColumn', column: 'bio', change: { name: 'x' } },
  ]
  expect(followRenames(before, operations)).toEqual(before)
})
