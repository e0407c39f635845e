/** The best statements that we could write by hand for each list, over the same tables and indexes. */
import type { Dialect } from '../../src/storage/storage.ts'
import { benchCustomer, benchNow } from '../support/account.ts'
import type { HandStatement } from '../support/hand-runner.ts'

export type ListName = 'products.list' | 'tests.list, 50 rows' | 'tests.list, 50 rows with bug counts' | 'bugs.list, 50 rows'

const daysBefore = (days: number): string => new Date(benchNow - days * 86_400_000).toISOString()

/** The rows of the first page, and how many there are on all pages. */
export function handWritten(dialect: Dialect): Readonly<Record<ListName, readonly [rows: HandStatement, total: HandStatement]>> {
  const p = (position: number): string => (dialect === 'sqlite' ? `?${position}` : `$${position}`)
  const ended = (since: string): string => `
    from tests t where t.customer_id = ${p(1)} and t.product_id = p.id and t.deleted_at is null and t.end_at >= ${since} and t.end_at <= ${p(4)}
      and t.status in ('running', 'locked', 'archived', 'customer_finalized')`
  const lastEnd = `(select max(end_at) from tests t where t.customer_id = ${p(1)} and t.product_id = p.id and t.deleted_at is null) as last_test_end_at`
  const products = (order: string): string => `
    select p.id, p.name, p.type, p.description, p.test_count, p.bug_count, p.feature_count, ${lastEnd} from products p where p.customer_id = ${p(1)} and p.deleted_at is null ${order} limit 20`
  const byName = `order by p.name${dialect === 'postgres' ? ' collate "C"' : ''}, p.id`
  // PostgreSQL counts both ranges in one walk; SQLite has no lateral joins.
  const recent = dialect === 'sqlite'
    ? `select p.*, (select count(*) ${ended(p(2))}) as tests_last_30_days, (select count(*) ${ended(p(3))}) as tests_last_90_days from (${products(byName)}) p`
    : `select p.*, recent.* from (${products(byName)}) p
      cross join lateral (select count(*) filter (where t.end_at >= ${p(2)}) as tests_last_30_days, count(*) as tests_last_90_days ${ended(p(3))}) recent ${byName}`
  // An index of PostgreSQL that is read backwards has the nulls first: rows with and without a date are two walks.
  const newest = (table: string, date: string): string => {
    const living = `select * from ${table} where customer_id = ${p(1)} and deleted_at is null`
    const order = `order by ${date} desc nulls last, id limit 50`
    if (dialect === 'sqlite') return `(${living} ${order})`
    return `(select * from ((${living} and ${date} is not null order by ${date} desc, id limit 50) union all (${living} and ${date} is null order by id limit 50)) walks ${order})`
  }
  const tests = `
    select id, product_id, title, status, testing_type, review_status, start_at, end_at, created_by, submitted_by, environment_id, environment_title
    from ${newest('tests', 'end_at')} t order by end_at desc nulls last, id`
  // The write path keeps these counts on products.
  const total = (expression: string): HandStatement => ({ sql: `select ${expression} as total from products where customer_id = ${p(1)} and deleted_at is null`, parameters: [benchCustomer] })
  return {
    'products.list': [{
      sql: recent,
      parameters: [benchCustomer, daysBefore(30), daysBefore(90), new Date(benchNow).toISOString()],
    }, total('count(*)')],
    'tests.list, 50 rows': [{ sql: tests, parameters: [benchCustomer] }, total('sum(test_count)')],
    'tests.list, 50 rows with bug counts': [{
      sql: `
        with page as materialized (${tests})
        select page.*, c.* from page left join (
          select test_id, count(*) as total, count(case outcome when 'open' then 1 end) as open_bugs,
            count(case outcome when 'accepted' then 1 end) as accepted, count(case outcome when 'auto_accepted' then 1 end) as auto_accepted,
            count(case outcome when 'rejected' then 1 end) as rejected
          from bugs where customer_id = ${p(1)} and test_id in (select id from page) and deleted_at is null group by test_id
        ) c on c.test_id = page.id order by page.end_at desc nulls last, page.id`,
      parameters: [benchCustomer],
    }, total('sum(test_count)')],
    'bugs.list, 50 rows': [{
      sql: `
        select b.id, b.test_id, b.product_id, f.feature_id, b.title, b.kind, b.severity, b.outcome, b.rejection_reason, b.known, b.tester, b.reported_at
        from ${newest('bugs', 'reported_at')} b
        left join test_features f on f.customer_id = b.customer_id and f.id = b.test_feature_id
        order by b.reported_at desc nulls last, b.id`,
      parameters: [benchCustomer],
    }, total('sum(bug_count)')],
  }
}
