/** A script for PostgreSQL, run by other clients, leaves what an online run leaves. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { revisions as tidemark } from '../../../migrations/index.ts'
import { postgres } from '../../../adapters/postgres/postgres.ts'
import { RevisionGraph } from '../../../src/migrate/graph.ts'
import { Migrator } from '../../../src/migrate/migrator.ts'
import { offlineScript, type OfflineScriptOptions } from '../../../src/migrate/offline/offline-script.ts'
import { defineRevision, type Revision } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { engineNamed, freshPostgresUrl } from '../../support/engines.ts'
import { catalogue } from '../catalogue.ts'
import { hostileHistory, nasty } from './hostile-history.ts'

const createdAt = '2026-11-20T18:00:00Z'
const run = promisify(execFile)
const psql = await run('psql', ['--version']).then(() => true, () => false)

/** Runs a script on a database. */
type Client = (url: string, script: string) => Promise<unknown>
const simpleQuery: Client = async (url, script) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(script)
  } finally {
    await client.end()
  }
}
const withPsql: Client = (url, script) => psqlWith(url, script, '--set=ON_ERROR_STOP=1')
function psqlWith(url: string, script: string, ...flags: readonly string[]): Promise<{ readonly stderr: string }> {
  const running = run('psql', ['--no-psqlrc', '--quiet', ...flags, `--dbname=${url}`])
  running.child.stdin?.end(script)
  return running
}

