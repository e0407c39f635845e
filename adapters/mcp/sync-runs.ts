/** The syncs that tools have started, so that none is still writing when the store closes. One at a time is the library's rule. */
import type { SyncResult } from '../../src/sync/types.ts'

export interface SyncRuns {
  /** Runs a sync; its signal is aborted by `stop`, and by the signals given here. */
  readonly run: (sync: (signal: AbortSignal) => Promise<SyncResult>, ...signals: readonly AbortSignal[]) => Promise<SyncResult>
  /** Cancels what is at work and waits for its end. */
  readonly stop: () => Promise<void>
}

export function createSyncRuns(): SyncRuns {
  const stopping = new AbortController()
  const running = new Set<Promise<SyncResult>>()
  return {
    async run(sync, ...signals) {
      const run = sync(AbortSignal.any([stopping.signal, ...signals]))
      running.add(run)
      try {
        return await run
      } finally {
        running.delete(run)
      }
    },
    async stop() {
      stopping.abort()
      await Promise.allSettled(running)
    },
  }
}
