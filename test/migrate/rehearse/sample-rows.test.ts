/** Which rows of a large PostgreSQL database are taken, so that their keys hold: the tables they come into have theirs. */
import { describe, expect, it } from 'vitest'
import { copySample } from '../../../src/migrate/rehearse/sample-rows.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import type { Row, Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

interface Sample {
  readonly rows: Readonly<Record<string, readonly Row[]>>
  readonly partial: readonly string[]
  /** Tables in the order in which they were begun. */
  readonly told: readonly string[]
}

async function sample(limit: number, tables: readonly string[], rows: readonly string[]): Promise<Sample> {
  const open = async (): Promise<Storage> => {
    const storage = await engineNamed('pglite memory').open()
    for (const sql of tables) await storage.query({ sql })
    return storage
  }
  await using source = await open()
  await using target = await open()
  for (const sql of rows) await source.query({ sql })
  const schema = await introspect(target)
  const told: string[] = []
  const partial = await target.transaction((tx) => copySample(source, tx, schema, limit, (table) => told.push(table)))
  const copied: Record<string, readonly Row[]> = {}
  for (const name of schema.tables.keys()) copied[name] = (await target.query({ sql: `select * from ${name} order by 1` })).rows
  return { rows: copied, partial: [...partial].toSorted(), told }
}

const ids = (rows: readonly Row[] | undefined): readonly unknown[] => (rows ?? []).map((row) => row['id'])

describe('a sample', () => {
  it('is all of a table that has no more rows than are wanted, and that many of a larger one', async () => {
    const { rows, partial, told } = await sample(3, ['create table one (id integer primary key, twice integer generated always as (id * 2) stored)', 'create table two (id integer primary key)'], [
      'insert into one values (1), (2), (3)', 'insert into two values (1), (2), (3), (4)',
    ])
    expect(rows['one']).toEqual([{ id: 1, twice: 2 }, { id: 2, twice: 4 }, { id: 3, twice: 6 }])
    expect(rows['two']).toHaveLength(3)
    expect([partial, told]).toEqual([['two'], ['one', 'two']])
  })

  it('has of a table that refers to a larger one what refers to its part, or to nothing, and so on', async () => {
    const { rows, partial, told } = await sample(4, [
      'create table teams (day date, id uuid, primary key (day, id))',
      'create table members (id integer primary key, day date, team uuid, foreign key (day, team) references teams (day, id))',
      'create table notes (id integer primary key, member integer not null references members (id))',
      'create table apart (id integer primary key, note text)',
    ], [
      `insert into teams select date '2026-01-01' + n, lpad(n::text, 32, '0')::uuid from generate_series(1, 20) as n`,
      // Most of them are in teams that are not taken; one is in none.
      `insert into members select n, date '2026-01-01' + n, lpad(n::text, 32, '0')::uuid from generate_series(1, 20) as n`,
      `insert into members values (90, null, lpad('20', 32, '0')::uuid)`,
      'insert into notes select n, n from generate_series(1, 20) as n', `insert into apart values (1, 'x')`,
    ])
    expect([partial, told.indexOf('teams') < told.indexOf('members') && told.indexOf('members') < told.indexOf('notes')]).toEqual([['members', 'notes', 'teams'], true])
    expect(rows['teams']).toHaveLength(4)
    expect(rows['members']).toHaveLength(4)
    expect(rows['notes']!.length).toBeGreaterThan(2)
    expect(rows['apart']).toEqual([{ id: 1, note: 'x' }])
  })

  it('has of one that refers to nothing larger, or to such a one that is whole, all there is', async () => {
    const { rows, partial } = await sample(2, ['create table teams (id integer primary key)', 'create table members (id integer primary key, team integer references teams)'], ['insert into teams values (1), (2)', 'insert into members values (1, 1), (2, null)'])
    expect([rows, partial]).toEqual([{ teams: [{ id: 1 }, { id: 2 }], members: [{ id: 1, team: 1 }, { id: 2, team: null }] }, []])
  })

  it('has rows that refer to nothing at all, where nothing else would fit', async () => {
    const { rows, partial } = await sample(2, ['create table teams (id integer primary key)', 'create table members (id integer primary key, team integer references teams)'], ['insert into teams values (1), (2), (3)', 'insert into members values (1, 3), (2, 3), (3, null), (4, null)'])
    expect([rows['teams']?.length, ids(rows['members']), partial]).toEqual([2, [3, 4], ['members', 'teams']])
  })

  it('of a tree begins with its roots and leaves room for what is below them', async () => {
    const tree = ['create table tree (id integer primary key, up integer references tree)']
    // Every node n is under n / 2, down to the root 1.
    const binary = 'insert into tree select n, nullif(n / 2, 0) from generate_series(1, 100) as n'
    const { rows, partial } = await sample(10, tree, [binary])
    expect([rows['tree']?.length, partial]).toEqual([10, ['tree']])
    expect(ids(rows['tree']).slice(0, 3)).toEqual([1, 2, 3])
    const wide = await sample(10, tree, ['insert into tree select n, case when n > 50 then n - 50 end from generate_series(1, 100) as n'])
    // Half of it are roots, and some of the others stand below those.
    expect(wide.rows['tree']!.filter((row) => row['up'] === null)).toHaveLength(5)
    expect(wide.rows['tree']!.filter((row) => row['up'] !== null)).toHaveLength(3)
  })

  it('of a tree takes a row that refers to itself for a root, and no row twice', async () => {
    const { rows } = await sample(9, ['create table tree (id integer primary key, up integer not null references tree)'], ['insert into tree select n, greatest(n / 2, 1) from generate_series(1, 30) as n', 'insert into tree values (40, 40)'])
    expect(ids(rows['tree'])).toEqual(expect.arrayContaining([1, 2, 3, 40]))
    expect(rows['tree']).toHaveLength(9)
  })

  it('of a tree whose key has several columns is taken from its roots as well', async () => {
    const { rows } = await sample(4, ['create table tree (customer integer, id integer, up integer, primary key (customer, id), foreign key (customer, up) references tree)'], ['insert into tree select n % 2, n, case when n > 4 then n - 4 end from generate_series(1, 12) as n'])
    expect(rows['tree']!.map((row) => row['up'] === null).toSorted()).toEqual([false, false, true, true])
  })

  it('of a tree in a part of another table has only what both allow', async () => {
    const { rows } = await sample(6, ['create table teams (id integer primary key)', 'create table people (id integer primary key, team integer not null references teams, boss integer references people)'], [
      'insert into teams select n from generate_series(1, 12) as n', 'insert into people select n, (n - 1) % 12 + 1, case when n > 12 then n - 12 end from generate_series(1, 36) as n',
    ])
    // Half of the six begin a tree, half of what is left is below those, and the last one below that.
    expect(rows['people']!.map((row) => Math.ceil(Number(row['id']) / 12))).toEqual([1, 1, 1, 2, 2, 3])
  })
})
