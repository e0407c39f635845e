/** The ids that can be filtered by beside the dimensions. */
import { sql } from 'kysely'
import type { Filterable } from './dimension.ts'
import { feature } from './dimensions/feature.ts'

const id = { valueType: 'id', nullable: false } as const

const all = [
  { ...id, key: 'product_id', onTests: { many: false, columns: () => ({ value: sql`t.product_id` }) } },
  // Of the feature itself, since equal titles are different features.
  { ...id, key: 'feature_id', nullable: true, onTests: feature.onTests, onBugs: feature.onBugs },
  { ...id, key: 'test_id', onTests: { many: false, columns: () => ({ value: sql`t.id` }) } },
] as const satisfies readonly Filterable[]

export type IdFilterKey = (typeof all)[number]['key']

export const idFilters: readonly (Filterable & { readonly key: IdFilterKey })[] = all
