import { describe, expect, it } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { Storage } from '../../src/storage/storage.ts'

async function rows(storage: Storage, sql: string, ...parameters: readonly (string | number | bigint)[]): Promise<readonly unknown[]> {
  return (await storage.query({ sql, parameters })).rows
}

describe('sql.js', () => {
  it('learns declared types without leaving anything behind', async () => {
    await using storage = await sqljs()
    await storage.query({ sql: 'create table t (flag BOOL, at DATETIME, doc JSON)' })
    await storage.query({ sql: `insert into t values (1, '2026-03-03 08:00:00', '[1]')` })
    const expected = [{ flag: true, at: '2026-03-03T08:00:00.000Z', doc: [1] }]
    for (const sql of ['select * from t', 'select flag, at, doc from t where flag = ?', 'update t set flag = ? returning *', 'select * from (select * from t) where 1 = ?']) {
      expect(await rows(storage, sql, ...(sql.includes('?') ? [1] : []))).toEqual(expected)
      expect(await storage.transaction((tx) => tx.query({ sql, parameters: sql.includes('?') ? [1] : [] }))).toMatchObject({ rows: expected })
    }
    expect(await rows(storage, 'select * from sqlite_temp_schema')).toEqual([])
    expect(await rows(storage, 'select name from sqlite_schema')).toEqual([{ name: 't' }])
  })

  it('gives undecoded values where a statement has no declared types', async () => {
    await using storage = await sqljs()
    await storage.query({ sql: 'create table t (flag BOOLEAN)' })
    await storage.query({ sql: 'insert into t values (1)' })
    expect(await rows(storage, 'select max(flag) as most, flag + 0 as sum from t')).toEqual([{ most: 1, sum: 1 }])
    expect(await rows(storage, 'explain query plan select * from t')).toMatchObject([{ detail: 'SCAN t' }])
    expect(await rows(storage, 'pragma table_info(t)')).toMatchObject([{ name: 'flag', type: 'BOOLEAN' }])
    expect(await rows(storage, `select name from pragma_table_info('t') where name = ?`, 'flag')).toEqual([{ name: 'flag' }])
    expect(await rows(storage, 'values (1, 2), (3, 4)')).toEqual([{ column1: 1, column2: 2 }, { column1: 3, column2: 4 }])
  })

  it('binds whole numbers of any size as integers', async () => {
    await using storage = await sqljs()
    for (const value of [1, -1, 2 ** 31, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, 2n ** 62n, 5n]) {
      expect(await rows(storage, `select typeof(?) as type, '?' as mark, ? / 2 = ? / 2.0 - (? % 2) / 2.0 as whole`, value, value, value, value)).toEqual([{ type: 'integer', mark: '?', whole: expect.anything() }])
    }
    expect(await rows(storage, 'select typeof(?) as a, typeof(?) as b', 1.5, 2 ** 60)).toEqual([{ a: 'real', b: 'real' }])
    await storage.query({ sql: 'create table t (label TEXT)' })
    await storage.query({ sql: 'insert into t values (?)', parameters: [3_000_000_000] })
    expect(await rows(storage, 'select label from t limit ?', 3_000_000_000)).toEqual([{ label: '3000000000' }])
  })

  it.each([
    ['alter table t alter column name set not null', 'not_null_violated', 'Rows have no value in the column.'],
    ['alter table t add constraint ck check (n > 5)', 'check_violated', 'Rows that are there break the constraint.'],
    ['alter table t drop column id', 'statement_failed', 'cannot drop PRIMARY KEY column: "id".'],
    ['alter table t drop column seen', 'statement_failed', 'error in view v after drop column: no such column: seen.'],
    ['alter table t rename to T', 'statement_failed', 'there is already another table or index with this name: T.'],
  ])('says why it does not "%s"', async (sql, code, why) => {
    await using storage = await sqljs()
    for (const setup of ['create table t (id integer primary key, name text, n integer, seen text)', 'create view v as select seen from t', 'insert into t values (1, null, 3, null)']) await storage.query({ sql: setup })
    await expect(storage.query({ sql })).rejects.toMatchObject({ code, why })
  })

  it('refuses placeholders other than "?"', async () => {
    await using storage = await sqljs()
    for (const sql of ['select ?1', 'select :a', 'select $1', 'select @a']) await expect(rows(storage, sql, 1)).rejects.toMatchObject({ code: 'statement_failed' })
  })

  it('keeps triggers whole', async () => {
    await using storage = await sqljs()
    await storage.query({ sql: 'create table t (n integer)' })
    await storage.query({ sql: 'create table log (n integer)' })
    await storage.query({ sql: 'create trigger logged after insert on t begin insert into log values (new.n); insert into log values (-new.n); end;' })
    expect((await storage.query({ sql: 'insert into t values (?)', parameters: [5] })).affectedRows).toBe(1)
    expect(await rows(storage, 'select n from log order by n')).toEqual([{ n: -5 }, { n: 5 }])
  })

  it('searches full text as its capability says', async () => {
    await using storage = await sqljs()
    expect(storage.capabilities.fullText).toBe('fts4')
    await storage.query({ sql: 'create virtual table docs using fts4(body)' })
    await storage.query({ sql: 'insert into docs values (?)', parameters: ['the tide is high'] })
    expect(await rows(storage, 'select body from docs where docs match ?', 'tide')).toEqual([{ body: 'the tide is high' }])
    const error = await storage.query({ sql: 'select body from docs where docs match ?', parameters: ['"hush-4711'] }).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'statement_failed' })
    expect(String(error)).not.toContain('hush-4711')
  })

  it('serves more distinct statements than it keeps prepared', async () => {
    await using storage = await sqljs()
    for (const round of [1, 2]) for (let n = 0; n < 600; n += 1) expect(await rows(storage, `select ${n} as n, ? as round`, round)).toEqual([{ n, round }])
  })

  it('goes on after SQLite itself has rolled a transaction back', async () => {
    await using storage = await sqljs()
    await storage.query({ sql: 'create table t (n integer primary key)' })
    await expect(storage.transaction(async (tx) => {
      await tx.query({ sql: 'insert into t values (1)' })
      await tx.query({ sql: 'insert or rollback into t values (1)' })
    })).rejects.toMatchObject({ code: 'unique_violated' })
    await expect(storage.transaction(async (tx) => {
      await tx.query({ sql: 'insert into t values (1)' })
      await tx.transaction((inner) => inner.query({ sql: 'insert or rollback into t values (1)' })).catch(() => undefined)
      await tx.query({ sql: 'insert into t values (2)' })
    })).rejects.toMatchObject({ code: 'unique_violated' })
    expect(await rows(storage, 'select * from t')).toEqual([])
  })

  it('makes every memory database its own', async () => {
    await using first = await sqljs()
    await using second = await sqljs()
    await first.query({ sql: 'create table t (n integer)' })
    await expect(second.query({ sql: 'select * from t' })).rejects.toMatchObject({ code: 'statement_failed' })
  })
})
