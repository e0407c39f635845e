/** The one form of an instant on the port: UTC, ISO-8601, milliseconds. Reads what SQLite and PostgreSQL write. */

const written = /^(\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(?:(Z)|([+-])(\d\d):?(\d\d)?)?$/i
const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/**
 * `2026-03-03T08:00:00.000Z` for any usual way of writing an instant; without an offset it is UTC. Digits past the
 * milliseconds are cut. Text that is no such instant (`infinity`, years before Christ) comes back as it is.
 */
export function instantFromText(text: string): string {
  if (canonical.test(text)) return text
  const parts = written.exec(text)
  if (parts === null) return text
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', , sign, offsetHours = 0, offsetMinutes = 0] = parts
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1)
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  date.setUTCHours(Number(hour), Number(minute) - offset, Number(second), Number(fraction.slice(0, 3).padEnd(3, '0')))
  return Number.isNaN(date.getTime()) ? text : date.toISOString()
}
