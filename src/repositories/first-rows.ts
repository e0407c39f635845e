/**
 * The first rows in an order with nulls last. An index of PostgreSQL that is read backwards has the nulls first, so that it could
 * not serve a descending order and all rows would be sorted: there rows with and without a value are two short walks.
 */
import { sql, type Expression, type RawBuilder } from 'kysely'
import type { Dialect } from '../storage/storage.ts'

export interface FirstRows<Row> {
  /** With the column `id`. */
  readonly rows: Expression<Row>
  /** What is sorted by, before the id, of rows under this name. */
  column(of: string): RawBuilder<unknown>
  readonly direction: 'asc' | 'desc'
  /** A condition on rows called `page`; undefined for none. */
  readonly behind: RawBuilder<boolean> | undefined
  readonly limit: number
  readonly offset: number | undefined
}

/** A subquery. */
export function firstRows<Row>(dialect: Dialect, { rows, column, direction, behind, limit, offset }: FirstRows<Row>): RawBuilder<Row> {
  const end = sql`limit ${limit}${offset === undefined ? sql`` : sql` offset ${offset}`}`
  if (dialect === 'sqlite' || direction === 'asc') {
    return sql<Row>`(select * from ${rows} as page ${behind === undefined ? sql`` : sql`where ${behind}`} ${inOrder(column('page'), direction, 'page')} ${end})`
  }
  const walk = (having: 'is not null' | 'is null', order: RawBuilder<unknown>): RawBuilder<Row> =>
    sql<Row>`(select * from ${rows} as page where ${column('page')} ${sql.raw(having)} ${behind === undefined ? sql`` : sql`and ${behind}`} order by ${order} limit ${limit + (offset ?? 0)})`
  return sql<Row>`(
    select * from (${walk('is not null', sql`${column('page')} desc, page.id`)} union all ${walk('is null', sql`page.id`)}) as walked
    ${inOrder(column('walked'), direction, 'walked')} ${end})`
}

/** The order of rows under this name. */
export function inOrder(column: RawBuilder<unknown>, direction: 'asc' | 'desc', of: string): RawBuilder<unknown> {
  // The direction is one of two words of ours.
  return sql`order by ${column} ${sql.raw(direction)} nulls last, ${sql.ref(`${of}.id`)}`
}
