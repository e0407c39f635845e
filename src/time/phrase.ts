/**
 * Time phrases of people as half-open ranges of instants (contracts, section 1): the one parser for lists, analytics,
 * report, sync and MCP. Clock and zone are passed in. Refusals hold nothing of the text that was given.
 */
import { Temporal } from 'temporal-polyfill'
import { TidemarkError } from '../errors.ts'
import { phraseSpan, timePhraseExamples } from './phrase-span.ts'
import type { PhraseSpan } from './phrase-span.ts'
import { isTimeZone } from './time-zone.ts'

export { timePhraseExamples } from './phrase-span.ts'

export interface TimeContext {
  /** Milliseconds since 1970. */
  readonly now: number
  /** IANA zone in which days, spans and instants without an offset are read. Default UTC. */
  readonly timeZone?: string | undefined
}

/** `[from, to)` as UTC ISO instants with milliseconds; null is open. */
export interface TimeRange {
  readonly from: string | null
  readonly to: string | null
}

/**
 * A span as `from` alone sets both ends; a bare day or a point in time as `from` alone means from then until now. A
 * bare day or a span as `to` is included whole.
 *
 * @throws TidemarkError `argument_invalid`, with the name of the argument in `details.argument`
 */
export function parseTimeRange(input: { readonly from?: string | undefined; readonly to?: string | undefined }, context: TimeContext): TimeRange {
  const from = input.from === undefined ? null : readPhrase('from', input.from, context)
  const to = input.to === undefined ? null : readPhrase('to', input.to, context)
  if (from === null) return { from: null, to: to === null ? null : toText(to.end) }
  const end = to?.end ?? (from.kind === 'span' ? from.end : context.now)
  // A day or span that ends where `from` begins lies wholly before it; a point may be both ends of an empty range.
  if (from.start > end || (to !== null && to.kind !== 'point' && from.start === end)) {
    throw refusal('from', to === null ? 'It lies in the future.' : 'It is after "to".', 'Give a "from" that is before the end of the range.')
  }
  return { from: toText(from.start), to: toText(end) }
}

/**
 * The instant at which the phrase begins.
 *
 * @param argument the name under which the caller knows the text, for the refusal
 * @throws TidemarkError `argument_invalid`
 */
export function parseTimePoint(argument: string, text: string, context: TimeContext): string {
  return toText(readPhrase(argument, text, context).start)
}

const firstYear = 1970
const lastYear = 2100

function readPhrase(argument: string, text: string, { now, timeZone = 'UTC' }: TimeContext): PhraseSpan {
  if (!isTimeZone(timeZone)) {
    throw refusal('timeZone', 'No such time zone is known.', 'Use the IANA name of a zone, for example UTC, Europe/Berlin or America/New_York.')
  }
  const span = spanOrFar(text, Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone))
  if (span === null) throw refusal(argument, 'It has none of the known forms, or names a date that does not exist.', `Use for example ${timePhraseExamples.join(', ')}.`)
  const yearOf = (at: number): number => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).year
  if (span === 'far' || yearOf(span.start) < firstYear || yearOf(Math.max(span.start, span.end - 1)) > lastYear) {
    throw refusal(argument, `It reaches outside the years ${firstYear} to ${lastYear}.`, 'Use a time within these years.')
  }
  return span
}

function spanOrFar(text: string, now: Temporal.ZonedDateTime): PhraseSpan | 'far' | null {
  try {
    return phraseSpan(text, now)
  } catch (error) {
    if (error instanceof RangeError) return 'far'
    throw error
  }
}

function refusal(argument: string, why: string, next: string): TidemarkError {
  return new TidemarkError('argument_invalid', `Cannot use the time in "${argument}"`, { why, next, details: { argument } })
}

function toText(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
