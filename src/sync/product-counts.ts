/** Keeps the counts on `products` equal to the rows they count; runs in the transaction that changed the rows. */
import { sql } from 'kysely'
import type { WriteTarget } from './write-target.ts'

export async function refreshProductCounts({ db, customerId }: WriteTarget, productId: number): Promise<void> {
  const product = sql`customer_id = ${customerId} and id = ${productId}`
  // Takes the lock of the row first: where writers run side by side, only then does a count see what the others committed.
  await sql`update products set test_count = test_count where ${product}`.execute(db)
  const count = (table: string) => sql`(
    select count(*) from ${sql.table(table)} as r where r.customer_id = ${customerId} and r.product_id = ${productId} and r.deleted_at is null)`
  await sql`
    update products set test_count = ${count('tests')}, bug_count = ${count('bugs')}, feature_count = ${count('features')}
    where ${product}`.execute(db)
}
