/** Runs revisions on a shadow without bookkeeping, so that its schema is what the revisions say. */
import type { NamingConvention } from '../schema/table.ts'
import type { Storage } from '../storage/storage.ts'
import type { RevisionGraph, RevisionTarget } from './graph.ts'
import type { Revision } from './revision.ts'
import { runRevision } from './run-revision.ts'

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
    await shadow.transaction((tx) => runRevision(tx, revision, 'upgrade', naming), { foreignKeys: 'suspended' })
  }
}
