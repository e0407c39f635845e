/** Users: testers (authors of bugs) and customer users (people who set up tests). Names are their only identity upstream. */
import { sql, type RawBuilder } from 'kysely'
import * as v from 'valibot'
import { containsPattern } from '../model/search-text.ts'
import { parseTimePoint } from '../time/phrase.ts'
import { bugFigures } from './bug-figures.ts'
import type { QueryContext } from './context.ts'
import { readFreshness, type FreshnessScope } from './freshness.ts'
import type { UserItem, UserListOptions, UserRole, UserSort, UserSummary } from './items.ts'
import type { ListResult } from './list.ts'
import { notFound } from './not-found.ts'
import { option, pagingEntries, parseOptions } from './options.ts'
import { readPage, type SortColumn } from './page.ts'
import { newestTests } from './tests.ts'

interface UserRow {
  readonly id: number
  readonly name: string
  readonly role: UserRole
  readonly first_seen: string | null
  readonly last_active_at: string | null
  readonly bug_count: number
  readonly test_count: number
}

const sorts: Readonly<Record<UserSort, SortColumn>> = {
  name: { column: 'name', direction: 'asc', text: true },
  id: { column: 'id', direction: 'asc' },
  last_active_at: { column: 'last_active_at', direction: 'desc' },
  first_seen: { column: 'first_seen', direction: 'desc' },
  bug_count: { column: 'bug_count', direction: 'desc' },
  test_count: { column: 'test_count', direction: 'desc' },
}

const ListSchema = v.strictObject({
  ...pagingEntries(sorts),
  role: v.optional(v.picklist(['tester', 'customer'])),
  activeSince: option.text,
  search: option.text,
})

const freshness: FreshnessScope = { streams: ['tests', 'bugs'] }

export async function listUsers(context: QueryContext, input: UserListOptions = {}): Promise<ListResult<UserItem>> {
  const options = parseOptions('list users', ListSchema, input)
  const { role, search } = options
  const activeSince = options.activeSince === undefined ? undefined : parseTimePoint('activeSince', options.activeSince, { now: context.now(), timeZone: context.timeZone })
  const conditions = [
    ...(role === undefined ? [] : [sql`u.role = ${role}`]),
    ...(activeSince === undefined ? [] : [sql`u.last_active_at >= ${activeSince}`]),
    ...(search === undefined ? [] : [sql`u.search_text like ${containsPattern(search)} escape '\\'`]),
  ]
  return readPage<UserRow, UserItem, UserSort, typeof options>(
    context,
    {
      entity: 'users',
      rows: sql`(select id, name, role, first_seen, last_active_at, bug_count, test_count from ${usersWithActivity(context, options.includeDeleted)} as u
        where ${conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)})`,
      sorts,
      freshness,
      filters: { role, activeSince, search },
      toItem,
    },
    options,
  )
}

/** @throws TidemarkError `not_found` */
export async function summarizeUser(context: QueryContext, id: number): Promise<UserSummary> {
  const { customerId, db } = context
  const setUp = (column: 'created_by' | 'submitted_by') => sql<number>`case when u.role = 'customer'
    then (select count(*) from tests as t where t.customer_id = ${customerId} and t.deleted_at is null and t.${sql.ref(column)} = u.name) else 0 end`
  const known = await db.selectFrom('users').select('name').where('customer_id', '=', customerId).where('id', '=', id).executeTakeFirst()
  if (known === undefined) throw notFound('user', id)
  const { rows } = await sql<UserRow & { readonly tests_created: number; readonly tests_submitted: number }>`
    select u.*, ${setUp('created_by')} as tests_created, ${setUp('submitted_by')} as tests_submitted
    from ${usersWithActivity(context, false, known.name)} as u where u.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw notFound('user', id)
  const isTester = row.role === 'tester'
  const reported = isTester ? sql<boolean>`b.tester = ${row.name}` : sql<boolean>`false`
  // The condition on the status, which all have, keeps SQLite off an index that covers all bugs of the customer.
  const involved = isTester
    ? sql<boolean>`t.id in (select b.test_id from bugs as b where b.customer_id = ${customerId} and b.tester = ${row.name} and b.deleted_at is null and b.status <> '')`
    : sql<boolean>`(t.created_by = ${row.name} or t.submitted_by = ${row.name})`
  return {
    ...toItem(row),
    testsCreated: row.tests_created,
    testsSubmitted: row.tests_submitted,
    ...(await bugFigures(context, reported)),
    newestTests: await newestTests(context, involved),
    freshness: await readFreshness(context, freshness),
  }
}

/**
 * Activity of a tester is the reports of bugs; of a customer user, the starts (else the ends) of the tests they set up.
 * A test that one person created and submitted counts once. Whoever has neither, since all of it is gone upstream, is left out
 * unless asked for.
 *
 * @param name that of the only people who are looked for; left out: all
 */
function usersWithActivity({ customerId }: QueryContext, includeInactive: boolean, name?: string) {
  const called = (column: string): RawBuilder<boolean> => (name === undefined ? sql<boolean>`${sql.ref(column)} is not null` : sql<boolean>`${sql.ref(column)} = ${name}`)
  return sql<UserRow>`(
    select u.id, u.name, u.role, u.search_text, a.first_seen, a.last_active_at, coalesce(a.bug_count, 0) as bug_count, coalesce(a.test_count, 0) as test_count
    from users as u
    ${includeInactive ? sql`left join` : sql`join`} (
      select 'tester' as role, b.tester as name, min(b.reported_at) as first_seen, max(b.reported_at) as last_active_at,
        count(*) as bug_count, count(distinct b.test_id) as test_count
      from bugs as b where b.customer_id = ${customerId} and ${called('b.tester')} and b.deleted_at is null group by b.tester
      union all
      select 'customer', s.name, min(s.at), max(s.at), 0, count(*)
      from (
        select created_by as name, coalesce(start_at, end_at) as at from tests where customer_id = ${customerId} and ${called('created_by')} and deleted_at is null
        union all
        select submitted_by, coalesce(start_at, end_at) from tests
        where customer_id = ${customerId} and deleted_at is null and ${called('submitted_by')} and (created_by is null or submitted_by <> created_by)
      ) as s group by s.name
    ) as a on a.role = u.role and a.name = u.name
    where u.customer_id = ${customerId})`
}

/** How many people the list has by default, as a column of a statement: those with a bug or a test that is there. */
export function countUsers({ customerId }: QueryContext): RawBuilder<number> {
  const tests = sql`from tests where customer_id = ${customerId} and deleted_at is null`
  return sql<number>`(
    (select count(distinct tester) from bugs where customer_id = ${customerId} and deleted_at is null)
    + (select count(name) from (select created_by as name ${tests} union select submitted_by ${tests}) as customers))`
}

function toItem(row: UserRow): UserItem {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    firstSeen: row.first_seen,
    lastActiveAt: row.last_active_at,
    bugCount: row.bug_count,
    testCount: row.test_count,
  }
}
