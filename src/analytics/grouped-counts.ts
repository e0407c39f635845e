/**
 * The counts of every group on one side, as a select. Rows are read once: what is looked up for a key is looked up for counts,
 * not for rows, where they add up, and different values can be kept beside their count, for the totals.
 */
import { sql, type RawBuilder } from 'kysely'
import type { ValueCase } from './dimension.ts'
import { distinctSet, groupsBySorting, sizeOfSet } from './expressions.ts'
import { rowKey, testKey, type CountColumns, type Facts, type KeyColumn } from './facts.ts'
import type { CountMetric, DistinctCount } from './metric.ts'

/** The column with the different values behind a count. */
export function setName({ key }: CountMetric): string {
  return `${key}_set`
}

/**
 * Columns of the keys and counts by their names; `test_key` and, on the side of the bugs, `row_key`, for the whole key.
 *
 * @param withSets also of each distinct count its set
 * @param setsApart what `countsSetsFirst` speaks of stands in the statement, as a table
 */
export function groupedCounts(facts: Facts, side: 'tests' | 'bugs', counts: readonly CountMetric[], { withSets = false, setsApart = false } = {}): RawBuilder<unknown> {
  const { keys } = facts[side]
  const { dialect } = facts.context
  const own = counts.filter(({ over }) => over === side)
  const columns = own.flatMap((count) => {
    const counted = sql`grouped.${sql.ref(count.key)}`
    if (count.additive || !withSets) return [counted]
    return [sql`${sizeOfSet(dialect, counted)} as ${sql.ref(count.key)}`, sql`${counted} as ${sql.ref(setName(count))}`]
  })
  const different: OfDifferent = (member) => (withSets ? distinctSet(dialect, member) : countOf(member))
  const [first, ...others] = own
  const groups = first?.additive === false && others.length === 0 && !groupsBySorting(dialect)
    ? differentFirst(facts, side, first, different)
    : selectGroups(facts, side, own, own.map((count) => sql`${count.additive ? count.aggregate(facts.columns) : different(count.member(facts.columns))} as ${sql.ref(count.key)}`), setsApart)
  const named = keys.map((key) => ({ ...key, expression: sql`grouped.${sql.ref(key.name)}` }))
  return sql`
    select ${sql.join([...named.map(({ expression }) => expression), ...columns, sql`${testKey(facts, named)} as test_key`, sql`${rowKey(facts, named)} as row_key`])}
    from (${groups}) as grouped`
}

/** The aggregates of one side, each named by its key. */
export function aggregates(facts: Facts, side: 'tests' | 'bugs', counts: readonly CountMetric[]): readonly RawBuilder<unknown>[] {
  return counts.filter(({ over }) => over === side).map((count) => sql`${aggregate(count, facts.columns)} as ${sql.ref(count.key)}`)
}

function aggregate(count: CountMetric, columns: CountColumns): RawBuilder<unknown> {
  return count.additive ? count.aggregate(columns) : countOf(count.member(columns))
}

function countOf(member: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`count(distinct ${member})`
}

/** How different members are counted, or kept as a set. */
type OfDifferent = (member: RawBuilder<unknown>) => RawBuilder<unknown>

/** PostgreSQL sorts rows to see which are different, and hashes what it groups: few are left to be sorted then. */
function differentFirst(facts: Facts, side: 'tests' | 'bugs', count: DistinctCount, different: OfDifferent): RawBuilder<unknown> {
  const { keys, clauses } = facts[side]
  const members = grouped([...keys, { name: count.key, expression: count.member(facts.columns), ofTests: false }], clauses, [])
  const held = (name: string): RawBuilder<unknown> => sql.ref(`members.${name}`)
  return grouped(keys.map((key) => ({ ...key, expression: held(key.name) })), sql`from (${members}) as members`, [sql`${different(held(count.key))} as ${sql.ref(count.key)}`])
}

/** What adds up can be counted in any order: by what decides a key before the key, and case by case. */
function selectGroups(facts: Facts, side: 'tests' | 'bugs', own: readonly CountMetric[], aggregated: readonly RawBuilder<unknown>[], setsApart: boolean): RawBuilder<unknown> {
  const { keys, repeating, undecided } = facts[side]
  if (own.length === 0) return grouped(keys, repeating, [])
  if (setsApart && countsSetsFirst(facts, side, own)) return lookedUp(keys, own, sql`${sql.ref(setsName(side))} as counted`, sql`counted`)
  const clauses = (side === 'bugs' ? facts.bugs.inOrder : undefined) ?? facts[side].clauses
  if (!own.every(({ additive }) => additive)) return grouped(keys, clauses, aggregated)
  if (keys.every(({ lookUp }) => lookUp === undefined)) return counted(facts, own, keys, clauses, aggregated)
  const inOrder = groupsBySorting(facts.context.dialect) && keys.every(({ lookUp, ofTests }) => lookUp?.afterTest ?? ofTests)
  if (inOrder && !facts.bugs.overlap) return lookedUpInOrder(facts, keys, own, aggregated)
  return lookedUp(keys, own, sql`(${counted(facts, own, deciding(keys), undecided, aggregated)}) as counted`, sql`counted`)
}

