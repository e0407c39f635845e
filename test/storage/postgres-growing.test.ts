import { describe, expect, it } from 'vitest'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { openTidemark, type Tidemark } from '../../src/mod.ts'
import { schema } from '../../src/model/schema.ts'
import { quoteIdentifier as id } from '../../src/schema/identifier.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { copyOfTruth, readCopy } from '../support/account-copy.ts'
import { freshPostgresUrl } from '../support/engines.ts'

const simulator = createSimulator({ scale: 'demo', token: 'secret' })

async function open(url: string, customerId: number, options: { readonly migrations?: 'apply' | 'verify' } = {}): Promise<Tidemark> {
  const testio = { token: 'secret', baseUrl: 'http://simulator.invalid/customer/v2/', fetch: (request: Request) => simulator.fetch(request) }
  return openTidemark({ storage: await postgres({ url }), customerId, testio, ...options })
}

/** Every table by the same number of hash partitions of `customer_id`, with its constraints, indexes and policy. */
async function partition(storage: Storage, partitions: number): Promise<void> {
  const tables = [...schema.tables.values()].map(({ name }) => name)
  const { rows: keys } = await storage.query<{ name: string; table: string; definition: string }>({
    sql: `select conname as name, conrelid::regclass::text as table, pg_get_constraintdef(oid) as definition from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  })
  await storage.transaction(async (tx) => {
    const run = (sql: string): Promise<unknown> => tx.query({ sql })
    for (const table of tables) {
      await run(`alter table ${id(table)} rename to ${id(`${table}_before`)}`)
      await run(`create table ${id(table)} (like ${id(`${table}_before`)} including all) partition by hash (customer_id)`)
      for (let part = 0; part < partitions; part += 1) {
        await run(`create table ${id(`${table}_p${part}`)} partition of ${id(table)} for values with (modulus ${partitions}, remainder ${part})`)
      }
      await run(`insert into ${id(table)} select * from ${id(`${table}_before`)}`)
    }
    for (const table of tables) await run(`drop table ${id(`${table}_before`)} cascade`)
    for (const { name, table, definition } of keys) await run(`alter table ${id(table)} add constraint ${id(name)} ${definition}`)
    for (const table of tables) {
      await run(`create policy customer on ${id(table)} using (customer_id = nullif(current_setting('tidemark.customer_id', true), '')::bigint)`)
      await run(`alter table ${id(table)} enable row level security`)
    }
  })
}

describe('growing on PostgreSQL', () => {
  it('every primary key, unique key and foreign key begins with the customer, as partitions and shards need it', () => {
    for (const table of schema.tables.values()) {
      const keys = [table.primaryKey, ...table.uniques, ...table.indexes.filter(({ unique }) => unique).map((index) => ({ columns: index.columns.map((part) => ('column' in part ? part.column : part.expression)) }))]
      for (const key of keys) expect(key?.columns[0], table.name).toBe('customer_id')
      for (const key of table.foreignKeys) expect([key.columns[0], key.references.columns[0]], key.name).toEqual(['customer_id', 'customer_id'])
    }
  })

  it('works the same when every table is partitioned by the customer', async () => {
    const url = await freshPostgresUrl()
    {
      await using before = await open(url, 1)
      expect((await before.sync()).outcome).toBe('success')
      await partition(before.storage, 4)
    }
    await using first = await open(url, 1)
    await using second = await open(url, 2)
    expect(await readCopy(first.storage, 1)).toEqual(copyOfTruth(simulator.truth))
    expect((await second.sync()).outcome).toBe('success')
    expect(await readCopy(second.storage, 2)).toEqual(copyOfTruth(simulator.truth))
    expect((await first.sync({ mode: 'force' })).outcome).toBe('success')
    // Not only side by side: the planner reads one partition for the questions of one customer.
    const { rows } = await first.storage.query<{ 'QUERY PLAN': string }>({ sql: 'explain select * from bugs where customer_id = 1 order by reported_at desc limit 50' })
    const read = new Set(rows.flatMap((row) => row['QUERY PLAN'].match(/bugs_p\d/g) ?? []))
    expect(read.size).toBe(1)
  })

  it('reads from a server that takes no writes, as a replica does, and says so when it is asked to write', async () => {
    const url = await freshPostgresUrl()
    {
      await using primary = await open(url, 1)
      await primary.sync()
    }
    await using replica = await open(`${url}?options=-c%20default_transaction_read_only%3Don`, 1)
    expect((await replica.products.list()).total).toBe(simulator.truth.products.length)
    expect((await replica.tests.list({ includeBugCounts: true })).total).toBe(simulator.truth.tests.length)
    expect((await replica.bugs.list()).total).toBe(simulator.truth.bugs.length)
    await expect(replica.sync()).rejects.toMatchObject({ code: 'storage_unavailable', retryable: false, why: expect.stringContaining('no writes') })
  })
})
