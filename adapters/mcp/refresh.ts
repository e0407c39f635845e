/** Keeps the copy of a running server fresh, and says in the log what came of it. */
import { isTidemarkError } from '../../src/errors.ts'
import type { SyncResult } from '../../src/sync/types.ts'
import type { Logger, Tidemark } from '../../src/tidemark.ts'
import type { SyncScope } from '../node/sync-scope.ts'

export interface RefreshOptions {
  /** How old a product may get. */
  readonly seconds: number
  readonly scope: SyncScope
  readonly logger: Logger
  /** Before the first look, in milliseconds. Default 3 seconds. */
  readonly delayMs?: number | undefined
}

export interface Refresh {
  /** Cancels what is at work and resolves when it has come to rest. */
  stop(): Promise<void>
}

/** Many a client starts a server, asks for its tools and leaves; a sync that is begun for that one helps nobody. */
const defaultDelayMs = 3_000

export function startRefresh(tidemark: Tidemark, { seconds, scope, logger, delayMs = defaultDelayMs }: RefreshOptions): Refresh {
  const stop = new AbortController()
  const { signal } = stop
  const onRun = ({ runId, outcome, new: added, changed, deleted }: SyncResult): void => {
    if (signal.aborted) return
    const text = `Refreshed (run ${runId}): ${outcome}, ${added} new, ${changed} changed, ${deleted} gone`
    if (outcome === 'success') logger.info(text)
    else logger.warn(text)
  }

  async function run(): Promise<void> {
    await waited(delayMs, signal)
    if (signal.aborted) return
    try {
      await tidemark.schedule({ intervalSeconds: seconds, ...scope, signal, onRun, onError: (error) => logger.warn(error.message) })
    } catch (error) {
      // Without a token there is nothing to refresh from.
      if (!isTidemarkError(error, 'api_not_configured')) logger.error(`The copy is not refreshed any more: ${error instanceof Error ? error.message : typeof error}`)
    }
  }

  const running = run()
  return {
    async stop() {
      stop.abort()
      await running
    },
  }
}

function waited(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    timer.unref()
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    }, { once: true })
  })
}
