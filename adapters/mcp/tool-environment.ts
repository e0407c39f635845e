/** What the tools of one server share: the store, the switches, and the work that goes on beside the answers. */
import type { Logger, Tidemark } from '../../src/tidemark.ts'
import type { SyncScope } from '../node/sync-scope.ts'
import type { SyncRuns } from './sync-runs.ts'

export interface ToolEnvironment {
  /** Opens the store on first use. */
  tidemark(): Promise<Tidemark>
  readonly readOnly: boolean
  readonly logger: Logger
  readonly syncRuns: SyncRuns
  /** What a sync covers when nobody says. */
  readonly syncScope: SyncScope
  /** Where reports are saved; null: nowhere. */
  readonly reportsFolder: string | null
  /** The database for people, without secrets; null when whoever built the server did not say. */
  readonly databaseUrl: string | null
  /** The protocol revision spoken with this client; null before they agreed on one. */
  protocol(): string | null
}
