/** Users: testers (authors of bugs) and customer users (people who set up tests). Names are their only identity upstream. */
import { sql, type RawBuilder } from 'kysely'
import * as v from 'valibot'
import { containsPattern } from '../model/search-text.ts'
import { rarely } from '../storage/rarely.ts'
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
    ...(activeSince === undefined ? [] : [sql`u.last_active_at >= ${activeSince}`]),
    ...(search === undefined ? [] : [sql`u.search_text like ${containsPattern(search)} escape '\\'`]),
  ]
  const matching = (testsOfTester: RawBuilder<number>) => sql`from ${usersWithActivity(context, options.includeDeleted, { role }, testsOfTester)} as u
    where ${conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)}`
  return readPage<UserRow, UserItem, UserSort, typeof options>(
    context,
    {
      entity: 'users',
      rows: sql`(select id, name, role, first_seen, last_active_at, bug_count, test_count ${matching(sql`count(distinct b.test_id)`)})`,
      // Without the tests of each tester, which take longer than all the rest.
      total: sql`(select count(*) ${matching(sql`0`)})`,
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
  const known = await db.selectFrom('users').select(['name', 'role']).where('customer_id', '=', customerId).where('id', '=', id).executeTakeFirst()
  if (known === undefined) throw notFound('user', id)
  const setUp = (column: 'created_by' | 'submitted_by') =>
    known.role === 'customer' ? sql<number>`(select count(*) from tests as t where t.customer_id = ${customerId} and t.deleted_at is null and t.${sql.ref(column)} = u.name)` : sql<number>`0`
  const { rows } = await sql<UserRow & { readonly tests_created: number; readonly tests_submitted: number }>`
    select u.*, ${setUp('created_by')} as tests_created, ${setUp('submitted_by')} as tests_submitted
    from ${usersWithActivity(context, false, known)} as u where u.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw notFound('user', id)
  const isTester = row.role === 'tester'
  const reported = isTester ? sql<boolean>`b.tester = ${row.name}` : sql<boolean>`false`
  // The condition on the status, which all have, keeps SQLite off an index that covers all bugs of the customer.
  const involved = isTester
    ? rarely(context.storage.dialect, sql`t.id in (select b.test_id from bugs as b where b.customer_id = ${customerId} and b.tester = ${row.name} and b.deleted_at is null and b.status <> '')`)
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
 * @param only who is looked for; what is left out may be anything
 * @param testsOfTester how many tests a tester was in, over the bugs called `b`
 */
function usersWithActivity(
  { customerId }: QueryContext,
  includeInactive: boolean,
  { role, name }: { readonly role?: UserRow['role'] | undefined; readonly name?: string | undefined },
  testsOfTester: RawBuilder<number> = sql`count(distinct b.test_id)`,
) {
  const called = (column: string): RawBuilder<boolean> => (name === undefined ? sql<boolean>`${sql.ref(column)} is not null` : sql<boolean>`${sql.ref(column)} = ${name}`)
  const ofTesters = sql`
    select 'tester' as role, b.tester as name, min(b.reported_at) as first_seen, max(b.reported_at) as last_active_at, count(*) as bug_count, ${testsOfTester} as test_count
    from bugs as b where b.customer_id = ${customerId} and ${called('b.tester')} and b.deleted_at is null group by b.tester`
  const ofCustomers = sql`
    select 'customer' as role, s.name, min(s.at) as first_seen, max(s.at) as last_active_at, 0 as bug_count, count(*) as test_count
    from (
      select created_by as name, coalesce(start_at, end_at) as at from tests where customer_id = ${customerId} and ${called('created_by')} and deleted_at is null
      union all
      select submitted_by, coalesce(start_at, end_at) from tests
      where customer_id = ${customerId} and deleted_at is null and ${called('submitted_by')} and (created_by is null or submitted_by <> created_by)
    ) as s group by s.name`
  const activity = role === 'tester' ? ofTesters : role === 'customer' ? ofCustomers : sql`${ofTesters} union all ${ofCustomers}`
  return sql<UserRow>`(
    select u.id, u.name, u.role, u.search_text, a.first_seen, a.last_active_at, coalesce(a.bug_count, 0) as bug_count, coalesce(a.test_count, 0) as test_count
    from users as u
    ${includeInactive ? sql`left join` : sql`join`} (${activity}) as a on a.role = u.role and a.name = u.name
    where u.customer_id = ${customerId}${role === undefined ? sql`` : sql` and u.role = ${role}`})`
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
