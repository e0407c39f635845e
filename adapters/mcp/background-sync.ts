/** A sync that goes on after its call was answered: at most one, stopped before the store closes, its end logged. */
import { TidemarkError } from '../../src/errors.ts'
import type { SyncResult } from '../../src/sync/types.ts'
import type { Logger } from '../../src/tidemark.ts'

export interface BackgroundSync {
  /**
   * Starts the work and returns at once.
   *
   * @throws TidemarkError `sync_running` while one is at work or after `stop`
   */
  readonly start: (work: (signal: AbortSignal) => Promise<SyncResult>) => void
  /** Cancels what is at work and waits for its end. */
  readonly stop: () => Promise<void>
}

export function createBackgroundSync(logger: Logger): BackgroundSync {
  const stopping = new AbortController()
  let current: Promise<void> | undefined
  const watch = async (run: Promise<SyncResult>): Promise<void> => {
    try {
      const { runId, outcome } = await run
      logger[outcome === 'success' ? 'info' : 'warn'](`The background sync (run ${runId}) ended as ${outcome}`)
    } catch (error) {
      logger.error(`The background sync failed: ${error instanceof Error ? error.message : typeof error}`)
    } finally {
      current = undefined
    }
  }
  return {
    start(work) {
      if (stopping.signal.aborted) throw cannotStart('The server is about to leave.')
      if (current !== undefined) throw cannotStart('Another one that this server started is still at work.')
      current = watch(work(stopping.signal))
    },
    async stop() {
      stopping.abort()
      await current
    },
  }
}

function cannotStart(why: string): TidemarkError {
  return new TidemarkError('sync_running', 'Cannot start a sync', {
    why,
    next: 'Look at sync.last_run of get_server_diagnostics and start again when it has an outcome.',
  })
}
