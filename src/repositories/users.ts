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
import { wasActive, withActivity, type Activity } from './user-activity.ts'

interface Person {
  readonly id: number
  readonly name: string
  readonly role: UserRole
}

type UserRow = Person & Activity

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
  const matching = sql`from users as u where ${sql.join([
    sql`u.customer_id = ${context.customerId}`,
    ...(role === undefined ? [] : [sql`u.role = ${role}`]),
    ...(search === undefined ? [] : [sql`u.search_text like ${containsPattern(search)} escape '\\'`]),
    // Whoever has done nothing, since all of it is gone upstream, is left out unless asked for.
    ...(options.includeDeleted && activeSince === undefined ? [] : [wasActive(context, activeSince)]),
  ], sql` and `)}`
  const people = sql`(select u.id, u.name, u.role ${matching})`
  // What people did is counted for those of the page, where it does not decide who they are.
  const isDecided = options.sortBy === undefined || options.sortBy === 'name' || options.sortBy === 'id'
  return readPage<UserRow, UserItem, UserSort, typeof options>(
    context,
    {
      entity: 'users',
      rows: isDecided ? sql<UserRow>`${people}` : withActivity<Person>(context, people),
      total: sql`(select count(*) ${matching})`,
      enrich: isDecided ? (page) => withActivity<Person>(context, page) : undefined,
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
  const setUp = (column: 'created_by' | 'submitted_by') => sql<number>`(
    select count(*) from tests as t where t.customer_id = ${customerId} and t.deleted_at is null and u.role = 'customer' and t.${sql.ref(column)} = u.name)`
  const person = sql`(select u.id, u.name, u.role from users as u where u.customer_id = ${customerId} and u.id = ${id} and ${wasActive(context)})`
  const { rows } = await sql<UserRow & { readonly tests_created: number; readonly tests_submitted: number }>`
    select u.*, ${setUp('created_by')} as tests_created, ${setUp('submitted_by')} as tests_submitted from ${withActivity<Person>(context, person)} as u`.execute(db)
  const row = rows[0]
  if (row === undefined) throw notFound('user', id)
  const isTester = row.role === 'tester'
  const reported = isTester ? sql<boolean>`b.tester = ${row.name}` : sql<boolean>`false`
  const setUpBy = (column: 'created_by' | 'submitted_by') => sql`select id from tests where customer_id = ${customerId} and ${sql.ref(column)} = ${row.name}`
  const involved = isTester
    ? sql`select b.test_id from bugs as b where b.customer_id = ${customerId} and b.tester = ${row.name} and b.deleted_at is null`
    : sql`${setUpBy('created_by')} union all ${setUpBy('submitted_by')}`
  return {
    ...toItem(row),
    testsCreated: row.tests_created,
    testsSubmitted: row.tests_submitted,
    ...(await bugFigures(context, reported)),
    newestTests: await newestTests(context, rarely(context.storage.dialect, sql`t.id in (${involved})`)),
    freshness: await readFreshness(context, freshness),
  }
}

/** How many people the list has by default, as a column of a statement. */
export function countUsers(context: QueryContext): RawBuilder<number> {
  return sql<number>`(select count(*) from users as u where u.customer_id = ${context.customerId} and ${wasActive(context)})`
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
