/** What a statement mentions: the name of a table, and a value as a literal. */
import { describe, expect, it } from 'vitest'
import { holdsLiteral, holdsName } from '../../../src/migrate/lint/raw-sql.ts'

describe.each(['sqlite', 'postgres'] as const)('on %s the table "posts"', (dialect) => {
  it.each([
    'update posts set a = 1', 'UPDATE Posts SET a = 1', 'update "posts" set a = 1', 'delete from main.posts where a = 1', 'insert into a select * from posts', 'select 1; truncate posts', 'update/**/posts set a = 1',
  ])('is named in %s', (sql) => {
    expect(holdsName(dialect, sql, 'posts')).toBe(true)
  })

  it.each(['update other set a = 1', 'update posts2 set a = 1', 'update "post" set a = 1', 'update xpostsx set a = 1', 'select 1 -- posts', '/* posts */ select 1', `select ' posts '`, 'select 1, (2)'])('is not named in %s', (sql) => {
    expect(holdsName(dialect, sql, 'posts')).toBe(false)
  })
})

it('a name is found in the quotes of its dialect, and with quotes in it', () => {
  for (const dialect of ['sqlite', 'postgres'] as const) expect(holdsName(dialect, 'drop table "a ""b"" c"', 'a "b" c')).toBe(true)
  for (const sql of ['drop table [posts]', 'drop table `posts`', 'drop table "POSTS"']) expect(holdsName('sqlite', sql, 'posts'), sql).toBe(true)
  expect(holdsName('postgres', 'drop table "POSTS"', 'posts')).toBe(false)
})

it.each([
  [`set a = 'glad'`, 'glad', true],
  [`set a = 'it''s ''so'''`, `it's 'so'`, true],
  [`set a = ''`, '', true],
  [`set a = 'gladly'`, 'glad', false],
  ['set a = glad', 'glad', false],
  ['set a = "glad"', 'glad', false],
  ['set a = xgladx', 'glad', false],
  [`set a = 'x' -- 'glad'`, 'glad', false],
])('that %s holds the literal %o: %s', (sql, value, isHeld) => {
  expect(holdsLiteral(sql, value)).toBe(isHeld)
})
