/** How many tests or bugs there are, from the counts that the write path keeps on their products in the same transaction. */
import { sql, type RawBuilder } from 'kysely'
import { idList } from '../storage/id-list.ts'
import type { QueryContext } from './context.ts'

/** @param productIds of these alone; undefined for all */
export function keptTotal({ customerId, storage }: QueryContext, count: 'test_count' | 'bug_count', productIds: readonly number[] | undefined): RawBuilder<number> {
  return sql<number>`(
    select coalesce(sum(${sql.ref(count)}), 0) from products
    where customer_id = ${customerId} and deleted_at is null ${productIds === undefined ? sql`` : sql`and id in ${idList(storage.dialect, productIds)}`})`
}