describe('a script for PostgreSQL', () => {
  it.for([
    // In one simple query, what is left of a transaction is around every statement, also around an index that is built concurrently.
    { client: 'a simple query of pg', run: simpleQuery, name: 'a history of nasty texts', revisions: hostileHistory.filter(({ id }) => ['a1', 'b2', 'c3'].includes(id)), fill: `insert into posts (id, author_id, seen, title) values (77, 2, 'v5', '${nasty.replaceAll("'", "''")}')`, ranges: ['c3:b2', 'b2:a1', 'a1:base'] },
    { client: 'a simple query of pg', run: simpleQuery, name: `Tidemark's own`, revisions: tidemark, fill: `insert into products (customer_id, id, name, search_text) values (1, 2, 'P', 'p')`, ranges: ['head:3f6c1d0a9b27', '3f6c1d0a9b27:base'] },
    { client: psql ? 'psql' : 'psql (skipped where it is not installed)', run: withPsql, name: 'a history with steps outside of a transaction', revisions: hostileHistory, fill: `insert into tags values (2, 'x')`, ranges: ['e5:b2', 'b2:base'] },
  ])('leaves the database of an online run, by $client: $name, up, down with rows in it, and up again', async ({ run: client, revisions, fill, ranges }, context) => {
    if (client === withPsql && !psql) context.skip()
    const [onlineUrl, otherUrl] = [await freshPostgresUrl(), await freshPostgresUrl()]
    const [online, other] = [await postgres({ url: onlineUrl }), await postgres({ url: otherUrl })]
    const migrator = new Migrator({ storage: online, revisions })
    const both = async (direction: 'upgrade' | 'downgrade', range: string): Promise<void> => {
      const [, to = ''] = range.split(':')
      await (direction === 'upgrade' ? migrator.upgrade(to) : migrator.downgrade(migrator.graph.resolve(to)[0] ?? to))
      await client(otherUrl, await script(revisions, { range, direction }))
      expect(await contents(other), range).toEqual(await contents(online))
    }
    await both('upgrade', 'base:head')
    for (const storage of [online, other]) await storage.query({ sql: fill })
    for (const range of ranges) await both('downgrade', range)
    await both('upgrade', 'base:head')
    await Promise.all([online.close(), other.close()])
  })

  it('brings parameters as an online run does: the place of a value decides its type', async () => {
    const revision = defineRevision({
      id: 'a1', down: [], message: 'x', createdAt, downgrade: (op) => op.dropTable('t'),
      async upgrade(op) {
        await op.createTable('t', { id: c.integer().primaryKey(), s: c.text(), f: c.boolean(), j: c.json(), b: c.bytes(), n: c.numeric() })
        await op.insert('t', [{ id: 1, s: 5, f: 1, j: 7, b: new Uint8Array([92, 39]), n: 9007199254740993n }, { id: 2, s: true, f: 'yes', j: '"x"', b: null, n: '1.10' }])
        await op.execute('update t set n = n - $1, s = s || $2 where s = $3 or id = $4', [-5, '\\$1', 5, 2])
      },
    })
    const [online, url] = [await engineNamed('postgres').open(), await freshPostgresUrl()]
    await new Migrator({ storage: online, revisions: [revision] }).upgrade()
    await simpleQuery(url, await script([revision], {}))
    const other = await postgres({ url })
    expect(await contents(other)).toEqual(await contents(online))
    expect((await other.query({ sql: 'select s, f, j from t order by id' })).rows).toEqual([{ s: '5\\$1', f: true, j: 7 }, { s: 'true\\$1', f: true, j: 'x' }])
    await Promise.all([online.close(), other.close()])
  })

  it('keeps its place in a version table of any name', async () => {
    const names = { versionTable: `v $tidemark$ $$ '"`, historyTable: `h ;'"` }
    const revisions = hostileHistory.filter(({ id }) => ['a1', 'b2'].includes(id))
    const url = await freshPostgresUrl()
    for (const range of ['a1', 'a1:b2']) await simpleQuery(url, await script(revisions, { range, ...names }))
    const storage = await postgres({ url })
    expect(await new Migrator({ storage, revisions, ...names }).current()).toEqual(['b2'])
    await storage.close()
  })

  it('holds where the server takes backslashes for escapes', async () => {
    const url = await freshPostgresUrl()
    const storage = await postgres({ url })
    await storage.query({ sql: `do $$ begin execute format('alter database %I set standard_conforming_strings to off', current_database()); end $$` })
    await simpleQuery(url, await script(hostileHistory, { range: 'b2' }))
    const online = await engineNamed('postgres').open()
    await new Migrator({ storage: online, revisions: hostileHistory }).upgrade('b2')
    expect(await contents(storage)).toEqual(await contents(online))
    await Promise.all([storage.close(), online.close()])
  })

  it('holds where the server has another time zone', async () => {
    const url = await freshPostgresUrl()
    const storage = await postgres({ url })
    await storage.query({ sql: `do $$ begin execute format('alter database %I set timezone to ''America/New_York''', current_database()); end $$` })
    const revision = defineRevision({
      id: 'a1', down: [], message: 'x', createdAt, downgrade: (op) => op.dropTable('t'),
      async upgrade(op) {
        await op.createTable('t', { at: c.instant() })
        await op.execute(`insert into t values ('2026-03-03 08:00')`)
      },
    })
    await simpleQuery(url, await script([revision], {}))
    expect((await storage.query({ sql: 'select at from t' })).rows).toEqual([{ at: '2026-03-03T08:00:00.000Z' }])
    await storage.close()
  })

  it('changes nothing in a database that stands elsewhere', async () => {
    const url = await freshPostgresUrl()
    const storage = await postgres({ url })
    await new Migrator({ storage, revisions: hostileHistory }).upgrade('a1')
    const before = await contents(storage)
    await expect(simpleQuery(url, await script(hostileHistory, { range: 'b2:c3' }))).rejects.toThrow('does not stand at b2')
    expect(await contents(storage)).toEqual(before)
    await storage.close()
  })

  it.skipIf(!psql)('changes nothing there also where the client runs on after an error (skipped where there is no psql)', async () => {
    const url = await freshPostgresUrl()
    const storage = await postgres({ url })
    await new Migrator({ storage, revisions: hostileHistory }).upgrade('a1')
    const before = await contents(storage)
    expect((await psqlWith(url, await script(hostileHistory, { range: 'b2:c3' }))).stderr).toContain('does not stand at b2')
    expect(await contents(storage)).toEqual(before)
    await storage.close()
  })

  it('was run before it was printed, where a shadow is given', async () => {
    const shadow = await engineNamed('pglite memory').open()
    const proven = await script(hostileHistory, { range: 'a1:e5', shadow })
    expect(proven).toBe(await script(hostileHistory, { range: 'a1:e5' }))
    expect((await shadow.query({ sql: 'select name from tags' })).rows).toEqual([{ name: nasty }])
    await shadow.close()
    const wrong = defineRevision({ id: 'f6', down: [], message: 'x', createdAt, upgrade: (op) => op.execute('create tabel t ()'), downgrade: async () => undefined })
    const empty = await engineNamed('pglite memory').open()
    await expect(script([wrong], { shadow: empty })).rejects.toMatchObject({ code: 'revision_failed', details: { revision: 'f6', operation: 'execute' } })
    await empty.close()
    expect(await script([wrong], {})).toContain('create tabel t ()')
  })
})

async function script(revisions: readonly Revision[], options: Partial<OfflineScriptOptions>): Promise<string> {
  return offlineScript({ graph: new RevisionGraph(revisions), revisions, dialect: 'postgres', ...options })
}

async function contents(storage: Storage): Promise<unknown> {
  const tables = (await storage.query<{ name: string }>({ sql: 'select tablename as name from pg_tables where schemaname = current_schema() order by 1' })).rows.map((row) => row.name)
  const rows: Record<string, unknown> = {}
  for (const name of tables) {
    const row = name === 'tidemark_history' ? `t.id || t.revision || t.direction || t.outcome || t.checksum || t.tool_version || t.operations || t.statement_count || (t.started_at > now() - interval '5 minutes')` : 't::text'
    rows[name] = (await storage.query({ sql: `select ${row} as row from "${name}" as t order by 1` })).rows
  }
  const enums = (await storage.query({ sql: 'select t.typname, e.enumlabel from pg_type as t join pg_enum as e on e.enumtypid = t.oid order by 1, e.enumsortorder' })).rows
  const policies = (await storage.query({ sql: 'select tablename, policyname, qual from pg_policies order by 1, 2' })).rows
  return { catalogue: await catalogue(storage, []), rows, enums, policies }
}
