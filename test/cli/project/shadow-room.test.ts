import { expect, it } from 'vitest'
import { withShadows } from '../../../adapters/cli/project/shadow-room.ts'
import { openShadow } from '../../../src/migrate/shadow.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { preparePglite } from '../../support/engines.ts'

it('a PGlite that was given back serves again, empty and as new', async () => {
  await preparePglite()
  await withShadows(undefined, async (shadows) => {
    const open = () => openShadow(shadows, 'postgres')
    const first = await open()
    for (const sql of [
      `create type mood as enum ('good')`, 'create table t (m mood)', `insert into t values ('good')`,
      'create schema other', 'create table other.u (id integer)', 'set search_path to other', `set timezone to 'Asia/Tokyo'`,
    ]) await first.query({ sql })
    await first.close()
    await first.close()
    const second = await open()
    expect((await introspect(second)).tables.size + (await introspect(second)).enums.size).toBe(0)
    expect((await second.query({ sql: `select current_schema() as schema, current_setting('timezone') as zone, to_regnamespace('other') is null as gone` })).rows).toEqual([{ schema: 'public', zone: 'UTC', gone: true }])
    // The same words mean another table now.
    for (const sql of [`create type mood as enum ('bad')`, 'create table t (m mood)', `insert into t values ('bad')`]) await second.query({ sql })
    expect((await second.query({ sql: 'select m from t' })).rows).toEqual([{ m: 'bad' }])

    const beside = await open()
    expect((await introspect(beside)).tables.size).toBe(0)
    await Promise.all([second.close(), beside.close()])
  })
})

it('SQLite shadows are in memory, and apart', async () => {
  await withShadows(undefined, async (shadows) => {
    const [a, b] = await Promise.all([openShadow(shadows, 'sqlite'), openShadow(shadows, 'sqlite')])
    await a.query({ sql: 'create table t (id integer)' })
    expect([(await introspect(a)).tables.size, (await introspect(b)).tables.size]).toEqual([1, 0])
    await Promise.all([a.close(), b.close()])
  })
})

it('shadows that were not closed end with the work', async () => {
  await preparePglite()
  let left: Storage | undefined
  await withShadows(undefined, async (shadows) => {
    left = await openShadow(shadows, 'postgres')
  })
  await expect(left?.query({ sql: 'select 1' })).rejects.toMatchObject({ code: 'storage_closed' })
})
