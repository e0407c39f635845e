/** How old the data behind an answer is. */

export interface Freshness {
  /** The oldest stamp of the data that was used, as an instant; null when any of it was never fetched. */
  readonly asOf: string | null
  readonly ageSeconds: number | null
  /** Older than the refresh interval, or never fetched. */
  readonly stale: boolean
  /** Some of it has not been read completely, or the last attempt failed. */
  readonly incomplete: boolean
}
