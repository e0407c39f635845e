import { describe, expect, it } from 'vitest'
import { postgres } from '../../adapters/postgres/postgres.ts'
import type { Queryable, Row } from '../../src/storage/storage.ts'
import { freshPostgresUrl } from '../support/engines.ts'

/** One connection, so that a statement that comes again meets what was prepared for it. */
const alone = { connections: 1, preparedStatements: true } as const

async function rows(on: Queryable, sql: string, ...parameters: (string | number)[]): Promise<readonly Row[]> {
  return (await on.query({ sql, parameters })).rows
}

const preparedTexts = async (on: Queryable): Promise<readonly unknown[]> => (await rows(on, `select statement from pg_prepared_statements where statement not like '%pg_prepared_statements%'`)).map((row) => row['statement'])

describe('prepared statements on PostgreSQL', () => {
  it('are made of a text that comes again, with any values', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl(), ...alone })
    expect(await rows(storage, 'select $1::integer as n', 1)).toEqual([{ n: 1 }])
    expect(await preparedTexts(storage)).toEqual([])
    for (const n of [2, 3, 4]) expect(await rows(storage, 'select $1::integer as n', n)).toEqual([{ n }])
    expect(await preparedTexts(storage)).toEqual(['select $1::integer as n'])
  })

  it('have to be asked for', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl(), connections: 1 })
    for (let round = 0; round < 3; round += 1) await rows(storage, 'select 1 as n')
    expect(await preparedTexts(storage)).toEqual([])
  })

  it('do not grow without end, whatever comes', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl(), ...alone })
    const long = `select '${'x'.repeat(10_000)}' as n`
    for (let round = 0; round < 3; round += 1) await rows(storage, long)
    expect(await preparedTexts(storage)).toEqual([])
    for (let n = 0; n < 300; n += 1) {
      for (let round = 0; round < 3; round += 1) expect(await rows(storage, `select ${n} as n`)).toEqual([{ n }])
    }
    const count = (await preparedTexts(storage)).length
    expect(count).toBeGreaterThan(50)
    expect(count).toBeLessThanOrEqual(100)
  })

  it('follow a schema that somebody else changes: columns added, dropped, of another type', async () => {
    const url = await freshPostgresUrl()
    await using storage = await postgres({ url, ...alone })
    await using other = await postgres({ url, ...alone })
    await rows(other, 'create table t (id integer, name text)')
    await rows(other, `insert into t values (1, 'one')`)
    const all = 'select * from t where id = $1'
    for (let round = 0; round < 3; round += 1) expect(await rows(storage, all, 1)).toEqual([{ id: 1, name: 'one' }])
    await rows(other, 'alter table t add column more boolean')
    expect(await rows(storage, all, 1)).toEqual([{ id: 1, name: 'one', more: null }])
    expect(await rows(storage, all, 1)).toEqual([{ id: 1, name: 'one', more: null }])
    await rows(other, 'alter table t drop column name')
    expect(await rows(storage, all, 1)).toEqual([{ id: 1, more: null }])
    // The value was prepared as an integer, which this text is not.
    await rows(other, 'alter table t alter column id type text')
    await rows(storage, all, 1)
    await rows(other, `insert into t values ('a')`)
    expect(await rows(storage, all, 'a')).toEqual([{ id: 'a', more: null }])
    await rows(other, 'drop table t')
    await expect(rows(storage, all, 'a')).rejects.toMatchObject({ code: 'statement_failed', details: { sqlState: '42P01' } })
  })

  it('are not used in a transaction, which may change the schema itself, and take it back', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl(), ...alone })
    await rows(storage, 'create table t (id integer)')
    await rows(storage, 'insert into t values (1)')
    const all = 'select * from t'
    for (let round = 0; round < 3; round += 1) await rows(storage, all)
    await expect(storage.transaction(async (tx) => {
      for (let round = 0; round < 3; round += 1) expect(await rows(tx, all)).toEqual([{ id: 1 }])
      await rows(tx, 'alter table t add column more text')
      for (let round = 0; round < 3; round += 1) expect(await rows(tx, all)).toEqual([{ id: 1, more: null }])
      throw new Error('undo')
    })).rejects.toThrow('undo')
    await storage.transaction(async (tx) => {
      for (let round = 0; round < 3; round += 1) expect(await rows(tx, all)).toEqual([{ id: 1 }])
    })
  })

  it('are not run twice when they fail for what they do', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl(), ...alone })
    await rows(storage, 'create table t (id integer primary key)')
    const insert = 'insert into t values ($1)'
    for (const id of [1, 2, 3]) await rows(storage, insert, id)
    await expect(rows(storage, insert, 3)).rejects.toMatchObject({ code: 'unique_violated' })
    await expect(rows(storage, 'select 1 / count(*) from t where id < $1', 0)).rejects.toMatchObject({ code: 'statement_failed' })
    await expect(rows(storage, insert, 'no number')).rejects.toMatchObject({ code: 'statement_failed', details: { sqlState: '22P02' } })
    expect(await rows(storage, 'select count(*) as n from t')).toEqual([{ n: 3 }])
  })
})
