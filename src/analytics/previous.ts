/** The range before: of the same length, in whole days where the range has them, and the counts of the same groups in it. */
import { sql, type Kysely } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import type { TidemarkDatabase } from '../model/schema.ts'
import type { TimeRange } from '../time/phrase.ts'
import { toCounts, type Counts } from './counts.ts'
import { textList } from './expressions.ts'
import type { Facts } from './facts.ts'
import { groupedCounts } from './grouped-counts.ts'
import type { Group } from './groups.ts'
import type { CountMetric } from './metric.ts'

export interface ClosedRange {
  readonly from: string
  readonly to: string
}

/** A range from midnight to midnight moves by days, so that summer time does not shift it by an hour. */
export function rangeBefore({ from, to }: TimeRange, timeZone: string): ClosedRange {
  if (from === null || to === null) throw new TypeError('an open range has none before it')
  const start = Temporal.Instant.from(from).toZonedDateTimeISO(timeZone)
  const end = Temporal.Instant.from(to).toZonedDateTimeISO(timeZone)
  const wholeDays = [start, end].every((at) => at.equals(at.startOfDay()))
  const before = wholeDays ? start.subtract({ days: start.until(end, { largestUnit: 'days' }).days }) : start.subtract(start.until(end, { largestUnit: 'hours' }))
  return { from: new Date(before.epochMilliseconds).toISOString(), to: from }
}

/**
 * The counts of these groups in another scope, in their order; of groups that are not there, what tests alone have.
 *
 * @param facts of the other scope and the same dimensions
 */
export async function readSameGroups(
  db: Kysely<TidemarkDatabase>, facts: Facts, counts: readonly CountMetric[], groups: readonly Group[],
): Promise<readonly Counts[]> {
  const read = async (side: 'tests' | 'bugs', key: 'test_key' | 'row_key', wanted: readonly string[]): Promise<ReadonlyMap<string, Counts>> => {
    const own = counts.filter(({ over }) => over === side)
    if (own.length === 0) return new Map()
    const { rows } = await sql<Readonly<Record<string, unknown>>>`
      with scoped as materialized (${facts.scoped}) select * from (${groupedCounts(facts, side, own)}) as same
      where ${sql.ref(key)} in ${textList(facts.context.dialect, [...new Set(wanted)])}`.execute(db)
    return new Map(rows.map((row) => [String(row[key]), toCounts(own, row)]))
  }
  const ofTests = await read('tests', 'test_key', groups.map((group) => group.testKey))
  const ofBugs = await read('bugs', 'row_key', groups.map((group) => group.rowKey))
  return groups.map((group) => ({ ...ofTests.get(group.testKey), ...ofBugs.get(group.rowKey) }))
}
