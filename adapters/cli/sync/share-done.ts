/**
 * How much of a sync is done, as far as one can know: what there is to do is found on the way. Never goes back, and says
 * nothing before the products are known.
 */
import type { SyncProgress } from '../../../src/sync/types.ts'

/** A function from what a sync says to the share that is done, 0–1. One for each run. */
export function shareDone(): (progress: SyncProgress) => number {
  let share = 0
  return ({ done, total, productId }) => {
    if (productId !== null) share = Math.max(share, Math.min(1, done / total))
    return share
  }
}
