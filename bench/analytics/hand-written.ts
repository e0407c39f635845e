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
  return dialect === 'sqlite' ? forSqlite : forPostgres
}

const customer = String(benchCustomer)
const scope = `t.customer_id = ${customer} and t.deleted_at is null and t.status in (${executedStatuses.map((status) => `'${status}'`).join(', ')})`
const bugsOfTest = `b.customer_id = ${customer} and b.test_id = t.id and b.deleted_at is null`
// SQLite keeps the order of a cross join: every test leads to its bugs through an index.
const bugs = `from tests t cross join bugs b where ${bugsOfTest} and ${scope}`
const severities = [['critical', 3], ['high', 2], ['low', 1], [null, 0]] as const
const outcomes = ['open', 'accepted', 'auto_accepted', 'rejected', 'other'] as const

/** SQLite sorts what it groups, so the fastest statements count cases beside each other, or read in the order of the groups. */
const forSqlite: HandWritten = {
  'bugs by severity': `
    with n as materialized (select ${severities.map(([, rank]) => `count(case b.severity_rank when ${rank} then 1 end) as n${rank}`).join(', ')} ${bugs})
    ${severities.map(([word, rank]) => `select ${word === null ? 'null' : `'${word}'`} as severity, n${rank} as bug_count from n where n${rank} > 0`).join(' union all ')}
    order by 2 desc`,
  'bugs by kind': `select b.kind, count(*) as bug_count ${bugs} group by b.kind order by 2 desc, b.kind`,
  'bugs, rejection rate by month': `
    with o as materialized (select t.id, substr(t.end_at, 1, 7) as month from tests t where ${scope} order by 2)
    select t.month, count(b.test_id) as bug_count, cast(count(case b.outcome when 'rejected' then 1 end) as double precision) / nullif(count(b.test_id), 0) as rejection_rate
    from o t left join bugs b on ${bugsOfTest} group by 1 order by 1`,
  'bugs per test by product': perTestByProduct('p.name'),
  // Each test leads to its bugs in the order of their snapshots.
  'bugs by feature': byFeature('n.feature', `
    select b.test_feature_id, count(*) as n from bugs b
    where b.customer_id = ${customer} and b.deleted_at is null and b.test_id in (select t.id from tests t where ${scope}) group by b.test_id, b.test_feature_id`),
  'bugs by platform': byPlatform('left join json_each(n.operating_systems) as e'),
  'testers by product': `
    select p.name as product, c.active_testers
    from (
      select t.product_id, count(distinct b.tester) as active_testers from tests t left join bugs b on ${bugsOfTest} where ${scope} group by t.product_id
    ) c join products p on p.customer_id = ${customer} and p.id = c.product_id
    order by 2 desc, p.name, p.id`,
  'bugs by month and severity': `
    with o as materialized (select t.id, substr(t.end_at, 1, 7) as month from tests t where ${scope} order by 2),
    n as materialized (
      select t.month, ${severities.map(([, rank]) => `count(case b.severity_rank when ${rank} then 1 end) as n${rank}`).join(', ')}
      from o t cross join bugs b where ${bugsOfTest} group by 1)
    select month, severity, bug_count from (
      ${severities.map(([word, rank]) => `select month, ${word === null ? 'null' : `'${word}'`} as severity, ${rank === 0 ? 4 : rank} as place, n${rank} as bug_count from n where n${rank} > 0`).join(' union all ')}
    ) order by month, place limit 100`,
  // All bugs in the order of their testers: the plus keeps SQLite off the index by test, after which they would have to be sorted.
  'bugs by tester and outcome': `
    with n as materialized (
      select b.tester, ${outcomes.map((word) => `count(case b.outcome when '${word}' then 1 end) as ${word}`).join(', ')}
      from bugs b where b.customer_id = ${customer} and b.deleted_at is null and +b.test_id in (select t.id from tests t where ${scope}) group by 1)
    ${outcomes.map((word) => `select tester, '${word}' as outcome, ${word} as bug_count from n where ${word} > 0`).join(' union all ')}
    order by 3 desc, 1, 2 limit 100`,
}

