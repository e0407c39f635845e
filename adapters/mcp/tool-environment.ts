/** What the tools of one server share: the store, the switches, and the work that goes on beside the answers. */
import type { Logger, Tidemark } from '../../src/tidemark.ts'
import type { BackgroundSync } from './background-sync.ts'

export interface ToolEnvironment {
  /** Opens the store on first use. */
  tidemark(): Promise<Tidemark>
  readonly readOnly: boolean
  readonly logger: Logger
  readonly backgroundSync: BackgroundSync
  /** The database for people, without secrets; null when whoever built the server did not say. */
  readonly databaseUrl: string | null
  /** The protocol revision spoken with this client; null before they agreed on one. */
  protocol(): string | null
}
