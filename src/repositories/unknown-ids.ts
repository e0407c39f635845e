/**
 * Which of the ids that somebody asked for are not in the local copy, or left out because they are gone upstream. They are counted with the frame of a list and
 * looked up one by one only when the count shows that some are missing.
 */
import { sql, type RawBuilder } from 'kysely'
import { rarely } from '../storage/rarely.ts'
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
export function countKnownIds(context: QueryContext, asked: AskedIds, includeDeleted: boolean): RawBuilder<number> {
  const living = includeDeleted ? sql`` : sql` and deleted_at is null`
  const counts = entities.flatMap(({ table }) => {
    const ids = asked[table]
    return ids === undefined ? [] : [sql`(select count(*) from ${sql.table(table)} where customer_id = ${context.customerId} and ${rarely(context.storage.dialect, sql`id in (${sql.join(ids)})`)}${living})`]
  })
  return counts.length === 0 ? sql<number>`0` : sql<number>`${sql.join(counts, sql` + `)}`
}

/** One warning for each of them; no statement when `knownCount` says that all do. */
export async function unknownIdWarnings(
  context: QueryContext, asked: AskedIds, knownCount: number, includeDeleted: boolean,
): Promise<readonly string[]> {
  const wanted = entities.flatMap(({ table, label }) => [...new Set(asked[table])].map((id) => ({ table, label, id })))
  if (wanted.length === knownCount) return []
  const warnings: string[] = []
  for (const { table, label } of entities) {
    const ids = wanted.filter((entry) => entry.table === table).map((entry) => entry.id)
    if (ids.length === 0) continue
    const { rows } = await sql<{ readonly id: number; readonly deleted_at: string | null }>`
      select id, deleted_at from ${sql.table(table)} where customer_id = ${context.customerId} and id in (${sql.join(ids)})`.execute(context.db)
    const known = new Map(rows.map((row) => [row.id, row.deleted_at]))
    for (const id of ids) {
      if (!known.has(id)) warnings.push(`${label} ${id} is not in the local copy.`)
      else if (known.get(id) !== null && !includeDeleted) warnings.push(`${label} ${id} is gone upstream and left out.`)
    }
  }
  return warnings
}
