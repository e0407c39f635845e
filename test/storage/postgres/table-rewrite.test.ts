/** What is said of rewrites is measured: a table that was written anew lies in another file. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ColumnType } from '../../../src/schema/column.ts'
import { postgresStatements, postgresType } from '../../../src/storage/postgres/ddl.ts'
import { isVolatileExpression, typeChangeRewrites } from '../../../src/storage/postgres/table-rewrite.ts'
import type { Statement, Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

let storage: Storage
beforeAll(async () => {
  storage = await engineNamed('pglite memory').open()
  await storage.query({ sql: `create type mood as enum ('a', 'b')` })
  await storage.query({ sql: `create type other as enum ('a', 'b')` })
  await storage.query({ sql: `create function mine() returns integer language plpgsql volatile as 'begin return 1; end'` })
})
afterAll(() => storage.close())

const types: readonly ColumnType[] = [
  { kind: 'integer' }, { kind: 'bigint' }, { kind: 'real' }, { kind: 'numeric' }, { kind: 'numeric', precision: 10, scale: 2 }, { kind: 'numeric', precision: 12, scale: 2 }, { kind: 'numeric', precision: 12, scale: 4 },
  { kind: 'text' }, { kind: 'text', length: 10 }, { kind: 'text', length: 20 }, { kind: 'boolean' }, { kind: 'instant' }, { kind: 'date' }, { kind: 'json' }, { kind: 'bytes' }, { kind: 'uuid' },
  { kind: 'enum', values: ['a', 'b'], name: 'mood' }, { kind: 'enum', values: ['a', 'b'], name: 'other' }, { kind: 'enum', values: ['a', 'b'] },
]

it('a change of type writes the table anew exactly where it is said to', async () => {
  let measured = 0
  for (const from of types) {
    for (const to of types) {
      const rewrites = await rewritten(`x ${postgresType(from)}`, postgresStatements({ kind: 'alterColumn', table: 't', column: 'x', change: { type: to } }))
      if (rewrites === 'refused') continue
      measured += 1
      expect(typeChangeRewrites(from, to), `${postgresType(from)} to ${postgresType(to)}`).toBe(rewrites)
    }
  }
  expect(measured).toBeGreaterThan(190)
})

it.each([
  { sql: '1', expected: false },
  { sql: `'x(y)'`, expected: false },
  { sql: 'now()', expected: false },
  { sql: `now() - interval '1 day'`, expected: false },
  { sql: 'statement_timestamp()', expected: false },
  { sql: 'current_timestamp(3)', expected: false },
  { sql: `cast('2020-01-01' as date)`, expected: false },
  { sql: `coalesce(null, lower('A'))`, expected: false },
  { sql: `case when (1 = 1) then 2 end`, expected: false },
  { sql: `'a'::varchar(3)`, expected: false },
  { sql: `current_setting('timezone')`, expected: false },
  { sql: 'random()', expected: true },
  { sql: 'gen_random_uuid()', expected: true },
  { sql: 'clock_timestamp()', expected: true },
  { sql: 'timeofday()', expected: true },
  { sql: 'mine()', expected: true },
  { sql: 'public."mine"()', expected: true },
  { sql: `nextval('s')`, expected: true },
])('the default $sql writes the table anew: $expected', async ({ sql, expected }) => {
  await storage.query({ sql: 'create sequence if not exists s' })
  expect(await rewritten('id integer', [{ sql: `alter table t add column x text default (${sql})` }])).toBe(expected)
  expect(isVolatileExpression(sql)).toBe(expected)
})

async function rewritten(columns: string, statements: readonly Statement[]): Promise<boolean | 'refused'> {
  await storage.query({ sql: 'drop table if exists t' })
  await storage.query({ sql: `create table t (${columns})` })
  const node = async (): Promise<unknown> => (await storage.query({ sql: `select pg_relation_filenode('t') as node` })).rows[0]?.['node']
  const before = await node()
  try {
    for (const statement of statements) await storage.query(statement)
  } catch {
    return 'refused'
  }
  return (await node()) !== before
}
