/**
 * What people did: of a tester the reports of bugs, of a customer user the starts (else the ends) of the tests they set up. A test
 * that one person created and submitted counts once. What is gone upstream was never done.
 */
import { sql, type RawBuilder } from 'kysely'
import type { QueryContext } from './context.ts'

export interface Activity {
  readonly first_seen: string | null
  readonly last_active_at: string | null
  readonly bug_count: number
  readonly test_count: number
}

/** A condition on users called `u`. @param since an instant: they did something then or later */
export function wasActive({ customerId }: QueryContext, since?: string): RawBuilder<boolean> {
  const isRecent = (at: RawBuilder<unknown>): RawBuilder<unknown> => (since === undefined ? sql`true` : sql`${at} >= ${since}`)
  const setUp = (column: 'created_by' | 'submitted_by'): RawBuilder<unknown> =>
    sql`exists (select 1 from tests where customer_id = ${customerId} and ${sql.ref(column)} = u.name and deleted_at is null and ${isRecent(testedAt)})`
  // One thing that is found will do: no list of people waits for all that they did.
  return sql<boolean>`case u.role
    when 'tester' then exists (select 1 from bugs as b where b.customer_id = ${customerId} and b.tester = u.name and b.deleted_at is null and ${isRecent(sql`b.reported_at`)})
    else ${setUp('created_by')} or ${setUp('submitted_by')} end`
}

/** Adds to people, who have a `role` and a `name`, the columns of `Activity`, as a subquery. */
export function withActivity<Row>({ customerId }: QueryContext, people: RawBuilder<unknown>): RawBuilder<Row & Activity> {
  const among = (role: 'tester' | 'customer'): RawBuilder<unknown> => sql`in (select name from people where role = ${sql.lit(role)})`
  return sql<Row & Activity>`(
    with people as materialized (select * from ${people} as listed)
    select people.*, done.first_seen, done.last_active_at, coalesce(done.bug_count, 0) as bug_count, coalesce(done.test_count, 0) as test_count
    from people left join (
      select 'tester' as role, b.tester as name, min(b.reported_at) as first_seen, max(b.reported_at) as last_active_at, count(*) as bug_count, count(distinct b.test_id) as test_count
      from bugs as b where b.customer_id = ${customerId} and b.tester ${among('tester')} and b.deleted_at is null group by b.tester
      union all
      select 'customer', set_up.name, min(set_up.at), max(set_up.at), 0, count(*)
      from (
        select created_by as name, ${testedAt} as at from tests where customer_id = ${customerId} and created_by ${among('customer')} and deleted_at is null
        union all
        select submitted_by, ${testedAt} from tests
        where customer_id = ${customerId} and submitted_by ${among('customer')} and deleted_at is null and (created_by is null or submitted_by <> created_by)
      ) as set_up group by set_up.name
    ) as done on done.role = people.role and done.name = people.name)`
}

const testedAt = sql`coalesce(start_at, end_at)`
