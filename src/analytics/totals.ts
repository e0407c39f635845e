/** Counts over a whole scope, and over what is left of it behind the rows of a page; each test and each bug counts once. */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { textList } from './expressions.ts'
import { aggregates, rowKey, testKey, type Facts } from './facts.ts'
import { toCounts, type Counts, type Group } from './groups.ts'
import type { CountMetric } from './metric.ts'

/** @param facts of no dimension: every test and every bug of the scope */
export async function readTotals(db: Kysely<TidemarkDatabase>, facts: Facts, counts: readonly CountMetric[]): Promise<Counts> {
  return readCounts(db, facts, counts, { tests: sql`true`, bugs: sql`true` })
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
  const sides = (['tests', 'bugs'] as const).filter((side) => counts.some(({ over }) => over === side))
  const tables = sides.map((side) => sql`
    (select ${sql.join(aggregates(facts, side, counts))} ${side === 'tests' ? facts.tests.clauses : facts.bugs.once} and ${within[side]}) as ${sql.ref(`of_${side}`)}`)
  const { rows } = await sql<Readonly<Record<string, unknown>>>`with scoped as materialized (${facts.scoped}) select * from ${sql.join(tables, sql` cross join `)}`.execute(db)
  return toCounts(counts, rows[0])
}
