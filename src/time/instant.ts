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
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
  // Date rolls over what does not exist, so what comes out must be what went in.
  if (new Date(date).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return null
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const time = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + milliseconds
  if (Number(minute) > 59 || Number(second) > 59 || time > 86_400_000) return null
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000
  const instant = new Date(date + time - (sign === '-' ? -offset : offset)).toISOString()
  // Years of more than four digits begin with a sign and would break the order as text.
  return instant.length === 24 ? instant : null
}
