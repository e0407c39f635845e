/**
 * Timestamps as the API sends them, brought to the one form in which instants are stored and compared: UTC with
 * milliseconds. A value without an offset is refused, since it names no instant (API reference 2.2).
 * Runs for every date of a sync, so it uses one expression and the built-in Date only.
 */

const pattern = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/

/**
 * `2026-03-03T09:00:00+01:00` → `2026-03-03T08:00:00.000Z`. Digits behind the milliseconds are cut; 24:00 is the start
 * of the next day. Null for anything that is not an existing date and time with an offset, leap seconds included.
 */
export function toInstant(text: string): string | null {
  const match = pattern.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second = '0', fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match
  // Date rolls over what does not exist, and takes the years 0–99 for 1900–1999.
  if (Number(year) < 100 || Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return null
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const time = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + milliseconds
  if (Number(minute) > 59 || Number(second) > 59 || time > 86_400_000) return null
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000
  const instant = new Date(date + time - (sign === '-' ? -offset : offset)).toISOString()
  // Years of more than four digits begin with a sign and would break the order as text.
  return instant.length === 24 ? instant : null
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

// 0 for a month that does not exist.
function daysIn(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return (monthLengths[month - 1] ?? 0) + (leap ? 1 : 0)
}
