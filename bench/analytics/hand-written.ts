/**
 * The best statements that we could write by hand for the rows of each question, over the same tables and indexes: they know
 * the data, answer nothing else (no totals, no pages, no freshness), and let names be looked up last.
 */
import { executedStatuses } from '../../src/model/test-status.ts'
import type { Dialect } from '../../src/storage/storage.ts'
import { benchCustomer } from '../support/account.ts'

export type HandWritten = Readonly<Record<AnalyticsOperation, string>>
export type AnalyticsOperation =
  | 'bugs by severity' | 'bugs by kind' | 'bugs, rejection rate by month' | 'bugs per test by product' | 'bugs by feature' | 'bugs by platform'
  | 'testers by product' | 'bugs by month and severity' | 'bugs by tester and outcome'

export function handWritten(dialect: Dialect): HandWritten {
  const customer = String(benchCustomer)
  const scope = `t.customer_id = ${customer} and t.deleted_at is null and t.status in (${executedStatuses.map((status) => `'${status}'`).join(', ')})`
  // SQLite keeps the order of a cross join: every test leads to its bugs through an index.
  const bugs = `from tests t cross join bugs b where b.customer_id = ${customer} and b.test_id = t.id and b.deleted_at is null and ${scope}`
  const month = dialect === 'sqlite' ? 'substr(t.end_at, 1, 7)' : `to_char(t.end_at at time zone 'UTC', 'YYYY-MM')`
  const byText = (column: string): string => (dialect === 'sqlite' ? column : `${column} collate "C"`)
  const severity = `case b.severity_rank when 3 then 'critical' when 2 then 'high' when 1 then 'low' end`
  return {
    'bugs by severity': `select ${severity} as severity, count(*) as bug_count ${bugs} group by b.severity_rank order by 2 desc`,
    'bugs by kind': `select b.kind, count(*) as bug_count ${bugs} group by b.kind order by 2 desc, ${byText('b.kind')}`,
    'bugs, rejection rate by month': `
      select ${month} as month, sum(coalesce(b.n, 0)) as bug_count, cast(sum(b.rejected) as double precision) / nullif(sum(b.n), 0) as rejection_rate
      from tests t left join (
        select test_id, count(*) as n, count(case outcome when 'rejected' then 1 end) as rejected
        from bugs where customer_id = ${customer} and deleted_at is null group by test_id
      ) b on b.test_id = t.id
      where ${scope} group by 1 order by 1`,
    'bugs per test by product': `
      select p.name as product, cast(c.bugs as double precision) / c.tests as bugs_per_test
      from (
        select t.product_id, count(*) as tests, sum(coalesce(b.n, 0)) as bugs
        from tests t left join (select test_id, count(*) as n from bugs where customer_id = ${customer} and deleted_at is null group by test_id) b on b.test_id = t.id
        where ${scope} group by t.product_id
      ) c join products p on p.customer_id = ${customer} and p.id = c.product_id
      order by 2 desc, ${byText('p.name')}, p.id`,
    // Equal counts are ordered by title, so every title has to be looked up.
    'bugs by feature': `
      select n.feature, n.bug_count from (
        select coalesce(f.title, (select title from test_features s where s.customer_id = ${customer} and s.feature_id = c.feature_id order by s.id desc limit 1)) as feature,
          c.feature_id, c.bug_count
        from (
          select feature_id, sum(n) as bug_count from (
            select s.feature_id, count(*) as n
            from tests t cross join bugs b left join test_features s on s.customer_id = ${customer} and s.id = b.test_feature_id
            where b.customer_id = ${customer} and b.test_id = t.id and b.deleted_at is null and ${scope} group by s.feature_id
            union all
            select distinct s.feature_id, 0 from tests t left join test_features s on s.customer_id = ${customer} and s.test_id = t.id where ${scope}
          ) n group by feature_id
        ) c left join features f on f.customer_id = ${customer} and f.id = c.feature_id and f.deleted_at is null
      ) n
      order by n.bug_count desc, n.feature is null, ${byText('n.feature')}, n.feature_id limit 100`,
    'bugs by platform': `
      select d.operating_system as platform, count(distinct b.id) as bug_count
      from tests t cross join bugs b left join bug_devices d on d.customer_id = ${customer} and d.bug_id = b.id
      where b.customer_id = ${customer} and b.test_id = t.id and b.deleted_at is null and ${scope}
      group by 1 order by 2 desc`,
    'testers by product': `
      select p.name as product, c.active_testers
      from (
        select t.product_id, count(distinct b.tester) as active_testers
        from tests t left join bugs b on b.customer_id = ${customer} and b.test_id = t.id and b.deleted_at is null
        where ${scope} group by t.product_id
      ) c join products p on p.customer_id = ${customer} and p.id = c.product_id
      order by 2 desc, ${byText('p.name')}, p.id`,
    'bugs by month and severity': `select ${month} as month, ${severity} as severity, count(*) as bug_count ${bugs} group by ${month}, b.severity_rank order by 1, b.severity_rank limit 100`,
    'bugs by tester and outcome': `
      select b.tester, b.outcome, count(*) as bug_count ${bugs} group by b.tester, b.outcome
      order by 3 desc, ${byText('b.tester')}, ${byText('b.outcome')} limit 100`,
  }
}
