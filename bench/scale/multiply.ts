/**
 * Makes an account of another size out of the one that is there, in the database itself: a tenth of its products, and then each
 * product, or each test, with all below it again and again under shifted ids. People stay as many.
 */
import { schema } from '../../src/model/schema.ts'
import { quoteIdentifier } from '../../src/schema/identifier.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { benchCustomer } from '../support/account.ts'

/** What there is more of: products, each with as many tests as before, or tests in the same products. */
export type Growth = 'products' | 'tests'

/** Parents first, with the columns that hold ids of what is copied; the first of them tells original and copy apart. */
const copied: Readonly<Record<Growth, readonly (readonly [table: string, ids: readonly [string, ...string[]]])[]>> = {
  products: [
    ['products', ['id']],
    ['sections', ['id', 'product_id']],
    ['features', ['id', 'product_id']],
    ['tests', ['id', 'product_id']],
    ['test_features', ['id', 'test_id', 'feature_id']],
    ['test_platforms', ['test_id']],
    ['bugs', ['id', 'test_id', 'product_id', 'test_feature_id']],
    ['bug_devices', ['bug_id']],
  ],
  tests: [
    ['tests', ['id']],
    ['test_features', ['id', 'test_id']],
    ['test_platforms', ['test_id']],
    ['bugs', ['id', 'test_id', 'test_feature_id']],
    ['bug_devices', ['bug_id']],
  ],
}

/** Leaves a tenth of the products with all below them, and no raw payloads, which nothing here reads. */
export async function keepTenth(storage: Storage): Promise<void> {
  const { rows } = await storage.query<{ products: number }>({ sql: `select count(*) as products from products where customer_id = ${benchCustomer}` })
  // The fourth of each ten, since products become smaller: together they have a tenth of the bugs.
  const fourth = Math.min(4, Number(rows[0]?.products))
  const kept = `select id from (select id, row_number() over (order by id) as place from products where customer_id = ${benchCustomer}) as placed where place % 10 = ${fourth}`
  // What refers to others goes first; devices, snapshots and platforms go with their owners.
  await storage.query({ sql: `delete from payloads where customer_id = ${benchCustomer}` })
  for (const table of ['bugs', 'tests', 'features', 'sections']) await storage.query({ sql: `delete from ${table} where customer_id = ${benchCustomer} and product_id not in (${kept})` })
  await storage.query({ sql: `delete from products where customer_id = ${benchCustomer} and id not in (${kept})` })
  await settle(storage)
}

/** Ten times as many products or tests, with all below them. */
export async function tenfold(storage: Storage, growth: Growth): Promise<void> {
  const tables = copied[growth]
  const shift = await shiftOf(storage, tables)
  for (let copy = 1; copy < 10; copy += 1) {
    for (const [table, ids] of tables) await storage.query({ sql: copyOf(table, ids, shift, copy * shift) })
  }
  await settle(storage)
}

/** The least power of ten that is above all ids. */
async function shiftOf(storage: Storage, tables: (typeof copied)[Growth]): Promise<number> {
  const { rows } = await storage.query<{ last: number }>({ sql: `select max(last) as last from (${tables.map(([table, [id]]) => `select max(${id}) as last from ${table}`).join(' union all ')}) as ids` })
  return 10 ** Math.ceil(Math.log10((rows[0]?.last ?? 0) + 1))
}

function copyOf(table: string, ids: readonly [string, ...string[]], last: number, shift: number): string {
  const columns = schema.tables.get(table)?.columns.map(({ name }) => name) ?? []
  const names = columns.map(quoteIdentifier)
  const values = columns.map((name, place) => (ids.includes(name) ? `${names[place]} + ${shift}` : names[place]))
  return `insert into ${table} (${names.join(', ')}) select ${values.join(', ')} from ${table} where customer_id = ${benchCustomer} and ${ids[0]} < ${last}`
}

/** What a sync leaves behind: the counts of the products, and statistics where the engine plans by them. */
async function settle(storage: Storage): Promise<void> {
  const count = (table: string): string => `(select count(*) from ${table} as c where c.customer_id = products.customer_id and c.product_id = products.id and c.deleted_at is null)`
  await storage.query({ sql: `update products set test_count = ${count('tests')}, bug_count = ${count('bugs')} where customer_id = ${benchCustomer}` })
  if (storage.dialect === 'postgres') await storage.query({ sql: 'vacuum (analyze)' })
}
