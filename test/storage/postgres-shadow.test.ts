import { describe, expect, it } from 'vitest'
import { postgres } from '../../adapters/postgres/postgres.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { freshPostgresUrl } from '../support/engines.ts'

async function schemas(storage: Storage): Promise<readonly unknown[]> {
  return (await storage.query<{ name: string }>({ sql: `select nspname as name from pg_namespace where nspname !~ '^pg_' order by 1` })).rows.map(({ name }) => name)
}

describe('a shadow on PostgreSQL', () => {
  it('is a schema of its own, which goes with it', async () => {
    await using storage = await postgres({ url: await freshPostgresUrl() })
    const before = await schemas(storage)
    const shadow = await storage.openShadow?.()
    if (shadow === undefined) throw new Error('no shadow')
    await shadow.query({ sql: 'create table t (id integer primary key)' })
    const during = await schemas(storage)
    const { rows } = await shadow.query({ sql: 'select current_schema() as name' })
    expect(during.filter((name) => !before.includes(name))).toEqual(rows.map(({ name }) => name))
    await shadow.close()
    await shadow.close()
    expect(await schemas(storage)).toEqual(before)
  })

  it('stays its own when the server has ended its connection, or its URL names another schema', async () => {
    const url = await freshPostgresUrl()
    await using storage = await postgres({ url: `${url}?options=-c%20search_path%3Dpublic` })
    await using shadow = await storage.openShadow?.()
    await shadow?.query({ sql: 'create table t (id integer primary key)' })
    await storage.query({ sql: 'select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()' })
    await shadow?.query({ sql: 'select 1' }).catch(() => undefined)
    expect((await shadow?.query({ sql: 'select * from t' }))?.rows).toEqual([])
  })

  it('is refused to a role that may not make one, with the way out', async () => {
    const url = await freshPostgresUrl()
    await using owner = await postgres({ url })
    const role = `reader_${new URL(url).pathname.slice(1)}`
    await owner.query({ sql: `create role ${role} login password 'test-password'` })
    try {
      await using storage = await postgres({ url: Object.assign(new URL(url), { username: role }).href })
      await expect(storage.openShadow?.()).rejects.toMatchObject({ code: 'storage_open_failed', next: expect.stringContaining('grant create on database') })
    } finally {
      await owner.query({ sql: `drop role ${role}` })
    }
  })
})
