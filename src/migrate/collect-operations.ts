/**
 * What a revision would do, as data, without a database: its function runs against a sink that only remembers. A
 * revision that asks the database (`op.query`) cannot be read to its end this way, and the answer says so.
 */
import { TidemarkError, isTidemarkError } from '../errors.ts'
import type { NamingConvention } from '../schema/table.ts'
import type { Dialect } from '../storage/storage.ts'
import { reasonOf } from './migration-errors.ts'
import { createOp } from './op.ts'
import type { Operation } from './operation.ts'
import type { Revision } from './revision.ts'

export interface CollectOptions {
  readonly dialect: Dialect
  readonly naming: NamingConvention
}

export interface CollectedOperations {
  /** In the order in which they take effect; those before the place where reading ended, when it did. */
  readonly operations: readonly Operation[]
  /** Why the revision could not be read to its end; undefined when it could. */
  readonly unreadable: TidemarkError | undefined
}

/** Never rejects: whatever the revision's own code throws is told in `unreadable`. */
export async function collectOperations(revision: Revision, direction: 'upgrade' | 'downgrade', { dialect, naming }: CollectOptions): Promise<CollectedOperations> {
  const operations: Operation[] = []
  const { op, finish } = createOp({
    dialect,
    offline: true,
    naming,
    apply: async (operation) => void operations.push(operation),
    query: () => Promise.reject(new TypeError('A revision was given a database while it was only read')),
  })
  try {
    await revision[direction]?.(op)
    await finish()
  } catch (cause) {
    return { operations, unreadable: unreadable(revision, direction, cause) }
  }
  return { operations, unreadable: undefined }
}

function unreadable(revision: Revision, direction: 'upgrade' | 'downgrade', cause: unknown): TidemarkError {
  return new TidemarkError('operation_not_supported', `Cannot read the ${direction} of revision "${revision.id}" without a database`, {
    why: reasonOf(cause),
    next: isTidemarkError(cause) ? cause.next : 'Correct the revision.',
    cause,
    details: { revision: revision.id, direction },
  })
}
