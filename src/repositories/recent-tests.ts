/** How many executed tests of a product ended in the last days up to now; the future does not count. */
import { sql, type RawBuilder } from 'kysely'
import { executedStatuses } from '../model/test-status.ts'
import type { QueryContext } from './context.ts'

const dayMs = 86_400_000

/** Adds `tests_last_30_days` and `tests_last_90_days` to rows with the `id` of a product. PostgreSQL counts both in one walk; SQLite has no lateral joins. */
export function withRecentTests<Row>(context: QueryContext, products: RawBuilder<unknown>): RawBuilder<Row> {
  const now = context.now()
  const daysAgo = (days: number): string => new Date(now - days * dayMs).toISOString()
  const ended = (days: number): RawBuilder<unknown> => sql`
    from tests as t
    where t.customer_id = ${context.customerId} and t.product_id = page.id and t.end_at >= ${daysAgo(days)} and t.end_at <= ${daysAgo(0)}
      and t.status in (${sql.join(executedStatuses)}) and t.deleted_at is null`
  const { dialect } = context.storage
  switch (dialect) {
    case 'sqlite':
      return sql<Row>`(select page.*, (select count(*) ${ended(30)}) as tests_last_30_days, (select count(*) ${ended(90)}) as tests_last_90_days from ${products} as page)`
    case 'postgres':
      return sql<Row>`(
        select page.*, recent.* from ${products} as page
        cross join lateral (select count(*) filter (where t.end_at >= ${daysAgo(30)}) as tests_last_30_days, count(*) as tests_last_90_days ${ended(90)}) as recent)`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}
