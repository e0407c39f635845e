/** After the last of many new rows: answers find in an index alone what stands there. */
import { isTidemarkError } from '../errors.ts'
import type { QueryContext } from '../repositories/context.ts'
import { vacuum } from '../storage/table-statistics.ts'

const tables = ['products', 'tests', 'test_features', 'bugs'] as const

export async function settleTables({ storage, db }: QueryContext): Promise<void> {
  try {
    await vacuum(storage.dialect, db, tables)
  } catch (error) {
    // Answers are the same without it, only slower: a server that has no time for it must not fail a sync.
    if (!isTidemarkError(error)) throw error
  }
}
