/** Which time zones are known: IANA names, as the runtime has them. Offsets are none, since they know no summer time. */
import { Temporal } from 'temporal-polyfill'

export function isTimeZone(name: string): boolean {
  if (!/^[a-z]/iu.test(name)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
