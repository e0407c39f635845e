/** The ids behind the rows of a page, in two statements whatever its size. */
import { sql, type Kysely } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { textList } from './expressions.ts'
import { rowKey, testKey, type Facts } from './facts.ts'
import type { Group } from './groups.ts'

export interface DrillIds {
  /** Ascending: the tests and the bugs that the counts of the row are of. */
  readonly testIds: readonly number[]
  readonly bugIds: readonly number[]
}

/**
 * In the order of the groups; groups with the same tests share one list.
 *
 * @param facts without counts, so that nothing is joined for them
 */
export async function readIds(db: Kysely<TidemarkDatabase>, facts: Facts, groups: readonly Group[]): Promise<readonly DrillIds[]> {
  const read = async (side: 'tests' | 'bugs', wanted: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> => {
    const key = side === 'tests' ? testKey(facts, facts.tests.keys) : rowKey(facts, facts.bugs.keys)
    const { rows } = await sql<{ readonly id: number; readonly key: string }>`
      with scoped as materialized (${facts.scoped})
      select * from (select ${side === 'tests' ? sql`t.id` : sql`b.id`} as id, ${key} as key ${facts[side].clauses}) as facts
      where key in ${textList(facts.context.dialect, [...new Set(wanted)])} order by id`.execute(db)
    const ids = new Map<string, number[]>()
    for (const row of rows) {
      const list = ids.get(row.key)
      if (list === undefined) ids.set(row.key, [row.id])
      else list.push(row.id)
    }
    return ids
  }
  const ofTests = await read('tests', groups.map((group) => group.testKey))
  const ofBugs = await read('bugs', groups.map((group) => group.rowKey))
  return groups.map((group) => ({ testIds: ofTests.get(group.testKey) ?? [], bugIds: ofBugs.get(group.rowKey) ?? [] }))
}
