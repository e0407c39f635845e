/**
 * A run that ended half-way, and what it means for the next one: the same way goes on with it first, any other way has to
 * wait until it is finished. A revision that is half-way, up or down, has no row in the version table.
 */
import type { TidemarkError } from '../errors.ts'
import type { Queryable } from '../storage/storage.ts'
import { appliedFrom, summarizeApplied } from './applied-operation.ts'
import type { Bookkeeping, HalfWayRun } from './bookkeeping.ts'
import type { RevisionGraph } from './graph.ts'
import { halfWayInTheWay } from './migration-errors.ts'
import type { Direction, HalfWay } from './migration-plan.ts'
import type { Revision } from './revision.ts'

/** Undefined also where the version rows say that the revision is applied: then somebody has finished it by hand. */
export async function readHalfWay(queryable: Queryable, bookkeeping: Bookkeeping, graph: RevisionGraph, rows: readonly string[]): Promise<HalfWayRun | undefined> {
  const run = await bookkeeping.halfWay(queryable)
  const known = run !== undefined && graph.has(run.revision) && rows.every((row) => graph.has(row))
  return known && graph.upgradePath(rows, run.revision).length === 0 ? undefined : run
}

export function halfWayOf({ revision, direction, operations, startedAt, finishedAt }: HalfWayRun): HalfWay {
  return { revision, direction, operations: appliedFrom(operations).map(summarizeApplied), startedAt, stoppedAt: finishedAt }
}

export interface Revisions {
  readonly graph: RevisionGraph
  readonly byId: ReadonlyMap<string, Revision>
}

/**
 * The steps in the order in which they run: what is half-way comes first.
 *
 * @throws TidemarkError `revision_half_way` when it is not on the way
 */
export function withHalfWayFirst(ids: readonly string[], direction: Direction, halfWay: HalfWayRun | undefined, rows: readonly string[], revisions: Revisions): readonly string[] {
  if (halfWay === undefined) return ids
  const { revision } = halfWay
  if (halfWay.direction === direction && ids.includes(revision)) return [revision, ...ids.filter((id) => id !== revision)]
  throw inTheWay(halfWay, `${direction} the database`, rows, revisions)
}

/** @param wanted completes the sentence "Cannot …" */
export function inTheWay(halfWay: HalfWayRun, wanted: string, rows: readonly string[], revisions: Revisions): TidemarkError {
  return halfWayInTheWay(halfWayOf(halfWay), wanted, finishCommand(halfWay, rows, revisions))
}

function finishCommand({ revision: id, direction }: HalfWayRun, rows: readonly string[], { graph, byId }: Revisions): string | undefined {
  const revision = byId.get(id)
  if (revision === undefined) return undefined
  if (direction === 'upgrade') return `tidemark migrate upgrade ${id}`
  const below = revision.down[0] ?? 'base'
  // Below a fork the parent alone would undo the other side too.
  const alone = graph.downgradePath(graph.headsAfter(rows, [id], 'up'), below).length === 1
  return `tidemark migrate downgrade ${alone ? below : `${id}@${below}`}`
}
