/**
 * Reads everything into a fresh copy beside the customer's own, which it replaces in one transaction when it is complete.
 * Whatever else happens, the old copy stays as it was: it may hold what the API cannot give any more.
 */
import { sql } from 'kysely'
import { TidemarkError } from '../errors.ts'
import { schema, type InsertOf, type TableName, type TidemarkDatabase } from '../model/schema.ts'
import type { QueryContext } from '../repositories/context.ts'
import { fillIndex } from '../search/fill-index.ts'
import { kyselyFor } from '../storage/kysely.ts'
import type { JsonValue, Storage } from '../storage/storage.ts'
import { bulkWrite } from './bulk-write.ts'
import { createGroupWriter } from './group-writer.ts'
import type { SyncRun } from './run.ts'
import type { EngineParts } from './sync.ts'
import type { WriteTarget } from './write-target.ts'

/** An empty database with all tables; whoever asks for it closes it. */
export type OpenFreshCopy = () => Promise<Storage>

/** What belongs to a copy, parents first. The ledger and the lease belong to the database. */
const tables = [
  'products', 'sections', 'features', 'feature_sections', 'user_stories', 'reject_reasons', 'users', 'tests', 'test_platforms', 'test_features',
  'bugs', 'bug_devices', 'bug_comments', 'payloads', 'sync_streams', 'quarantine',
] as const satisfies readonly TableName[]

const rowsAtOnce = 500

/** @throws TidemarkError `shadow_missing` */
export async function rebuildCopy(
  parts: EngineParts, openFreshCopy: OpenFreshCopy | undefined, runEngine: (parts: EngineParts) => Promise<SyncRun>,
): Promise<SyncRun> {
  if (openFreshCopy === undefined) throw noRoom()
  const storage = await openFreshCopy()
  try {
    const context: QueryContext = { ...parts.context, storage, db: kyselyFor<TidemarkDatabase>(storage, storage.dialect) }
    const { customerId, now } = context
    const writer = createGroupWriter({ storage, customerId, now })
    const run = await runEngine({ ...parts, context, writer })
    if (!run.stopped() && run.steps.every((step) => step.outcome === 'success')) await parts.writer.write((target) => replaceCopy(target, context))
    return run
  } finally {
    await storage.close()
  }
}

async function replaceCopy({ db, tx, customerId }: WriteTarget, fresh: QueryContext): Promise<void> {
  for (const table of tables.toReversed()) await db.deleteFrom(table).where('customer_id', '=', customerId).execute()
  for (const table of tables) {
    const key = schema.tables.get(table)?.primaryKey?.columns ?? []
    const columns = sql.join(key.map((column) => sql.ref(column)))
    // Every key begins with the customer.
    let behind = sql``
    for (;;) {
      const { rows } = await sql<InsertOf<typeof table> & Record<string, JsonValue>>`
        select * from ${sql.table(table)} where customer_id = ${customerId} ${behind} order by ${columns} limit ${rowsAtOnce}`.execute(fresh.db)
      await bulkWrite(tx, table, rows, { onConflict: 'ignore' })
      const last = rows.at(-1)
      if (last === undefined || rows.length < rowsAtOnce) break
      behind = sql`and (${columns}) > (${sql.join(key.map((column) => last[column] ?? null))})`
    }
  }
  await fillIndex(db, tx.dialect, customerId)
}

function noRoom(): TidemarkError {
  return new TidemarkError('shadow_missing', 'Cannot rebuild the copy', {
    why: 'This storage has no room for a second copy beside the first one.',
    next: 'Sync with mode "force" instead: it reads everything again, into the copy that is there.',
  })
}
