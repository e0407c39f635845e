/** What the revisions make at the end, against the other dialect and against what is declared. */
import { describe, expect, it } from 'vitest'
import { type End, compareWithDeclared, compareWithEachOther } from '../../../src/migrate/verify/compare-ends.ts'
import { c } from '../../../src/schema/column.ts'
import { type LiveColumn, type LiveSchema, type LiveTable, introspect } from '../../../src/schema/introspect.ts'
import { defineSchema, table } from '../../../src/schema/table.ts'
import type { Dialect, Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'
import { liveColumn, liveTable } from './live-table.ts'

function end(engine: Dialect, ...tables: readonly LiveTable[]): End & { readonly schema: LiveSchema } {
  return { engine, schema: { dialect: engine, tables: new Map(tables.map((one) => [one.name, one])), enums: new Map() } }
}

describe('the ends of two dialects', () => {
  const between = (sqlite: readonly LiveTable[], postgres: readonly LiveTable[], include?: (kind: string, name: string) => boolean): readonly string[] => {
    const [compared, ...more] = compareWithEachOther([end('sqlite', ...sqlite), end('postgres', ...postgres)], { include })
    expect(more).toEqual([])
    expect(compared).toMatchObject({ engine: 'sqlite', against: 'postgres', equal: compared?.details.length === 0 })
    return compared?.details ?? []
  }
  const t = (...columns: readonly LiveColumn[]): readonly LiveTable[] => [liveTable('t', columns)]
  const typed = (type: LiveColumn['type']): readonly LiveTable[] => t(liveColumn('a', { type }))

  it('differ in tables and columns that one of them lacks', () => {
    expect(between([liveTable('one', []), liveTable('both', [])], [liveTable('both', []), liveTable('two', [])])).toEqual(['The table "one" is there on sqlite only.', 'The table "two" is there on postgres only.'])
    expect(between(t(liveColumn('a'), liveColumn('b')), t(liveColumn('c'), liveColumn('b')))).toEqual(['The column "a" of table "t" is there on sqlite only.', 'The column "c" of table "t" is there on postgres only.'])
  })

  it('differ in the kind of a type and in null', () => {
    expect(between(typed({ kind: 'integer' }), typed({ kind: 'text' }))).toEqual(['The column "a" of table "t" is integer on sqlite and text on postgres.'])
    expect(between(t(liveColumn('a')), t(liveColumn('a', { nullable: false })))).toEqual(['The column "a" of table "t" takes null on sqlite only.'])
    expect(between(t(liveColumn('a', { nullable: false })), t(liveColumn('a')))).toEqual(['The column "a" of table "t" takes null on postgres only.'])
  })

  it('do not differ in what a dialect lacks: enums, types that no builder makes, spelling, the order of columns', () => {
    expect(between(typed({ kind: 'text' }), typed({ kind: 'enum', values: ['x'] }))).toEqual([])
    for (const kinds of [['other', 'date'], ['date', 'other']] as const) expect(between(typed({ kind: kinds[0] }), typed({ kind: kinds[1] }))).toEqual([])
    expect(between(t(liveColumn('a', { declaredType: 'INT' }), liveColumn('b')), t(liveColumn('b'), liveColumn('a')))).toEqual([])
  })

  it('are compared in what is included', () => {
    const [one, two] = [[liveTable('mine', []), liveTable('yours', [])], [liveTable('ours', [])]]
    expect(between(one, two, (kind, name) => kind === 'table' && name !== 'yours')).toEqual(['The table "mine" is there on sqlite only.', 'The table "ours" is there on postgres only.'])
    expect(between(one, two, () => false)).toEqual([])
  })

  it('are nothing to compare where there is one, and not equal where one was not reached', () => {
    expect(compareWithEachOther([])).toEqual([])
    expect(compareWithEachOther([end('sqlite')])).toEqual([])
    for (const ends of [[end('sqlite'), { engine: 'postgres', schema: undefined }], [{ engine: 'sqlite', schema: undefined }, end('postgres')]] as const) {
      expect(compareWithEachOther(ends)).toEqual([{ engine: 'sqlite', against: 'postgres', equal: false, details: ['The heads were not reached.'] }])
    }
  })
})

describe('an end and the declared schema', () => {
  const declared = defineSchema({ users: table({ id: c.integer().primaryKey(), name: c.text().notNull() }) })
  const made = async (...statements: readonly string[]): Promise<LiveSchema> => {
    await using storage = await engineNamed('sqljs memory').open()
    for (const sql of statements) await storage.query({ sql })
    return await introspect(storage)
  }
  const users = 'create table users (id integer not null, name text not null, constraint pk_users primary key (id))'

  it('are equal when one makes what the other says, and every shadow is closed', async () => {
    const opened: Storage[] = []
    const open = async (): Promise<Storage> => {
      const storage = await engineNamed('sqljs memory').open()
      opened.push(storage)
      return storage
    }
    const ends = [{ engine: 'sqlite', schema: await made(users) }, { engine: 'sqlite', schema: undefined }, { engine: 'sqlite', schema: await made(`${users.slice(0, -1)}, constraint ck check (id > 0))`) }] as const
    const compared = await compareWithDeclared(ends, declared, open)
    expect(compared.map(({ engine, against, equal }) => [engine, against, equal])).toEqual([['sqlite', 'schema', true], ['sqlite', 'schema', false], ['sqlite', 'schema', false]])
    expect(compared.map(({ details }) => details)).toEqual([[], ['The heads were not reached.'], [expect.stringContaining('"ck"')]])
    expect(opened).toHaveLength(2)
    for (const storage of opened) await expect(storage.query({ sql: 'select 1' })).rejects.toMatchObject({ code: 'storage_closed' })
  })

  it('are equal where only what no declaration says differs', async () => {
    const compared = await compareWithDeclared([{ engine: 'sqlite', schema: await made(users.replace('name text', 'name text collate nocase')) }], declared, () => engineNamed('sqljs memory').open())
    expect(compared).toEqual([{ engine: 'sqlite', against: 'schema', equal: true, details: [] }])
  })

  it('are equal as far as can be said where an expression cannot be compared, which is told', async () => {
    const checked = defineSchema({ t: table({ id: c.integer().primaryKey() }, { checks: [{ name: 'ck', expression: 'id > 0' }] }) })
    const schema = await made('create table t (id integer not null, constraint pk_t primary key (id), constraint ck check (id > 0))')
    // As on an engine that has a function which the shadow lacks.
    const tables = new Map([...schema.tables].map(([name, one]) => [name, { ...one, checks: one.checks.map((check) => ({ ...check, expression: 'nothing(id) > 0' })) }]))
    const compared = await compareWithDeclared([{ engine: 'sqlite', schema: { ...schema, tables } }], checked, () => engineNamed('sqljs memory').open())
    expect(compared).toEqual([{ engine: 'sqlite', against: 'schema', equal: true, details: [expect.stringMatching(/"ck".* cannot be compared: .*nothing/)] }])
  })

  it('are not equal where what is declared cannot be made', async () => {
    const unmade = defineSchema({ t: table({ id: c.integer().primaryKey() }, { checks: [{ expression: 'nothing(id)' }] }) })
    const [compared] = await compareWithDeclared([{ engine: 'sqlite', schema: await made() }], unmade, () => engineNamed('sqljs memory').open())
    expect(compared).toEqual({ engine: 'sqlite', against: 'schema', equal: false, details: [expect.stringMatching(/^The declared schema cannot be made: .*nothing/)] })
  })

  it('throw what says nothing about either', async () => {
    const closed = async (): Promise<Storage> => {
      const storage = await engineNamed('sqljs memory').open()
      await storage.close()
      return storage
    }
    await expect(compareWithDeclared([{ engine: 'sqlite', schema: await made() }], declared, closed)).rejects.toMatchObject({ code: 'storage_closed' })
  })
})
