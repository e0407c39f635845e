import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBlankText, readStatementText, replacePlaceholders } from '../../../src/storage/sqlite/statement-text.ts'
import { processorMsOf } from '../../support/processor-time.ts'

describe('the text of a SQLite statement', () => {
  it('has its placeholders found among everything that is not one', () => {
    const skipped = fc.constantFrom(`'?'`, `'it''s ?'`, `"?"`, `"a""?"`, '`?`', '`a``?`', '[?]', '-- ?\n', '/* ? */', '/* ?\n-- */', `x'00'`, 'name', '1.5e3', '(', ')', ',', '->>', '=', ' ')
    fc.assert(
      fc.property(fc.array(fc.oneof(skipped, fc.constant('?'))), (pieces) => {
        const sql = pieces.join(' ')
        const expected: number[] = []
        let offset = 0
        for (const piece of pieces) {
          if (piece === '?') expected.push(offset)
          offset += piece.length + 1
        }
        expect(readStatementText(sql).placeholders).toEqual(expected)
        expect(replacePlaceholders(sql, expected, 'NULL')).toBe(pieces.map((piece) => (piece === '?' ? 'NULL' : piece)).join(' '))
      }),
    )
  })

  it.each(['?1', ':name', '@name', '$name', '$1'])('shows a placeholder of another form: %s', (placeholder) => {
    expect(readStatementText(`select ${placeholder}`)).toMatchObject({ foreignPlaceholder: true, placeholders: [] })
    expect(readStatementText(`select '${placeholder}' -- ${placeholder}`).foreignPlaceholder).toBe(false)
  })

  it.each([
    ['select 1', 'select', false],
    ['  -- so\n SELECT 1', 'select', false],
    ['values (1)', 'values', false],
    ['explain query plan delete from t', 'explain', false],
    ['with a as (select 1), b(x) as materialized (select 2) select * from a', 'select', false],
    ['with recursive a as (select 1 union all select 2) insert into t select * from a', 'insert', true],
    ['with a as (delete_me) update t set a = 1', 'update', true],
    ['replace into t values (1)', 'replace', true],
    ['create table t (a)', 'create', true],
    ['pragma table_info(t)', 'pragma', false],
    ['pragma user_version = 3', 'pragma', true],
    ['vacuum', 'vacuum', true],
  ])('tells what it does: %s', (sql, verb, writes) => {
    expect(readStatementText(sql)).toMatchObject({ verb, writes })
  })

  it.each([
    ['insert into t (a) values (1) returning *', 't'],
    ['insert or ignore into main."a ""b""" values (1)', 'a "b"'],
    ['replace into [odd name] values (1)', 'odd name'],
    ['update or rollback `t` set a = 1', 't'],
    ['update main . t set a = (select b from u)', 't'],
    ['with u as (select 1 from v) delete from t where a in (select * from u)', 't'],
    ['select * from t', undefined],
    ['create table t as select 1', undefined],
  ])('names the table that is written: %s', (sql, target) => {
    expect(readStatementText(sql).target).toBe(target)
  })

  it.each(['', ' ', ';', ' ; -- so', '/* so */', '/* never closed'])('is blank: %j', (sql) => {
    expect(isBlankText(sql)).toBe(true)
  })

  it.each(['select 1', '; x', "''"])('is not blank: %j', (sql) => {
    expect(isBlankText(sql)).toBe(false)
  })

  it('is read in time that grows with its length', async () => {
    const sql = `select ${'('.repeat(50_000)} ${' '.repeat(50_000)} ${'-- a '.repeat(50_000)}`
    expect(await processorMsOf(() => readStatementText(sql))).toBeLessThan(2_000)
  })
})
