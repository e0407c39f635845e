/** One statement at a time: what it reports, how it fails, and that failing harms nothing. */
import type { TidemarkErrorCode } from '../../errors.ts'
import type { Statement, Storage } from '../storage.ts'
import { type SqlTemplate, type StorageLaw, columnTypes, law, refused, same } from './law.ts'

export const statementLaws: readonly StorageLaw[] = [
  law('affected rows are those inserted, updated or deleted', async (storage, sql) => {
    const counts: [what: string, statement: Statement, expected: number][] = [
      ['create', sql`create table kept (id integer primary key, value integer)`, 0],
      ['insert', sql`insert into kept values (${1}, ${10}), (${2}, ${20}), (${3}, ${30})`, 3],
      ['insert from a query', sql`insert into kept select id + 10, value from kept`, 3],
      ['update of nothing', sql`update kept set value = ${0} where id = ${99}`, 0],
      ['update', sql`update kept set value = ${0} where id > ${2}`, 4],
      ['read', sql`select * from kept`, 0],
      ['read with a common table expression', sql`with k as (select * from kept) select count(*) from k`, 0],
      ['insert of what is there', sql`insert into kept values (${1}, ${1}) on conflict do nothing`, 0],
      ['insert or update', sql`insert into kept values (${1}, ${1}), (${50}, ${1}) on conflict (id) do update set value = excluded.value`, 2],
      ['update that returns', sql`update kept set value = ${7} where id < ${3} returning id`, 2],
      ['write with a common table expression', sql`with k as (select 11 as id) delete from kept where id in (select id from k)`, 1],
      ['delete', sql`delete from kept`, 6],
    ]
    for (const [what, statement, expected] of counts) same((await storage.query(statement)).affectedRows, expected, `affected rows of the ${what}`)
  }),

  law('rows come in the order that was asked for, and none is an empty list', async (storage, sql) => {
    await storage.query(sql`create table kept (id integer primary key)`)
    same((await storage.query(sql`select * from kept`)).rows, [], 'rows of an empty table')
    same((await storage.query(sql`insert into kept values (${2}), (${1}), (${3})`)).rows, [], 'rows of an insert')
    same((await storage.query(sql`select id from kept order by id desc`)).rows, [{ id: 3 }, { id: 2 }, { id: 1 }], 'rows')
  }),

  law('a text holds one statement, however it is closed', async (storage, sql) => {
    await storage.query(sql`create table kept (id integer primary key);`)
    await storage.query(sql`insert into kept values (${1}) ; -- that was all`)
    await refused(storage.query(sql`insert into kept values (2); insert into kept values (3)`), 'statement_failed')
    await refused(storage.query(sql`insert into kept values (${4}); drop table kept`), 'statement_failed')
    for (const text of ['', '  ', ';', '-- nothing', '/* nothing */']) await refused(storage.query({ sql: text }), 'statement_failed')
    same((await storage.query(sql`select id from kept`)).rows, [{ id: 1 }], 'rows')
  }),

  law('parameters must be as many as placeholders', async (storage, sql) => {
    await storage.query(sql`create table kept (a integer, b integer)`)
    const { sql: text } = sql`insert into kept values (${1}, ${2})`
    for (const parameters of [[], [1], [1, 2, 3]]) await refused(storage.query({ sql: text, parameters }), 'statement_failed')
    await refused(storage.query({ sql: text }), 'statement_failed')
    same((await storage.query(sql`select * from kept`)).rows, [], 'rows')
  }),

  law('statements that begin or end transactions are refused', async (storage, sql) => {
    await storage.query(sql`create table kept (id integer primary key)`)
    const controls = ['begin', 'BEGIN immediate', ' -- so\n commit', 'end', '/* so */ rollback', 'savepoint a', 'release a', 'rollback to a', 'start transaction']
    for (const text of controls) await refused(storage.query({ sql: text }), 'statement_failed')
    await storage.transaction(async (tx) => {
      await tx.query(sql`insert into kept values (1)`)
      for (const text of controls) await refused(tx.query({ sql: text }), 'statement_failed')
      await tx.query(sql`insert into kept values (2)`)
    })
    same((await storage.query(sql`select count(*) as n from kept`)).rows, [{ n: 2 }], 'rows')
  }),

  law('mistakes in a statement fail it and leave the storage usable', async (storage, sql) => {
    for (const text of ['selec 1', 'select * from nowhere', 'select (', 'select nothing_like_it']) await refused(storage.query({ sql: text }), 'statement_failed')
    same((await storage.query(sql`select 1 as one`)).rows, [{ one: 1 }], 'row')
  }),

  ...constraintLaws(),

  law('an error never holds a bound value', async (storage, sql) => {
    await createConstrained(storage, sql)
    await storage.query(sql`create table kept (id integer primary key, value integer check (value < 100))`)
    const secret = 'hush-4711'
    for (const statement of [
      sql`insert into children (id, name, kind) values (${2}, ${secret}, ${secret})`,
      sql`insert into children (id, name) values (${3}, ${secret})`,
      sql`insert into parents (id, code) values (${2}, ${secret})`,
      sql`insert into parents (id, code) values (${3}, ${secret})`,
      sql`select value from nowhere where value = ${secret}`,
      ...(storage.dialect === 'postgres' ? [sql`select id from kept where id = ${secret}`, sql`insert into kept (id) values (${secret})`] : [sql`insert into kept (id) values (${secret})`]),
    ]) {
      const error = await storage.query(statement).then(() => undefined, (failure: unknown) => failure)
      if (error === undefined) continue
      const { message, details } = error as { message: string; details: unknown }
      same(`${message} ${JSON.stringify(details)}`.includes(secret), false, 'the value is in the error')
      same(message.split('\n').length >= 3, true, 'the error says what failed, why, and what to do')
    }
  }),
]

