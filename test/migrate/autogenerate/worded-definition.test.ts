/** A live table is told in the words of the revisions where these mean the same, and in its own where they do not. */
import { describe, expect, it } from 'vitest'
import type { TableWords } from '../../../src/migrate/autogenerate/revision-words.ts'
import { wordedDefinition } from '../../../src/migrate/autogenerate/worded-definition.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import { liveDefinition } from '../../../src/schema/live-definition.ts'
import type { IndexDefinition, TableDefinition } from '../../../src/schema/table.ts'
import { engineNamed } from '../../support/engines.ts'

const sql = `create table t (
  id integer primary key, a text, b integer default (1 + 1), j jsonb default '{"b":1,"aa":{"d":2,"c":[3]}}', n integer default 5, g integer generated always as (id + 1) stored,
  constraint k check (a <> '' and length(a) > 1)
)`
const index = (name: string, columns: IndexDefinition['columns'], where?: string): IndexDefinition => ({ name, columns, unique: false, where })

/** The table that the statements make, told with these words. */
async function worded(words: Partial<TableWords>): Promise<{ readonly plain: TableDefinition; readonly told: TableDefinition }> {
  await using database = await engineNamed('pglite memory').open()
  await using scratch = await engineNamed('pglite memory').open()
  for (const statement of [sql, `create index i on t ((lower(a) || 'x') desc, b) where b > 17`]) await database.query({ sql: statement })
  const schema = await introspect(database)
  const table = schema.tables.get('t')
  if (table === undefined) throw new Error('The table is there')
  const plain = liveDefinition(table)
  const told = await wordedDefinition({ schema, table, definition: plain }, { checks: new Map(), indexes: new Map(), generated: new Map(), defaults: new Map(), comments: new Map(), ...words }, scratch)
  expect((await introspect(scratch)).tables.size).toBe(0)
  return { plain, told }
}

describe('the words of the revisions', () => {
  it('are taken where they mean the same', async () => {
    const { told } = await worded({
      checks: new Map([['k', `a <> '' and length(a) > 1`]]), generated: new Map([['g', 'id + 1']]),
      indexes: new Map([['i', index('i', [{ expression: `lower(a) || 'x'`, order: 'asc' }, { column: 'other' }], 'b > 17')]]),
      defaults: new Map([['b', { kind: 'sql', sql: '1 + 1' }], ['j', { kind: 'value', value: { aa: { c: [3], d: 2 }, b: 1 } }], ['n', { kind: 'value', value: 5 }]]),
    })
    expect(told.checks).toEqual([{ name: 'k', expression: `a <> '' and length(a) > 1` }])
    // Whatever is no expression is as it stands.
    expect(told.indexes).toMatchObject([{ name: 'i', columns: [{ expression: `lower(a) || 'x'`, order: 'desc' }, { column: 'b' }], where: 'b > 17' }])
    const columns = new Map(told.columns.map((column) => [column.name, column]))
    expect(columns.get('g')?.generated).toEqual({ expression: 'id + 1', stored: true })
    expect(columns.get('b')?.default).toEqual({ kind: 'sql', sql: '1 + 1' })
    expect(JSON.stringify(columns.get('j')?.default)).toBe('{"kind":"value","value":{"aa":{"c":[3],"d":2},"b":1}}')
    expect(columns.get('n')?.default).toEqual({ kind: 'value', value: 5 })
  })

  it('are not taken where they mean something else, or are of something else', async () => {
    const { plain, told } = await worded({
      checks: new Map([['k', `a <> 'x'`]]), generated: new Map([['g', 'id + 2']]),
      indexes: new Map([['i', index('i', [{ expression: 'upper(a)' }, { column: 'b' }], 'b > 18')]]),
      defaults: new Map([['b', { kind: 'sql', sql: '1 + 2' }], ['j', { kind: 'value', value: { b: 1 } }], ['n', { kind: 'sql', sql: '5' }]]),
    })
    expect(told).toEqual(plain)
    expect(await worded({ defaults: new Map([['n', { kind: 'value', value: 5n }], ['j', { kind: 'value', value: null }]]) })).toMatchObject({ told: plain })
    expect(await worded({ indexes: new Map([['i', index('i', [{ expression: `lower(a) || 'x'` }])]]) })).toMatchObject({ told: plain })
    expect(await worded({})).toMatchObject({ told: plain })
  })
})
