import { describe, expect, it } from 'vitest'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { revisions } from '../../migrations/index.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import { openTidemark } from '../../src/mod.ts'
import { fullTextTable } from '../../src/model/declarable.ts'
import { schema } from '../../src/model/schema.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { freshPostgresUrl, engines } from '../support/engines.ts'
import { afterFile } from '../support/after-file.ts'

const tables = [...schema.tables.keys(), fullTextTable]
let roles = 0

/** A database at head with rows of two customers, and a role that owns nothing and was granted what the manual says. */
async function twoCustomers(): Promise<{ readonly url: string; readonly tenantUrl: string; readonly role: string }> {
  const url = await freshPostgresUrl()
  roles += 1
  const role = `tenant_${process.pid}_${roles}`
  await using owner = await postgres({ url, connections: 1 })
  await new Migrator({ storage: owner, revisions }).upgrade()
  for (const sql of [
    `create role ${role} login password 'test-password'`,
    `grant connect on database ${new URL(url).pathname.slice(1)} to ${role}`,
    `grant usage on schema public to ${role}`,
    `grant select, insert, update, delete on all tables in schema public to ${role}`,
    `revoke insert, update, delete on tidemark_version, tidemark_history from ${role}`,
    `alter default privileges in schema public grant select, insert, update, delete on tables to ${role}`,
    `insert into products (customer_id, id, name, search_text) values (1, 10, 'Shop', 'shop'), (2, 20, 'Other', 'other')`,
  ]) await owner.query({ sql })
  afterFile(async () => {
    await using again = await postgres({ url, connections: 1 })
    await again.query({ sql: `drop owned by ${role}` })
    await again.query({ sql: `drop role ${role}` })
  })
  return { url, role, tenantUrl: url.replace('tidemark:', `${role}:`) }
}

const names = async (storage: Storage): Promise<unknown> => (await storage.query({ sql: 'select name from products order by id' })).rows.map((row) => row['name'])

describe('row-level security on PostgreSQL', () => {
  it('covers every table of the program', async () => {
    const { url } = await twoCustomers()
    await using owner = await postgres({ url, connections: 1 })
    const covered = await owner.query({
      sql: `select c.relname as name from pg_class as c join pg_policy as p on p.polrelid = c.oid where c.relnamespace = 'public'::regnamespace and c.relrowsecurity order by c.relname`,
    })
    expect(covered.rows.map((row) => row['name'])).toEqual(tables.toSorted())
  })

  it('shows a role that owns nothing its customer only, on every connection', async () => {
    const { tenantUrl } = await twoCustomers()
    await using first = await postgres({ url: tenantUrl, customerId: 1, connections: 3 })
    expect(await Promise.all([1, 2, 3].map(() => names(first)))).toEqual([['Shop'], ['Shop'], ['Shop']])
    await using second = await postgres({ url: tenantUrl, customerId: 2 })
    expect(await names(second)).toEqual(['Other'])
  })

  it('shows nothing without the setting', async () => {
    const { tenantUrl } = await twoCustomers()
    await using storage = await postgres({ url: tenantUrl, connections: 1 })
    expect(await names(storage)).toEqual([])
    await storage.transaction((tx) => tx.query({ sql: `set local tidemark.customer_id to '1'` }))
    expect(await names(storage)).toEqual([])
  })

  it('takes the setting from the URL or from the role, so that a program need not know', async () => {
    const { url, tenantUrl, role } = await twoCustomers()
    await using byUrl = await postgres({ url: `${tenantUrl}?options=-c%20tidemark.customer_id%3D2` })
    expect(await names(byUrl)).toEqual(['Other'])
    await using owner = await postgres({ url, connections: 1 })
    await owner.query({ sql: `alter role ${role} set tidemark.customer_id to '1'` })
    await using byRole = await postgres({ url: tenantUrl })
    expect(await names(byRole)).toEqual(['Shop'])
  })

  it('lets nobody write, move or delete rows of another customer', async () => {
    const { url, tenantUrl } = await twoCustomers()
    await using storage = await postgres({ url: tenantUrl, customerId: 1 })
    const refused = { code: 'statement_failed', details: { sqlState: '42501' } }
    await expect(storage.query({ sql: `insert into products (customer_id, id, name, search_text) values (2, 21, 'x', 'x')` })).rejects.toMatchObject(refused)
    // Nor does the answer tell whether the key is taken.
    await expect(storage.query({ sql: `insert into products (customer_id, id, name, search_text) values (2, 20, 'x', 'x')` })).rejects.toMatchObject(refused)
    await expect(storage.query({ sql: 'update products set customer_id = 2 where id = 10' })).rejects.toMatchObject(refused)
    expect((await storage.query({ sql: `update products set name = 'x' where id = 20` })).affectedRows).toBe(0)
    expect((await storage.query({ sql: 'delete from products where customer_id = 2' })).affectedRows).toBe(0)
    expect((await storage.query({ sql: `update products set name = 'Shop 2' where id = 10` })).affectedRows).toBe(1)
    await using owner = await postgres({ url, connections: 1 })
    expect(await names(owner)).toEqual(['Shop 2', 'Other'])
  })

  it('leaves the owner alone, with the setting and without', async () => {
    const { url } = await twoCustomers()
    await using owner = await postgres({ url })
    expect(await names(owner)).toEqual(['Shop', 'Other'])
    await using set = await postgres({ url, customerId: 1 })
    expect(await names(set)).toEqual(['Shop', 'Other'])
  })

  it('lets a role that owns nothing open at head, sync and read its customer', async () => {
    const { url, tenantUrl } = await twoCustomers()
    const simulator = createSimulator({ scale: 'demo', token: 'secret' })
    const testio = { token: 'secret', baseUrl: 'http://simulator.invalid/customer/v2/', fetch: (request: Request) => simulator.fetch(request) }
    await using tidemark = await openTidemark({ storage: await postgres({ url: tenantUrl, customerId: 7 }), customerId: 7, testio })
    expect((await tidemark.sync()).outcome).toBe('success')
    expect((await tidemark.products.list()).items.length).toBe(simulator.truth.products.length)
    await using owner = await postgres({ url })
    const { rows } = await owner.query({ sql: 'select customer_id, count(*) as count from products group by 1 order by 1' })
    expect(rows).toEqual([{ customer_id: 1, count: 1 }, { customer_id: 2, count: 1 }, { customer_id: 7, count: simulator.truth.products.length }])
  })

  it('is gone, policies and all, below its revision', async () => {
    const { url } = await twoCustomers()
    await using owner = await postgres({ url })
    await new Migrator({ storage: owner, revisions }).downgrade('a41e7c52d8f0')
    const { rows } = await owner.query({ sql: `select (select count(*) from pg_policy) as policies, (select count(*) from pg_class where relrowsecurity) as tables` })
    expect(rows).toEqual([{ policies: 0, tables: 0 }])
  })
})

describe('the revision of row-level security', () => {
  it.each(engines.filter(({ name }) => name.startsWith('sqljs')))('does nothing on $name', async (engine) => {
    await using storage = await engine.open()
    const { steps } = await new Migrator({ storage, revisions }).upgrade()
    expect(steps.find((step) => step.revision === 'c5d20b8e6f14')?.operations).toEqual([])
  })
})
