/** The engine is the referee: a statement whose values stand in its text gives what it gives when they are bound. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { terminated, writeOut } from '../../../src/migrate/offline/statement-script.ts'
import { type Dialect, type SqlValue, type Statement, type Storage, json } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

const hostile = [`it's`, `"`, '\\', `\\'`, '\n', 'a\r\nb', '$1', '?', '?1', ':name', '--', '/*', '*/', '$$', '$tag$', ';', '', ' ', '😀', '\u2028', `E'\\n'`, '%', '`[x]`']

let sqlite: Storage
let postgres: Storage
beforeAll(async () => {
  sqlite = await engineNamed('sqljs memory').open()
  postgres = await engineNamed('pglite memory').open()
  for (const storage of [sqlite, postgres]) {
    const bytes = storage.dialect === 'sqlite' ? 'blob' : 'bytea'
    await storage.query({ sql: `create table t (i bigint, r double precision, n numeric, s text, f boolean, b ${bytes}, j ${storage.dialect === 'sqlite' ? 'json text' : 'jsonb'}, at ${storage.dialect === 'sqlite' ? 'instant text' : 'timestamptz(3)'})` })
  }
})
afterAll(() => Promise.all([sqlite.close(), postgres.close()]))

const text = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0')), fc.array(fc.constantFrom(...hostile)).map((parts) => parts.join('')))
const integer = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(0, -0, -1, 2 ** 31, -(2n ** 63n), 2n ** 63n - 1n))
const real = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(1e21, -1e-7, 2 ** 60, 0.1, 5e-324, 1.7976931348623157e308))
const row = fc.record({
  i: fc.option(integer), r: fc.option(real), n: fc.option(fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0.25, -12.5))), s: fc.option(text), f: fc.option(fc.boolean()),
  b: fc.option(fc.uint8Array()), j: fc.option(fc.oneof(fc.dictionary(text.filter((key) => key !== '__proto__'), text), fc.array(text), text.map((value) => json(value)))), at: fc.option(fc.constantFrom('2026-03-03T08:00:00.000Z', '1969-12-31T23:59:59.999Z')),
})

describe.each(['sqlite', 'postgres'] as const)('values written into a %s statement', (dialect) => {
  it('are the ones that a parameter brings, in every type', async () => {
    await fc.assert(fc.asyncProperty(row, async (values) => {
      const statement = { sql: `insert into t (i, r, n, s, f, b, j, at) values (${places(dialect, 8)}) returning *${dialect === 'sqlite' ? ', typeof(i) as ti, typeof(r) as tr, typeof(n) as tn, typeof(s) as ts' : ''}`, parameters: Object.values(values) as SqlValue[] }
      expect(await rows(dialect, { sql: writeOut(dialect, statement) })).toEqual(await rows(dialect, statement))
    }), { numRuns: 150 })
  })

  it('are put at placeholders only, whatever stands around them', async () => {
    const p = (n: number): string => (dialect === 'postgres' ? `cast($${n} as text)` : '?')
    const statements: Statement[] = [
      { sql: `select ${p(1)} as "?$1", '?$1''?$1' as s, ${p(2)} as t -- ?$1 '`, parameters: ['a', '-- b'] },
      { sql: `select /* ?$1 ' " */ ${p(1)} as a, "?$1" from (select 1 as "?$1") as x`, parameters: [`'`] },
      { sql: `select 5 -${dialect === 'postgres' ? '$1' : '?'} as difference`, parameters: [-5] },
      ...(dialect === 'postgres'
        ? [
            { sql: `select $2 || $1 || $2 as v, E'\\'$1\\\\' as e, $$ $1 '$1' $$ as d, $a$ $$ $1 $a$ as t, U&'\\0041$1' as u`, parameters: ['x', 'y'] },
            { sql: `select /* a /* nested $1 */ $1 */ $1 as a, x$1 from (select 2 as x$1) as x`, parameters: ['z'] },
            { sql: `select $1::int[] as a, $10::text || $2 || $3 || $4 || $5 || $6 || $7 || $8 || $9 as v`, parameters: ['{1}', ...'23456789'.split(''), '10'] },
          ]
        : [{ sql: 'select [?] as a, `?` as b, ? as c from (select 1 as [?])', parameters: [1] }]),
    ]
    for (const statement of statements) expect(await rows(dialect, { sql: writeOut(dialect, statement) }), statement.sql).toEqual(await rows(dialect, statement))
  })

  it('are refused as they are when they are bound', () => {
    const one = dialect === 'postgres' ? '$1' : '?'
    for (const value of ['a\0b', Number.NaN, 2n ** 64n]) expect(() => writeOut(dialect, { sql: `select ${one}`, parameters: [value] })).toThrow(expect.objectContaining({ code: 'value_not_supported' }))
    for (const statement of [{ sql: `select ${one}` }, { sql: `select ${one}`, parameters: [1, 2] }, { sql: 'select 1', parameters: [1] }, { sql: 'commit' }, { sql: ' -- nothing' }]) {
      expect(() => writeOut(dialect, statement), statement.sql).toThrow(expect.objectContaining({ code: 'statement_failed' }))
    }
  })

  it('stand in a statement that ends where it ends', () => {
    expect(terminated(dialect, ' select 1 ')).toBe('select 1;')
    expect(terminated(dialect, 'select 1;')).toBe('select 1;')
    expect(terminated(dialect, 'select 1 -- one;')).toBe('select 1 -- one;\n;')
    for (const open of [`select 'a`, 'select "a', 'select 1 /* a']) expect(() => terminated(dialect, open)).toThrow(expect.objectContaining({ code: 'statement_failed' }))
    const quoted = dialect === 'postgres' ? `select $$it's$$` : `select 1 as [it's]`
    expect(terminated(dialect, quoted)).toBe(`${quoted};`)
    if (dialect === 'postgres') expect(() => terminated(dialect, 'select $a$ $$ ')).toThrow(expect.objectContaining({ code: 'statement_failed' }))
  })
})

it('SQLite has no placeholders but the question mark', () => {
  expect(() => writeOut('sqlite', { sql: 'select ?1', parameters: [1] })).toThrow(expect.objectContaining({ code: 'statement_failed' }))
})

function places(dialect: Dialect, count: number): string {
  return Array.from({ length: count }, (_, index) => (dialect === 'postgres' ? `$${index + 1}` : '?')).join(', ')
}

async function rows(dialect: Dialect, statement: Statement): Promise<readonly unknown[]> {
  return (await (dialect === 'sqlite' ? sqlite : postgres).query(statement)).rows
}
