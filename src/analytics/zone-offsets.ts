/**
 * What a time zone's clocks differ from UTC by, as stretches of time that a statement can bind as values. SQLite knows no
 * time zones, and PostgreSQL has a zone table of its own: this one serves both, so that their answers are equal.
 */
import { Temporal } from 'temporal-polyfill'

/** From the instant on (null: since ever) until the next one begins. */
export interface ZoneOffset {
  readonly from: string | null
  readonly seconds: number
}

// Nothing is asked about outside these years (contracts, section 1); before and after them the nearest offset holds.
const first = Date.UTC(1970, 0, 1)
const last = Date.UTC(2101, 0, 1)

/**
 * All offsets between two instants, in order; at least one.
 *
 * @param timeZone an IANA name that the runtime knows
 */
export function zoneOffsets(timeZone: string, from: string, to: string): readonly ZoneOffset[] {
  const end = Math.min(Math.max(Date.parse(to), first), last)
  const start = Temporal.Instant.fromEpochMilliseconds(Math.min(Math.max(Date.parse(from), first), end)).toZonedDateTimeISO(timeZone)
  const offsets: ZoneOffset[] = [{ from: null, seconds: start.offsetNanoseconds / 1e9 }]
  for (let next = start.getTimeZoneTransition('next'); next !== null && next.epochMilliseconds <= end; next = next.getTimeZoneTransition('next')) {
    offsets.push({ from: new Date(next.epochMilliseconds).toISOString(), seconds: next.offsetNanoseconds / 1e9 })
  }
  return offsets
}
