/** Operations on a database that is there for trying things out: as a migrator runs them, all of a direction or none. */
import { isTidemarkError } from '../../errors.ts'
import { introspect } from '../../schema/introspect.ts'
import { deleteAllRows } from '../../storage/delete-all-rows.ts'
import { foreignKeyViolations, requireNoNewViolations } from '../../storage/sqlite/ddl-foreign-keys.ts'
import type { Storage } from '../../storage/storage.ts'
import { applyOperation } from '../apply-operation.ts'
import { type Operation, summarizeOperation } from '../operation.ts'

/** Why operations were not carried out; nothing has changed. */
export interface Refusal {
  /** For people: names, never values. */
  readonly why: string
  readonly cause: unknown
}

/** Undefined when all of them were carried out. */
export async function tryOperations(database: Storage, operations: readonly Operation[]): Promise<Refusal | undefined> {
  let current: Operation | undefined
  try {
    await database.transaction(
      async (tx) => {
        const violations = tx.dialect === 'sqlite' ? await foreignKeyViolations(tx) : undefined
        for (const operation of operations) {
          current = operation
          await applyOperation(tx, operation, () => undefined)
        }
        current = undefined
        if (tx.dialect === 'sqlite') await requireNoNewViolations(tx, violations)
      },
      { foreignKeys: 'suspended' },
    )
    return undefined
  } catch (cause) {
    const reason = isTidemarkError(cause) ? cause.why : `It threw ${cause instanceof Error ? cause.name : typeof cause}.`
    return { why: current === undefined ? reason : `${summarizeOperation(current)}: ${reason}`, cause }
  }
}

/**
 * Carries the operations out, without rows where rows stand in the way, and then says why.
 *
 * @throws what `fail` makes, where they cannot be carried out on an empty database either
 */
export async function runOperations(database: Storage, operations: readonly Operation[], fail: (why: string, cause: unknown) => Error): Promise<string | undefined> {
  const refusal = await tryOperations(database, operations)
  if (refusal === undefined) return undefined
  await deleteAllRows(database, [...(await introspect(database)).tables.keys()])
  const stuck = await tryOperations(database, operations)
  if (stuck !== undefined) throw fail(stuck.why, stuck.cause)
  return refusal.why
}
