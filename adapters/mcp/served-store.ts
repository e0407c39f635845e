/** The store behind a running server, whatever it is reached by: opened once, kept fresh, and closed when nothing writes to it any more. */
import type { Logger, Tidemark } from '../../src/tidemark.ts'
import type { SyncScope } from '../node/sync-scope.ts'
import { lazy } from './lazy.ts'
import { startRefresh, type Refresh } from './refresh.ts'
import { createSyncRuns, type SyncRuns } from './sync-runs.ts'

export interface ServedStoreOptions {
  /** Reads again by itself what is older than so many seconds. Left out, or with `readOnly`: nothing does. */
  readonly refreshSeconds?: number | undefined
  readonly readOnly?: boolean | undefined
  readonly syncScope?: SyncScope | undefined
  readonly logger: Logger
}

export interface ServedStore {
  readonly syncRuns: SyncRuns
  /** The Tidemark; opened by the first who asks, again after a failure. */
  readonly get: () => Promise<Tidemark>
  /** Opens it for those who will ask; a failure is logged. */
  readonly openEarly: () => Promise<void>
  /** Cancels what writes, once, and resolves when it has come to rest. */
  readonly stopSyncs: () => Promise<unknown>
  /** Closes what was opened, behind `stopSyncs`. */
  readonly close: () => Promise<void>
}

export function serveStore(open: () => Promise<Tidemark>, { refreshSeconds: seconds, readOnly, syncScope: scope = {}, logger }: ServedStoreOptions): ServedStore {
  const syncRuns = createSyncRuns()
  let refresh: Refresh | undefined
  let stopped: Promise<unknown> | undefined
  const store = lazy(async () => {
    const tidemark = await open()
    if (seconds !== undefined && readOnly !== true && stopped === undefined) refresh = startRefresh(tidemark, { seconds, scope, logger })
    return tidemark
  })
  const stopSyncs = (): Promise<unknown> => (stopped ??= Promise.allSettled([syncRuns.stop(), refresh?.stop()]))
  return {
    syncRuns,
    get: store.get,
    async openEarly() {
      try {
        await store.get()
      } catch (error) {
        logger.error(error instanceof Error ? error.message : 'Cannot open the database')
      }
    },
    stopSyncs,
    async close() {
      await stopSyncs()
      await store.made?.then((tidemark) => tidemark.close()).catch(() => undefined)
    },
  }
}
