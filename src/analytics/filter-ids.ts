/** What is to be said of the ids that filters name. */
import type { Kysely } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { unknownIdWarnings } from '../repositories/unknown-ids.ts'
import type { SqlContext } from './dimension.ts'
import type { AskedFilter } from './filter.ts'

/** One warning for each that the local copy does not have; no statement when no filter names one. */
export function filterIdWarnings(db: Kysely<TidemarkDatabase>, { dialect, customerId }: SqlContext, filters: readonly AskedFilter[]): Promise<readonly string[]> {
  const idsOf = (key: string): readonly number[] => filters.filter(({ on }) => on.key === key).flatMap(({ values }) => values.filter((value) => typeof value === 'number'))
  return unknownIdWarnings({ db, dialect, customerId }, { products: idsOf('product_id'), tests: idsOf('test_id'), features: idsOf('feature_id') }, { snapshots: true })
}
