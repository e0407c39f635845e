/** Counts over a whole scope, and over what is left of it behind the rows of a page; each test and each bug counts once. */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { toCounts, type Counts } from './counts.ts'
import { membersOfSet, textList } from './expressions.ts'
import { rowKey, testKey, type Facts } from './facts.ts'
import { aggregates, countsSetsFirst, setName, setsName } from './grouped-counts.ts'
import type { Group } from './groups.ts'
import type { CountMetric } from './metric.ts'

/** @param facts of no dimension: every test and every bug of the scope */
export async function readTotals(db: Kysely<TidemarkDatabase>, facts: Facts, counts: readonly CountMetric[]): Promise<Counts> {
  return readCounts(db, facts, counts, { tests: sql`true`, bugs: sql`true` })
}

/** Whether the totals of a side are made with the sets of its groups. */
export function keepsSets(facts: Facts, side: 'tests' | 'bugs'): boolean {
  return !facts[side].overlap && facts[side].keys.length > 0
}

/**
 * The totals as tables of one row each, for the statement that has the groups in `of_tests` and `of_bugs`: sums of counts and
 * unions of sets, so that nothing is read twice.
 *
 * @param whole of no dimension and the same scope
 */
export function totalsBeside(facts: Facts, whole: Facts, counts: readonly CountMetric[]): readonly RawBuilder<unknown>[] {
  return sidesIn(counts).map((side) => {
    const own = counts.filter(({ over }) => over === side)
    const groups = sql.ref(`of_${side}`)
    const named = sql.ref(`all_${side}`)
    const columns = (value: (count: CountMetric) => RawBuilder<unknown>) => sql.join(own.map((count) => sql`${value(count)} as ${sql.ref(totalName(count))}`))
    if (countsSetsFirst(facts, side, counts)) {
      return sql`(select ${columns(({ key }) => sql`coalesce(sum(${sql.ref(key)}), 0)`)} from ${sql.ref(setsName(side))}) as ${named}`
    }
    if (facts[side].overlap) {
      const totals = columns(({ key }) => sql`whole.${sql.ref(key)}`)
      return sql`(select ${totals} from (select ${sql.join(aggregates(whole, side, own))} ${everything(whole, side)}) as whole) as ${named}`
    }
    const union = (count: CountMetric) => sql`(select count(distinct member.value) from ${groups} cross join ${membersOfSet(facts.context.dialect, sql.ref(setName(count)))})`
    const totals = columns((count) => (count.additive || !keepsSets(facts, side) ? sql`coalesce(sum(${sql.ref(count.key)}), 0)` : union(count)))
    // The count makes one row of it where there are only unions.
    return sql`(select ${totals}, count(*) as ${sql.ref(`${side}_groups`)} from ${groups}) as ${named}`
  })
}

/** From a row that has `totalsBeside`. */
export function toTotals(counts: readonly CountMetric[], row: Readonly<Record<string, unknown>> | undefined): Counts {
  return toCounts(counts, row, totalName)
}

/** What is in any group but these. */
export async function readOther(
  db: Kysely<TidemarkDatabase>, facts: Facts, bugLevel: boolean, counts: readonly CountMetric[], page: readonly Group[],
): Promise<Counts> {
  const { dialect } = facts.context
  const shown = textList(dialect, page.map((group) => group.rowKey))
  // A bug in several groups is in the rest when one of them is.
  const folded = sql`${rowKey(facts, facts.bugs.keys)} not in ${shown}`
  return readCounts(db, facts, counts, {
    bugs: sql`b.id in (select b.id ${facts.bugs.clauses} and ${folded})`,
    tests: bugLevel
      ? sql`${testKey(facts, facts.tests.keys)} in (select ${testKey(facts, facts.bugs.keys)} ${facts.bugs.clauses} and ${folded})`
      : sql`${rowKey(facts, facts.tests.keys)} not in ${shown}`,
  })
}

async function readCounts(
  db: Kysely<TidemarkDatabase>, facts: Facts, counts: readonly CountMetric[], within: Readonly<Record<'tests' | 'bugs', RawBuilder<unknown>>>,
): Promise<Counts> {
  const tables = sidesIn(counts).map((side) => sql`
    (select ${sql.join(aggregates(facts, side, counts))} ${everything(facts, side)} and ${within[side]}) as ${sql.ref(`of_${side}`)}`)
  const { rows } = await sql<Readonly<Record<string, unknown>>>`with scoped as materialized (${facts.scoped}) select * from ${sql.join(tables, sql` cross join `)}`.execute(db)
  return toCounts(counts, rows[0])
}

function sidesIn(counts: readonly CountMetric[]): readonly ('tests' | 'bugs')[] {
  return (['tests', 'bugs'] as const).filter((side) => counts.some(({ over }) => over === side))
}

function everything(facts: Facts, side: 'tests' | 'bugs'): RawBuilder<unknown> {
  return side === 'tests' ? facts.tests.clauses : facts.bugs.once
}

function totalName({ key }: CountMetric): string {
  return `total_${key}`
}
