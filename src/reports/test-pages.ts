/** The tests of the report one by one, the latest end first, a page at a time: two statements a page, whatever is on it. */
import { sql } from 'kysely'
import { orderBy } from '../analytics/order.ts'
import type { PageEnd } from '../analytics/place-cursor.ts'
import { scopeOf } from '../analytics/scope.ts'
import { bugParts, toBugGroup } from './bug-groups.ts'
import { countGroups, type ScopeView } from './count-groups.ts'
import { filter } from './parse-input.ts'
import type { QualityOfTest } from './quality-report.ts'
import { Tally, tallyAt } from './tally.ts'

export interface TestPage {
  readonly tests: readonly QualityOfTest[]
  /** The place of the last test; null when there is nothing behind it. */
  readonly next: PageEnd | null
}

interface TestRow {
  readonly id: number
  readonly title: string
  readonly product_id: number
  readonly status: string
  readonly testing_type: string | null
  readonly start_at: string | null
  readonly end_at: string | null
}

const pageSize = 500

/**
 * @param after where a page of these ended: an instant and an id, which are never too long to carry
 * @param limit tests in all; left out: no end but that of the scope
 */
export async function* testPages(view: ScopeView, after: PageEnd | undefined, limit = Infinity): AsyncGenerator<TestPage> {
  let left = limit
  let from = after
  do {
    const page = await readTestPage(view, from, Math.min(left, pageSize))
    yield page
    left -= page.tests.length
    if (page.next === null) return
    from = page.next
  } while (left > 0)
}

async function readTestPage(view: ScopeView, after: PageEnd | undefined, limit: number): Promise<TestPage> {
  const { db, context } = view
  const order = orderBy(context.dialect, [
    { expression: sql`t.end_at`, direction: 'desc', text: false },
    { expression: sql`t.id`, direction: 'asc', text: false },
  ])
  const { rows } = await sql<TestRow>`
    with scoped as (
      select t.id, t.title, t.product_id, t.status, t.testing_type, t.start_at, t.end_at, ${order.columns} from tests as t where ${scopeOf(context, view).tests})
    select page.* from scoped as page ${after?.place === undefined ? sql`` : sql`where ${order.after('page', after.place)}`} ${order.by('page')} limit ${limit + 1}`.execute(db)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const bugs = await readBugs(view, shown.map(({ id }) => id))
  return {
    tests: shown.map((row) => {
      const tally = bugs.get(row.id) ?? new Tally()
      tally.addTests({ count: 1, status: row.status, type: row.testing_type })
      return {
        testId: row.id, title: row.title, productId: row.product_id, status: row.status, testingType: row.testing_type, startAt: row.start_at, endAt: row.end_at,
        ...tally.counts(),
      }
    }),
    next: rows.length > limit && last !== undefined ? { place: order.placeOf({ ...last }), offset: (after?.offset ?? 0) + shown.length } : null,
  }
}

async function readBugs(view: ScopeView, testIds: readonly number[]): Promise<ReadonlyMap<number, Tally>> {
  const tallies = new Map<number, Tally>()
  if (testIds.length === 0) return tallies
  for (const group of await countGroups({ ...view, filters: [...view.filters, filter('test_id', testIds)] }, ['test', ...bugParts], ['bug_count'])) {
    const id = group.id('test')
    if (id !== null) tallyAt(tallies, id).addBugs(toBugGroup(group))
  }
  return tallies
}