const severity = `case b.severity_rank when 3 then 'critical' when 2 then 'high' when 1 then 'low' end`
const month = `to_char(t.end_at at time zone 'UTC', 'YYYY-MM')`

const forPostgres: HandWritten = {
  'bugs by severity': `select ${severity} as severity, count(*) as bug_count ${bugs} group by b.severity_rank order by 2 desc`,
  'bugs by kind': `select b.kind, count(*) as bug_count ${bugs} group by b.kind order by 2 desc, b.kind collate "C"`,
  'bugs, rejection rate by month': `
    select ${month} as month, sum(coalesce(b.n, 0)) as bug_count, cast(sum(b.rejected) as double precision) / nullif(sum(b.n), 0) as rejection_rate
    from tests t left join (
      select test_id, count(*) as n, count(case outcome when 'rejected' then 1 end) as rejected
      from bugs where customer_id = ${customer} and deleted_at is null group by test_id
    ) b on b.test_id = t.id
    where ${scope} group by 1 order by 1`,
  'bugs per test by product': perTestByProduct('p.name collate "C"'),
  'bugs by feature': byFeature('n.feature collate "C"', `select b.test_feature_id, count(*) as n ${bugs} group by 1`),
  'bugs by platform': byPlatform('left join lateral jsonb_array_elements_text(n.operating_systems) as e(value) on true'),
  'testers by product': `
    select p.name as product, c.active_testers
    from (
      select product_id, count(tester) as active_testers
      from (select t.product_id, b.tester from tests t left join bugs b on ${bugsOfTest} where ${scope} group by 1, 2) pairs group by product_id
    ) c join products p on p.customer_id = ${customer} and p.id = c.product_id
    order by 2 desc, p.name collate "C", p.id`,
  'bugs by month and severity': `select ${month} as month, ${severity} as severity, count(*) as bug_count ${bugs} group by ${month}, b.severity_rank order by 1, b.severity_rank limit 100`,
  'bugs by tester and outcome': `
    select b.tester, b.outcome, count(*) as bug_count ${bugs} group by b.tester, b.outcome order by 3 desc, b.tester collate "C", b.outcome collate "C" limit 100`,
}

/**
 * Counted by snapshot first: there are fewer of them than bugs. Equal counts are ordered by title, so every title is looked up; the
 * plus keeps PostgreSQL from walking all snapshots backwards for each.
 */
function byFeature(title: string, bySnapshot: string): string {
  return `
    select n.feature, n.bug_count from (
      select coalesce(f.title, (select title from test_features s where s.customer_id = ${customer} and s.feature_id = c.feature_id order by +s.id desc limit 1)) as feature,
        c.feature_id, c.bug_count
      from (
        select feature_id, sum(n) as bug_count from (
          select s.feature_id, c.n from (${bySnapshot}) c
          left join test_features s on s.customer_id = ${customer} and s.id = c.test_feature_id
          union all
          select distinct s.feature_id, 0 from tests t left join test_features s on s.customer_id = ${customer} and s.test_id = t.id where ${scope}
        ) n group by feature_id
      ) c left join features f on f.customer_id = ${customer} and f.id = c.feature_id and f.deleted_at is null
    ) n
    order by n.bug_count desc, n.feature is null, ${title}, n.feature_id limit 100`
}

/** Counted by set first. @param elements joins the sets, called `n`, with what is in them, called `e` */
function byPlatform(elements: string): string {
  return `
    with n as materialized (select b.operating_systems, count(*) as bugs ${bugs} group by 1)
    select e.value as platform, sum(n.bugs) as bug_count from n ${elements} group by 1 order by 2 desc`
}

/** @param name what equal figures are ordered by */
function perTestByProduct(name: string): string {
  return `
    select p.name as product, cast(c.bugs as double precision) / c.tests as bugs_per_test
    from (
      select t.product_id, count(*) as tests, sum(coalesce(b.n, 0)) as bugs
      from tests t left join (select test_id, count(*) as n from bugs where customer_id = ${customer} and deleted_at is null group by test_id) b on b.test_id = t.id
      where ${scope} group by t.product_id
    ) c join products p on p.customer_id = ${customer} and p.id = c.product_id
    order by 2 desc, ${name}, p.id`
}
