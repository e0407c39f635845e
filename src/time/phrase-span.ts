/**
 * The grammar of time phrases (contracts, section 1): from a text to the stretch of time that it names, in a zone, seen
 * from an injected now. What a phrase means as the beginning or end of a range is said in `phrase.ts`.
 */
import { Temporal } from 'temporal-polyfill'
import { toInstant } from './instant.ts'

/** Milliseconds since 1970, half open. A point has no length; a day is a bare day, anything longer a span. */
export interface PhraseSpan {
  readonly kind: 'point' | 'day' | 'span'
  readonly start: number
  readonly end: number
}

/** One phrase of each form, for refusals and for capabilities. */
export const timePhraseExamples: readonly string[] = [
  '2025-07-31', '2025-07-31T12:00:00Z', 'today', 'yesterday', '30 days ago', 'last 3 months', 'this quarter', 'last week', 'YTD', '2025',
  '2025-07', 'Q3 2025', '2025-W31', 'July 2025',
]

/**
 * Null when the text has no known form, or names a date that does not exist.
 *
 * @throws RangeError for a distance that no calendar holds
 */
export function phraseSpan(text: string, now: Temporal.ZonedDateTime): PhraseSpan | null {
  const phrase = text.trim().replaceAll(/\s+/gu, ' ').toLowerCase()
  for (const [form, read] of forms) {
    const match = form.exec(phrase)
    if (match !== null) return read(now, match.groups ?? {}, phrase)
  }
  return null
}

type Read = (now: Temporal.ZonedDateTime, groups: Readonly<Record<string, string | undefined>>, phrase: string) => PhraseSpan | null
type Unit = 'week' | 'month' | 'quarter' | 'year'

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']
const monthName = [...months.flatMap((name) => [name, name.slice(0, 3)]), 'sept'].join('|')

const forms: readonly (readonly [RegExp, Read])[] = [
  [/^today$/u, (now) => daySpan(now.toPlainDate(), now)],
  [/^yesterday$/u, (now) => daySpan(now.toPlainDate().subtract({ days: 1 }), now)],
  [/^(?<count>[1-9]\d{0,6}) (?<unit>day|week|month|year)s? ago$/u, (now, groups) => point(before(now, groups))],
  [/^last (?<count>[1-9]\d{0,6}) (?<unit>day|week|month|year)s?$/u, (now, groups) => span(before(now, groups), now)],
  [/^this (?<unit>week|month|quarter|year)$/u, (now, { unit }) => calendarSpan(startOf(now.toPlainDate(), unit as Unit), unit as Unit, now)],
  [/^last (?<unit>week|month|quarter|year)$/u, (now, { unit }) =>
    calendarSpan(startOf(now.toPlainDate(), unit as Unit).subtract(lengthOf(unit as Unit)), unit as Unit, now)],
  [/^ytd$/u, (now) => span(startOf(now.toPlainDate(), 'year').toZonedDateTime(now.timeZoneId), now)],
  [/^(?<year>\d{4})$/u, (now, { year }) => calendarSpan(dateOf(year, 1, 1), 'year', now)],
  [/^(?<year>\d{4})-(?<month>\d\d)$/u, (now, { year, month }) => calendarSpan(dateOf(year, Number(month), 1), 'month', now)],
  [/^(?:q(?<first>[1-4]) (?<year>\d{4})|(?<isoYear>\d{4})-q(?<second>[1-4]))$/u, (now, { first, year, isoYear, second }) =>
    calendarSpan(dateOf(year ?? isoYear, Number(first ?? second) * 3 - 2, 1), 'quarter', now)],
  [/^(?<year>\d{4})-w(?<week>\d\d)$/u, (now, { year, week }) => calendarSpan(startOfIsoWeek(Number(year), Number(week)), 'week', now)],
  [new RegExp(`^(?:(?<name>${monthName}) (?<year>\\d{4})|(?<firstYear>\\d{4}) (?<second>${monthName}))$`, 'u'), (now, { name, year, firstYear, second }) =>
    calendarSpan(dateOf(year ?? firstYear, months.findIndex((month) => month.startsWith(name ?? second ?? '')) + 1, 1), 'month', now)],
  [/^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/u, (now, { year, month, day }) => {
    const date = dateOf(year, Number(month), Number(day))
    return date === null ? null : daySpan(date, now)
  }],
  [/^\d{4}-\d\d-\d\d[t ]\d\d:\d\d/u, (now, _, phrase) => instantPoint(phrase, now)],
]

function instantPoint(phrase: string, now: Temporal.ZonedDateTime): PhraseSpan | null {
  const instant = toInstant(phrase)
  if (instant !== null) return { kind: 'point', start: Date.parse(instant), end: Date.parse(instant) }
  // Without an offset it is the wall clock of the zone. Reading it as UTC first refuses what does not exist.
  const wall = toInstant(`${phrase}z`)
  return wall === null ? null : point(Temporal.PlainDateTime.from(wall.slice(0, -1)).toZonedDateTime(now.timeZoneId))
}

function before(now: Temporal.ZonedDateTime, { count, unit }: Readonly<Record<string, string | undefined>>): Temporal.ZonedDateTime {
  return now.subtract({ [`${unit}s`]: Number(count) })
}

function dateOf(year: string | undefined, month: number, day: number): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year: Number(year), month, day }, { overflow: 'reject' })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function startOf(date: Temporal.PlainDate, unit: Unit): Temporal.PlainDate {
  switch (unit) {
    case 'week': return date.subtract({ days: date.dayOfWeek - 1 })
    case 'month': return date.with({ day: 1 })
    case 'quarter': return date.with({ month: date.month - ((date.month - 1) % 3), day: 1 })
    case 'year': return date.with({ month: 1, day: 1 })
    default: return unit satisfies never
  }
}

// The week of 4 January is week 1; a year of 52 weeks has no week 53.
function startOfIsoWeek(year: number, week: number): Temporal.PlainDate | null {
  const start = startOf(Temporal.PlainDate.from({ year, month: 1, day: 4 }), 'week').add({ weeks: week - 1 })
  return start.yearOfWeek === year ? start : null
}

function lengthOf(unit: Unit): Temporal.DurationLike {
  return unit === 'quarter' ? { months: 3 } : { [`${unit}s`]: 1 }
}

function calendarSpan(start: Temporal.PlainDate | null, unit: Unit, now: Temporal.ZonedDateTime): PhraseSpan | null {
  if (start === null) return null
  return span(start.toZonedDateTime(now.timeZoneId), start.add(lengthOf(unit)).toZonedDateTime(now.timeZoneId))
}

function daySpan(date: Temporal.PlainDate, now: Temporal.ZonedDateTime): PhraseSpan {
  return { ...span(date.toZonedDateTime(now.timeZoneId), date.add({ days: 1 }).toZonedDateTime(now.timeZoneId)), kind: 'day' }
}

function span(start: Temporal.ZonedDateTime, end: Temporal.ZonedDateTime): PhraseSpan {
  return { kind: 'span', start: start.epochMilliseconds, end: end.epochMilliseconds }
}

function point(at: Temporal.ZonedDateTime): PhraseSpan {
  return { kind: 'point', start: at.epochMilliseconds, end: at.epochMilliseconds }
}
