/**
 * How much of a sync is done, as far as one can know: pages and batches are found on the way, so `done` of `total` alone
 * would be near the end from the start. Never goes back, and is 1 only when everything found is done.
 */
import type { SyncProgress, SyncStream } from '../../src/sync/types.ts'

/** A function from what a sync says to the share that is done, 0–1. One for each run. */
export function progressEstimate(): (progress: SyncProgress) => number {
  const lastStreams = new Map<number, SyncStream>()
  let share = 0
  return ({ done, total, stream, productId }) => {
    if (productId === null) return share
    lastStreams.set(productId, stream)
    const ahead = [...lastStreams.values()].reduce((sum, last) => sum + streamsAhead(last), 0)
    share = Math.max(share, done / (total + ahead))
    return share
  }
}

/** Streams of a product that come after this one, and of which nothing is counted yet. */
function streamsAhead(stream: SyncStream): number {
  return stream === 'features' ? 2 : stream === 'tests' ? 1 : 0
}