/** Keys before they are looked up. */
function deciding(keys: readonly KeyColumn[]): readonly KeyColumn[] {
  return keys.map(({ lookUp, ...key }) => ({ ...key, expression: lookUp?.by ?? key.expression }))
}

/** Whether the counts by sets, before these are taken apart, can be a table of the statement: groups and totals come from there. */
export function countsSetsFirst(facts: Facts, side: 'tests' | 'bugs', counts: readonly CountMetric[]): boolean {
  const own = counts.filter(({ over }) => over === side)
  return facts[side].overlapsBySets && own.length > 0 && own.every(({ additive }) => additive)
}

export function setsName(side: 'tests' | 'bugs'): string {
  return `${side}_by_sets`
}

/** That table. */
export function countsOfSets(facts: Facts, side: 'tests' | 'bugs', counts: readonly CountMetric[]): RawBuilder<unknown> {
  const own = counts.filter(({ over }) => over === side)
  return counted(facts, own, deciding(facts[side].keys), facts[side].undecided, aggregates(facts, side, counts))
}

function counted(facts: Facts, own: readonly CountMetric[], keys: readonly KeyColumn[], clauses: RawBuilder<unknown>, aggregated: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  const spread = groupsBySorting(facts.context.dialect) ? keys.find(({ cases }) => cases !== undefined) : undefined
  return spread?.cases === undefined ? grouped(keys, clauses, aggregated) : spreadOut(facts, own, keys, clauses, spread, spread.cases)
}

function grouped(keys: readonly KeyColumn[], clauses: RawBuilder<unknown>, aggregated: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  // Without a key it is an aggregate all the same: one row.
  if (keys.length === 0) return sql`select ${sql.join([...aggregated, sql`count(*) as members`])} ${clauses}`
  return sql`select ${sql.join([...keys.map(({ name, expression }) => sql`${expression} as ${sql.ref(name)}`), ...aggregated])} ${clauses} ${byFirst(keys.length)}`
}

/** From what was counted by that which decides the keys. */
function lookedUp(keys: readonly KeyColumn[], counts: readonly CountMetric[], from: RawBuilder<unknown>, ofTests: RawBuilder<unknown>): RawBuilder<unknown> {
  const found = keys.map(({ name, lookUp }) => ({ name, ...(lookUp?.join(sql`counted.${sql.ref(name)}`) ?? { join: sql``, part: sql`${ofTests}.${sql.ref(name)}` }) }))
  const sums = counts.map(({ key }) => sql`sum(counted.${sql.ref(key)}) as ${sql.ref(key)}`)
  const columns = [...found.map(({ name, part }) => sql`${part} as ${sql.ref(name)}`), ...sums]
  return sql`select ${sql.join(columns)} from ${from} ${sql.join(found.map(({ join }) => join), sql` `)} ${byFirst(keys.length)}`
}

/** Test by test, in the order in which the index of the bugs has what decides the key: nothing is sorted. */
function lookedUpInOrder(facts: Facts, keys: readonly KeyColumn[], counts: readonly CountMetric[], aggregated: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  const decided = keys.flatMap(({ name, lookUp }) => (lookUp === undefined ? [] : [sql`${lookUp.by} as ${sql.ref(name)}`]))
  const inOrder = sql`(select b.test_id, ${sql.join([...decided, ...aggregated])} ${facts.bugs.byTest} ${byFirst(1 + decided.length)}) as counted`
  const withTests = decided.length === keys.length ? inOrder : sql`${inOrder} join scoped as t on t.id = counted.test_id`
  return lookedUp(keys, counts, withTests, sql`t`)
}

/** Counted case by case beside each other, in one row for what else they are grouped by, and then made rows of. */
function spreadOut(
  facts: Facts, counts: readonly CountMetric[], keys: readonly KeyColumn[], clauses: RawBuilder<unknown>, spread: KeyColumn, cases: readonly ValueCase[],
): RawBuilder<unknown> {
  const inCase = (name: string, index: number): RawBuilder<unknown> => sql.ref(`${name}_${index}`)
  const cells = cases.flatMap(({ when }, index) => [
    ...counts.map((count) => sql`${aggregate(count, facts.columns)} filter (where ${when}) as ${inCase(count.key, index)}`),
    sql`count(*) filter (where ${when}) as ${inCase('members', index)}`,
  ])
  const rows = cases.map(({ value }, index) => sql`
    select ${sql.join([
      ...keys.map((key) => (key === spread ? sql`${sql.lit(value)} as ${sql.ref(key.name)}` : sql.ref(key.name))),
      ...counts.map(({ key }) => sql`${inCase(key, index)} as ${sql.ref(key)}`),
    ])} from spread where ${inCase('members', index)} > 0`)
  return sql`with spread as materialized (${grouped(keys.filter((key) => key !== spread), clauses, cells)}) ${sql.join(rows, sql` union all `)}`
}

function byFirst(columns: number): RawBuilder<unknown> {
  return sql`group by ${sql.join(Array.from({ length: columns }, (_, index) => sql.lit(index + 1)))}`
}
