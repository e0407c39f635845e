/**
 * Which of the ids that somebody asked for are not in the local copy, or left out because they are gone upstream. A list
 * counts them with its frame, and has them looked up only when the count shows that some are missing.
 */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { idList } from '../storage/id-list.ts'
import { rarely } from '../storage/rarely.ts'
import type { Dialect } from '../storage/storage.ts'
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

interface LookUpOptions {
  /** As `countKnownIds` counted them: nothing is looked up when all are there. */
  readonly knownCount?: number | undefined
  /** What is gone upstream is not left out. */
  readonly includeDeleted?: boolean | undefined
  /** A feature that left the catalogue is known as long as a test snapshots it. */
  readonly snapshots?: boolean | undefined
}

/** One warning for each of them; at most one statement, and none where nothing was asked for. */
export async function unknownIdWarnings(
  { db, dialect, customerId }: { readonly db: Kysely<TidemarkDatabase>; readonly dialect: Dialect; readonly customerId: number },
  asked: AskedIds,
  { knownCount = 0, includeDeleted = false, snapshots = false }: LookUpOptions = {},
): Promise<readonly string[]> {
  const wanted = entities.map((entity) => ({ ...entity, ids: [...new Set(asked[entity.table])] })).filter(({ ids }) => ids.length > 0)
  if (wanted.flatMap(({ ids }) => ids).length === knownCount) return []
  const selects = wanted.map(({ table, ids }) => sql`
    select ${sql.lit(table)} as entity, id, deleted_at is not null as gone from ${sql.table(table)} where customer_id = ${customerId} and id in ${idList(dialect, ids)}
    ${snapshots && table === 'features' ? sql`union select ${sql.lit(table)}, feature_id, ${false} from test_features where customer_id = ${customerId} and feature_id in ${idList(dialect, ids)}` : sql``}`)
  const { rows } = await sql<{ readonly entity: string; readonly id: number; readonly gone: boolean | number }>`${sql.join(selects, sql` union all `)}`.execute(db)
  const known = new Map<string, boolean>()
  for (const { entity, id, gone } of rows) known.set(`${entity} ${id}`, Boolean(gone) && (known.get(`${entity} ${id}`) ?? true))
  return wanted.flatMap(({ table, label, ids }) => ids.flatMap((id) => {
    const gone = known.get(`${table} ${id}`)
    if (gone === undefined) return [`${label} ${id} is not in the local copy.`]
    return gone && !includeDeleted ? [`${label} ${id} is gone upstream and left out.`] : []
  }))
}
