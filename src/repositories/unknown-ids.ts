/**
 * Which of the ids that somebody asked for are not in the local copy. They are counted with the frame of a list and
 * looked up one by one only when the count shows that some are missing.
 */
import { sql, type RawBuilder } from 'kysely'
import type { QueryContext } from './context.ts'

export interface AskedIds {
  readonly products?: readonly number[] | undefined
  readonly tests?: readonly number[] | undefined
  readonly features?: readonly number[] | undefined
}

const entities = [
  { table: 'products', label: 'Product' },
  { table: 'tests', label: 'Test' },
  { table: 'features', label: 'Feature' },
] as const

/** How many of the ids exist, as a column of a statement. */
export function countKnownIds(context: QueryContext, asked: AskedIds): RawBuilder<number> {
  const counts = entities.flatMap(({ table }) => {
    const ids = asked[table]
    return ids === undefined ? [] : [sql`(select count(*) from ${sql.table(table)} where customer_id = ${context.customerId} and id in (${sql.join(ids)}))`]
  })
  return counts.length === 0 ? sql<number>`0` : sql<number>`${sql.join(counts, sql` + `)}`
}

/** One warning for each id that does not exist; no statement when `knownCount` says that all do. */
export async function unknownIdWarnings(context: QueryContext, asked: AskedIds, knownCount: number): Promise<readonly string[]> {
  const wanted = entities.flatMap(({ table, label }) => [...new Set(asked[table])].map((id) => ({ table, label, id })))
  if (wanted.length === knownCount) return []
  const warnings: string[] = []
  for (const { table, label } of entities) {
    const ids = wanted.filter((entry) => entry.table === table).map((entry) => entry.id)
    if (ids.length === 0) continue
    const { rows } = await sql<{ readonly id: number }>`
      select id from ${sql.table(table)} where customer_id = ${context.customerId} and id in (${sql.join(ids)})`.execute(context.db)
    const known = new Set(rows.map((row) => row.id))
    warnings.push(...ids.filter((id) => !known.has(id)).map((id) => `${label} ${id} is not in the local copy.`))
  }
  return warnings
}
