/**
 * Tells the engine of many new rows while a sync goes on, and of the last of them. Answers are the same without it, only
 * slower: a server that has no time for it must not fail a sync.
 */
import { isTidemarkError } from '../errors.ts'
import type { QueryContext } from '../repositories/context.ts'
import { refreshStatistics, vacuum } from '../storage/table-statistics.ts'

/** Tables that others refer to, or that are looked up row by row while they grow. */
const growingTables = ['tests', 'test_features', 'bugs', 'payloads'] as const
const answeredTables = ['products', 'tests', 'test_features', 'bugs'] as const

export async function refreshGrowing({ storage, db }: QueryContext): Promise<void> {
  await refreshStatistics(storage.dialect, db, growingTables).catch(unlessRefused)
}

/** After the last of many new rows: answers find in an index alone what stands there. */
export async function settleTables({ storage, db }: QueryContext): Promise<void> {
  await vacuum(storage.dialect, db, answeredTables).catch(unlessRefused)
}

function unlessRefused(error: unknown): void {
  if (!isTidemarkError(error)) throw error
}
