/** Whether a step is still to be taken, as the version rows say now: another runner may have been there meanwhile. */
import type { RevisionGraph } from './graph.ts'
import { overtaken } from './migration-errors.ts'
import type { Direction } from './migration-plan.ts'

/**
 * False when it is done already.
 *
 * @throws TidemarkError `migration_locked` when another runner has gone elsewhere: two that pull in different directions
 * cannot both be right
 */
export function isNextStep(graph: RevisionGraph, direction: Direction, id: string, rows: readonly string[]): boolean {
  const missing = graph.upgradePath(rows, id)
  if (direction === 'upgrade' ? missing.length === 0 : missing.length > 0) return false
  if (direction === 'upgrade' ? missing.length === 1 : rows.includes(id)) return true
  throw overtaken(id, direction, rows)
}

/** The rows of the version table once the steps are done. */
export function rowsAfterSteps(graph: RevisionGraph, direction: Direction, ids: readonly string[], rows: readonly string[]): readonly string[] {
  return graph.headsAfter(rows, ids, direction === 'upgrade' ? 'up' : 'down')
}
