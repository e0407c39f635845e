/** A rename as operations: the new name, and the checks of enums that are known by the old one. */
import { describe, expect, it } from 'vitest'
import { renameOperations } from '../../../src/migrate/autogenerate/rename-operations.ts'
import { c } from '../../../src/schema/column.ts'
import { defaultNaming as naming, normalizeTable } from '../../../src/schema/table.ts'

const table = normalizeTable('posts', { id: c.integer().primaryKey(), body: c.text(), kind: c.enum(['a', 'b']), mood: c.enum(['x'], { name: 'mood' }) }, {})
const rename = (kind: 'table' | 'column', from: string, to: string): ReturnType<typeof renameOperations> => renameOperations({ kind, table: 'posts', from, to }, table, naming)

/** The check of an enum as it is when the type of the column is told anew. */
const typed = (at: string, column: string, name: string, type: object, values: string): object => ({
  kind: 'alterColumn', table: at, column, change: { type },
  enumCheck: { replaces: `ck_${at}_${column}_enum`, prefix: `ck_${at}_${column}_`, check: { name, expression: `"${column}" in (${values})`, enumOf: column } },
})
const plain = { kind: 'enum', values: ['a', 'b'] }
const mood = { kind: 'enum', values: ['x'], name: 'mood' }

describe('a column', () => {
  it('that is no enum has only its new name, and its old one on the way back', () => {
    expect(rename('column', 'body', 'text')).toEqual({
      there: [{ kind: 'alterColumn', table: 'posts', column: 'body', change: { name: 'text' } }],
      back: [{ kind: 'alterColumn', table: 'posts', column: 'text', change: { name: 'body' } }],
    })
  })

  it('that is an enum has its check under the new name', () => {
    expect(rename('column', 'kind', 'sort')).toEqual({
      there: [
        { kind: 'alterColumn', table: 'posts', column: 'kind', change: { name: 'sort' } },
        { kind: 'batch', table: 'posts', operations: [{ kind: 'dropConstraint', table: 'posts', name: 'ck_posts_kind_enum' }, typed('posts', 'sort', 'ck_posts_sort_enum', plain, `'a', 'b'`)] },
      ],
      back: [
        { kind: 'alterColumn', table: 'posts', column: 'sort', change: { name: 'kind' } },
        { kind: 'batch', table: 'posts', operations: [{ kind: 'dropConstraint', table: 'posts', name: 'ck_posts_sort_enum' }, typed('posts', 'kind', 'ck_posts_kind_enum', plain, `'a', 'b'`)] },
      ],
    })
  })

  it('of an enum with a name has its type told anew, and no check that PostgreSQL could drop', () => {
    expect(rename('column', 'mood', 'temper').there).toEqual([{ kind: 'alterColumn', table: 'posts', column: 'mood', change: { name: 'temper' } }, typed('posts', 'temper', 'ck_posts_temper_mood', mood, `'x'`)])
  })
})

it('a table has the checks of all its enums under its new name, and under the old one on the way back', () => {
  const renewed = (at: string, was: string): object => ({
    kind: 'batch', table: at,
    operations: [{ kind: 'dropConstraint', table: at, name: `ck_${was}_kind_enum` }, typed(at, 'kind', `ck_${at}_kind_enum`, plain, `'a', 'b'`), typed(at, 'mood', `ck_${at}_mood_mood`, mood, `'x'`)],
  })
  expect(rename('table', 'posts', 'entries')).toEqual({
    there: [{ kind: 'renameTable', from: 'posts', to: 'entries' }, renewed('entries', 'posts')],
    back: [{ kind: 'renameTable', from: 'entries', to: 'posts' }, renewed('posts', 'entries')],
  })
})
