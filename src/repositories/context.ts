/** What every query needs to know: which database, which customer, and what time it is. Made once by `openTidemark`. */
import type { Kysely } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import type { Storage } from '../storage/storage.ts'

export interface QueryContext {
  readonly storage: Storage
  readonly db: Kysely<TidemarkDatabase>
  readonly customerId: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** IANA zone for time phrases. */
  readonly timeZone: string
  /** Age at which answers are called stale, in seconds. */
  readonly refreshSeconds: number
}
