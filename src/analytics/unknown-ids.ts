/** Which of the ids in filters the local copy does not have. A feature that left the catalogue is known as long as a test snapshots it. */
import { sql, type Kysely } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { idList } from '../storage/id-list.ts'
import type { SqlContext } from './dimension.ts'
import type { AskedFilter } from './filter.ts'

const kinds = [
  { key: 'product_id', label: 'Product', table: 'products' },
  { key: 'feature_id', label: 'Feature', table: 'features' },
  { key: 'test_id', label: 'Test', table: 'tests' },
] as const

/** One warning for each; no statement when no filter names an id. */
export async function unknownIdWarnings(db: Kysely<TidemarkDatabase>, context: SqlContext, filters: readonly AskedFilter[]): Promise<readonly string[]> {
  const { dialect, customerId } = context
  const asked = kinds
    .map((kind) => ({ ...kind, ids: [...new Set(filters.filter(({ on }) => on.key === kind.key).flatMap(({ values }) => values.filter((value) => typeof value === 'number')))] }))
    .filter(({ ids }) => ids.length > 0)
  if (asked.length === 0) return []
  const selects = asked.map(({ key, table, ids }) => sql`
    select ${sql.lit(key)} as kind, id, deleted_at is not null as gone from ${sql.table(table)} where customer_id = ${customerId} and id in ${idList(dialect, ids)}
    ${key === 'feature_id' ? sql`union select ${sql.lit(key)}, feature_id, ${false} from test_features where customer_id = ${customerId} and feature_id in ${idList(dialect, ids)}` : sql``}`)
  const { rows } = await sql<{ readonly kind: string; readonly id: number; readonly gone: boolean | number }>`${sql.join(selects, sql` union all `)}`.execute(db)
  const known = new Map<string, boolean>()
  for (const { kind, id, gone } of rows) known.set(`${kind} ${id}`, Boolean(gone) && (known.get(`${kind} ${id}`) ?? true))
  return asked.flatMap(({ key, label, ids }) => ids.flatMap((id) => {
    const gone = known.get(`${key} ${id}`)
    if (gone === undefined) return [`${label} ${id} is not in the local copy.`]
    return gone ? [`${label} ${id} is gone upstream and left out.`] : []
  }))
}