function constraintLaws(): readonly StorageLaw[] {
  const cases: readonly [rule: string, code: TidemarkErrorCode, statement: (sql: SqlTemplate) => Statement][] = [
    ['a primary key', 'unique_violated', (sql) => sql`insert into parents (id, code) values (${1}, ${'other'})`],
    ['a unique column', 'unique_violated', (sql) => sql`insert into parents (id, code) values (${9}, ${'first'})`],
    ['a foreign key', 'foreign_key_violated', (sql) => sql`insert into children (id, parent_id, name) values (${9}, ${77}, ${'x'})`],
    ['a foreign key from the other side', 'foreign_key_violated', (sql) => sql`delete from parents where id = ${1}`],
    ['a column that needs a value', 'not_null_violated', (sql) => sql`insert into children (id, parent_id, name) values (${9}, ${1}, ${null})`],
    ['a check', 'check_violated', (sql) => sql`insert into children (id, parent_id, name, kind) values (${9}, ${1}, ${'x'}, ${'c'})`],
  ]
  return cases.map(([rule, code, statement]) =>
    law(`breaking ${rule} fails with ${code} and changes nothing`, async (storage, sql) => {
      await createConstrained(storage, sql)
      await refused(storage.query(statement(sql)), code)
      await refused(storage.transaction((tx) => tx.query(statement(sql))), code)
      same((await storage.query(sql`select id, code from parents`)).rows, [{ id: 1, code: 'first' }], 'parents')
      same((await storage.query(sql`select id, parent_id, name, kind from children`)).rows, [{ id: 1, parent_id: 1, name: 'child', kind: 'a' }], 'children')
    }),
  )
}

async function createConstrained(storage: Storage, sql: SqlTemplate): Promise<void> {
  const { text } = columnTypes[storage.dialect]
  await storage.query(sql`create table parents (id integer primary key, code ${text} unique)`)
  await storage.query(sql`create table children (id integer primary key, parent_id integer references parents (id), name ${text} not null, kind ${text} check (kind in ('a', 'b')))`)
  await storage.query(sql`insert into parents (id, code) values (${1}, ${'first'})`)
  await storage.query(sql`insert into children (id, parent_id, name, kind) values (${1}, ${1}, ${'child'}, ${'a'})`)
}
