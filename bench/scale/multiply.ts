/**
 * Makes an account of another size out of the one that is there, in the database itself: a tenth of its tests, or each test with
 * all below it again and again under shifted ids. Products, features and people stay: it is the same account with more history.
 */
import { schema } from '../../src/model/schema.ts'
import { quoteIdentifier } from '../../src/schema/identifier.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { benchCustomer } from '../support/account.ts'

/** Parents first, with the columns that hold ids of what is copied; the first of them tells original and copy apart. */
const copied = [
  ['tests', ['id']],
  ['test_features', ['id', 'test_id']],
  ['test_platforms', ['test_id']],
  ['bugs', ['id', 'test_id', 'test_feature_id']],
  ['bug_devices', ['bug_id']],
] as const

/** Leaves about a tenth of the tests, and no raw payloads, which nothing here reads. */
export async function keepTenth(storage: Storage): Promise<void> {
  const others = `select id from tests where customer_id = ${benchCustomer} and id % 10 <> 3`
  // What refers to others goes first; devices, features and platforms go with their owners.
  await storage.query({ sql: `delete from payloads where customer_id = ${benchCustomer}` })
  await storage.query({ sql: `delete from bugs where customer_id = ${benchCustomer} and test_id in (${others})` })
  await storage.query({ sql: `delete from tests where customer_id = ${benchCustomer} and id in (${others})` })
  await settle(storage)
}

/** Ten times as many tests, with all below them. */
export async function tenfold(storage: Storage): Promise<void> {
  const shift = await shiftOf(storage)
  for (let copy = 1; copy < 10; copy += 1) {
    for (const [table, ids] of copied) await storage.query({ sql: copyOf(table, ids, shift, copy * shift) })
  }
  await settle(storage)
}

/** The least round number that is above all ids. */
async function shiftOf(storage: Storage): Promise<number> {
  const { rows } = await storage.query<{ last: number }>({ sql: `select max(last) as last from (${copied.map(([table, [id]]) => `select max(${id}) as last from ${table}`).join(' union all ')}) as ids` })
  return 10 ** Math.ceil(Math.log10((rows[0]?.last ?? 0) + 1))
}

function copyOf(table: (typeof copied)[number][0], ids: readonly string[], last: number, shift: number): string {
  const columns = schema.tables.get(table)?.columns.map(({ name }) => name) ?? []
  const names = columns.map(quoteIdentifier)
  const values = columns.map((name, place) => (ids.includes(name) ? `${names[place]} + ${shift}` : names[place]))
  return `insert into ${table} (${names.join(', ')}) select ${values.join(', ')} from ${table} where customer_id = ${benchCustomer} and ${ids[0]} < ${last}`
}

/** What a sync leaves behind: the counts of the products, and statistics where the engine plans by them. */
async function settle(storage: Storage): Promise<void> {
  const count = (table: string): string => `(select count(*) from ${table} as c where c.customer_id = products.customer_id and c.product_id = products.id and c.deleted_at is null)`
  await storage.query({ sql: `update products set test_count = ${count('tests')}, bug_count = ${count('bugs')} where customer_id = ${benchCustomer}` })
  if (storage.dialect === 'postgres') await storage.query({ sql: 'analyze' })
}
