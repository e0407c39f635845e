/**
 * Applied revisions that would do something else today: what the history table says they did against what their code asks
 * for now, on the same dialect and without a database. It compares operations, so comments and formatting do not count.
 */
import type { NamingConvention } from '../schema/table.ts'
import type { Dialect, JsonObject } from '../storage/storage.ts'
import { appliedFrom } from './applied-operation.ts'
import { describeOperation } from './checksum.ts'
import type { HistoryEntry } from './migration-plan.ts'
import { createOp } from './op.ts'
import { differencesOf } from './operation-difference.ts'
import type { Revision } from './revision.ts'

/** An applied revision that would do something else today. */
export interface ChangedRevision {
  readonly revision: string
  /** What is different, one line for each operation. */
  readonly changes: readonly string[]
}

/** Which applied revisions were changed since they were run. */
export interface RevisionChanges {
  readonly changed: readonly ChangedRevision[]
  /** Of these nobody can say it. */
  readonly notComparable: readonly { readonly revision: string; readonly reason: string }[]
}

/** What has to be known of the database whose history it is. */
export interface ChangeOptions {
  /** Of the database that the history is of: a revision may do other things on another one. */
  readonly dialect: Dialect
  readonly naming: NamingConvention
}

/**
 * Looks at the revisions that are applied and were run by the kit; of one that was only stamped nothing is known.
 *
 * @param history as `Migrator.history()` gives it
 */
export async function changedRevisions(history: readonly HistoryEntry[], options: ChangeOptions): Promise<RevisionChanges> {
  const changed: ChangedRevision[] = []
  const notComparable: { revision: string; reason: string }[] = []
  for (const { revision, applied, runs } of history) {
    const run = runs.findLast(({ direction, outcome }) => direction !== 'stamp' && outcome === 'done')
    if (!applied || run?.direction !== 'upgrade') continue
    const now = await operationsNow(revision, options)
    if (typeof now === 'string') notComparable.push({ revision: revision.id, reason: now })
    else {
      const changes = differencesOf(appliedFrom(run.operations).map(({ operation }) => operation), now)
      if (changes.length > 0) changed.push({ revision: revision.id, changes })
    }
  }
  return { changed, notComparable }
}

/** What the upgrade asks for, or why that cannot be said. Not offline: a revision may leave something out for a script. */
async function operationsNow(revision: Revision, { dialect, naming }: ChangeOptions): Promise<readonly JsonObject[] | string> {
  const operations: JsonObject[] = []
  let asks = false
  const { op, finish } = createOp({
    dialect,
    offline: false,
    naming,
    apply: async (operation) => void operations.push(await describeOperation(operation)),
    query: () => {
      asks = true
      return Promise.reject(new TypeError('There is no database to ask'))
    },
  })
  try {
    await revision.upgrade(op)
    await finish()
  } catch (error) {
    if (!asks) return `its code threw ${error instanceof Error ? error.name : typeof error} when it was read without a database`
  }
  return asks ? 'it asks the database with op.query, so what it does depends on what was there' : operations
}
