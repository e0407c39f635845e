/** Runs revisions on a shadow without bookkeeping, so that its schema is what the revisions say. */
import type { NamingConvention } from '../schema/table.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import type { AppliedOperation } from './applied-operation.ts'
import type { RevisionGraph, RevisionTarget } from './graph.ts'
import type { Revision } from './revision.ts'
import { type RanRevision, runRevision } from './run-revision.ts'
import { runStepwise } from './run-stepwise.ts'

export interface History {
  readonly graph: RevisionGraph
  readonly revisions: readonly Revision[]
  readonly naming: NamingConvention
}

/**
 * Brings a shadow from the rows `from` to the target.
 *
 * @throws RevisionFailure when a revision cannot be run
 */
export async function replay(shadow: Storage, { graph, revisions, naming }: History, target: RevisionTarget, from: readonly string[] = []): Promise<void> {
  const byId = new Map(revisions.map((revision) => [revision.id, revision]))
  for (const id of graph.upgradePath(from, target)) {
    const revision = byId.get(id)
    if (revision === undefined) throw new RangeError(`Unknown revision ${JSON.stringify(id)}`)
    await runOnShadow(shadow, revision, 'upgrade', naming)
  }
}

/**
 * One revision as a migrator runs it, with a transaction or, where it says so, without; what stands is forgotten.
 *
 * @throws RevisionFailure
 */
export async function runOnShadow(shadow: Storage, revision: Revision, direction: 'upgrade' | 'downgrade', naming: NamingConvention): Promise<RanRevision> {
  if (revision.transaction !== false) return shadow.transaction((tx) => runRevision(tx, revision, direction, naming), { foreignKeys: 'suspended' })
  let applied: readonly AppliedOperation[] = []
  const journal = {
    read: async () => applied,
    write: async (_tx: Transaction, now: readonly AppliedOperation[]) => {
      applied = now
    },
  }
  return runStepwise({ storage: shadow, revision, direction, naming, journal })
}
