/** What is drawn again when a database refuses a row, and when that is given up. */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it, vi } from 'vitest'
import { TidemarkError } from '../../../src/errors.ts'
import { type FittingRows, attempt, insertFitting } from '../../../src/migrate/verify/fitting-rows.ts'
import { RowDrafts } from '../../../src/migrate/verify/row-draft.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import type { Row, Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'
import { foreignKey } from './live-table.ts'

interface Outcome extends FittingRows {
  /** The columns that were drawn again for each try. */
  readonly redrawn: readonly (readonly string[])[]
  /** What stands in the table. */
  readonly stored: readonly Row[]
}

/** @param gaveUp there is no second draft: what the first one changes is enough to know */
async function insertInto(name: string, statements: readonly string[], wanted = 3, gaveUp = false): Promise<Outcome> {
  await using storage = await engineNamed(name).open()
  for (const sql of statements) await storage.query({ sql })
  const table = (await introspect(storage)).tables.get('t')!
  const generator = xoroshiro128plus(1)
  const drafts = new RowDrafts(table, storage.dialect, [], (min, max) => uniformInt(generator, min, max))
  const redraft = vi.spyOn(drafts, 'redraft')
  if (gaveUp) redraft.mockReturnValue(foreignKey(['none'], 'more'))
  const found = await storage.transaction((tx) => insertFitting(tx, table, drafts, wanted))
  return { ...found, redrawn: redraft.mock.calls.map(([, columns]) => [...columns].toSorted()), stored: (await storage.query({ sql: 'select * from t' })).rows }
}

const columns = 'id integer primary key, a integer not null, b integer not null, p integer not null, u integer unique'
/** No whole number is so. */
const broken = (column: string): string => `${column} * 2 = 15`
const kept = (column: string): string => `${column} > 0 or ${column} <= 0`

const byId = (one: Row, other: Row): number => Number(one['id']) - Number(other['id'])

describe.each(['sqljs memory', 'pglite memory'])('what is drawn again on %s', (engine) => {
  it.each([
    ['the columns of the check that was broken', [`create table t (${columns}, constraint ck_one check (${broken('a')} and b <> 3), constraint ck_two check (${kept('p')}))`], ['a', 'b']],
    ['those of a check without a name', [`create table t (${columns}, check (${broken('a')}), check (${kept('p')}))`], ['a']],
    [
      'whatever is unique, where something is there already',
      [`create table t (${columns})`, 'create unique index ux on t (a, abs(b) desc)', 'create index ix on t (p)', 'create unique index only_one on t ((id * 0))', 'insert into t (id, a, b, p) values (1, 1, 1, 1)'],
      ['a', 'b', 'id', 'u'],
    ],
    ['that also where there is no primary key', ['create table t (a integer, u integer unique)', 'create unique index only_one on t ((a is null or a is not null))', 'insert into t values (1, 1)'], ['a', 'u']],
  ])('is %s', async (_, statements, expected) => {
    const { rows, problem, redrawn } = await insertInto(engine, statements, 3, true)
    expect({ rows, problem, redrawn }).toEqual({ rows: [], problem: expect.stringContaining('"more"'), redrawn: [expected] })
  })

  it('is nothing where all rows fit at once', async () => {
    const { rows, problem, redrawn, stored } = await insertInto(engine, [`create table t (${columns})`])
    expect([rows.length, problem, redrawn]).toEqual([3, undefined, []])
    expect(rows.map((row) => Object.fromEntries(row)).toSorted(byId)).toEqual(stored.toSorted(byId))
    expect((await insertInto(engine, [`create table t (${columns})`], 0)).rows).toEqual([])
  })

  it('is one row after the other, each as it stands in the table then; what fits stays when the next one does not', async () => {
    const few = [`create table t (id integer primary key, a integer not null, check (a between 2 and 7))`]
    const { rows, problem, stored } = await insertInto(engine, few, 5)
    expect([rows.length, problem]).toEqual([5, undefined])
    expect(rows.map((row) => Object.fromEntries(row)).toSorted(byId)).toEqual(stored.toSorted(byId))
    const two = await insertInto(engine, ['create table t (id integer primary key, check (id in (1, 9)))'], 30)
    expect(two.rows.map((row) => row.get('id')).toSorted()).toEqual([1, 9])
    expect(two.problem).toMatch(/^None of 150 rows was taken; the last one was refused: ./)
    // Each row is tried as often, and no other column is to blame.
    expect(two.redrawn.slice(-149)).toEqual(Array.from({ length: 149 }, () => ['id']))
  })
})

describe('what is drawn again on PostgreSQL', () => {
  const refusing = (code: string): readonly string[] => [
    `create table t (${columns}, up integer, up_b integer, odd time, foreign key (up) references t (id), foreign key (up_b, b) references t (id, u), unique (id, u), check (${kept('p')}))`,
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not so' using errcode = '${code}'; end $$`,
    'create trigger refuse before insert on t for each row execute function refuse()',
  ]
  it.each([
    ['the columns of all foreign keys', '23503', ['b', 'up', 'up_b']],
    // A domain does not say which column it was.
    ['the columns of types of which little is known, when null is refused', '23502', ['odd']],
    ['the columns of all checks where none is named', '23514', ['p']],
    ['the columns of types of which little is known, and when a value is none', '22P02', ['odd']],
  ])('is %s', async (_, code, expected) => {
    expect((await insertInto('pglite memory', refusing(code), 3, true)).redrawn).toEqual([expected])
  })

  it('takes no null any more where one was refused that the catalogue knows nothing of', async () => {
    const { rows, problem } = await insertInto('pglite memory', ['create domain firm as integer not null', 'create table t (id integer primary key, f firm, a integer)'], 30)
    expect([rows.length, problem]).toEqual([30, undefined])
    expect(rows.map((row) => row.get('f'))).not.toContain(null)
    expect(rows.map((row) => row.get('a'))).toContain(null)
    const tree = await insertInto('pglite memory', ['create domain firm as integer not null', 'create table t (id integer primary key, up firm references t (id))'])
    expect([tree.rows.length, tree.problem]).toEqual([3, undefined])
  })
})

describe('an attempt', () => {
  const withTable = async (): Promise<Storage> => {
    const storage = await engineNamed('sqljs memory').open()
    await storage.query({ sql: 'create table t (id integer primary key)' })
    return storage
  }

  it('tells why the data were refused, and leaves nothing behind', async () => {
    await using storage = await withTable()
    const refusal = await storage.transaction((tx) => attempt(tx, async (inner) => {
      await inner.query({ sql: 'insert into t values (1)' })
      await inner.query({ sql: 'insert into t values (1)' })
    }))
    expect(refusal?.code).toBe('unique_violated')
    expect((await storage.query({ sql: 'select * from t' })).rows).toEqual([])
    expect(await storage.transaction((tx) => attempt(tx, (inner) => inner.query({ sql: 'insert into t values (1)' })))).toBeUndefined()
    expect((await storage.query({ sql: 'select * from t' })).rows).toEqual([{ id: 1 }])
  })

  it('throws what is not about the data', async () => {
    await using storage = await withTable()
    for (const error of [new TypeError('a mistake'), new TidemarkError('aborted', 'Cannot go on', { why: 'It was stopped.', next: 'Start again.' })]) {
      await expect(storage.transaction((tx) => attempt(tx, async () => { throw error }))).rejects.toBe(error)
    }
  })
})
