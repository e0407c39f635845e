/** How long to wait before a read is tried again. */
import { doublingPauseMs } from '../time/doubling-pause.ts'

const PAUSE = { firstMs: 1_000, longestMs: 30_000 }
/** A server that asks for more than this is not waited for. */
const LONGEST_RETRY_AFTER_MS = 60_000
/** No attempt starts when this much time has passed since the first one. */
export const LONGEST_READ_MS = 300_000

/**
 * Milliseconds to wait after a failed attempt (the first is 1): a random share of 1, 2, 4, … up to 30 seconds, and never
 * less than the server asked for. Null: do not try again, since the server asked for more than a minute.
 */
export function retryDelay(attempt: number, retryAfterMs: number | null, random: () => number): number | null {
  if (retryAfterMs !== null && retryAfterMs > LONGEST_RETRY_AFTER_MS) return null
  const backOff = random() * doublingPauseMs(attempt, PAUSE)
  return Math.max(retryAfterMs ?? 0, backOff)
}

/** The `Retry-After` header, seconds or an HTTP date, as milliseconds from now; null when absent or unreadable. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const value = header?.trim() ?? ''
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Number(value) * 1_000
  // Date.parse takes much more than HTTP dates; they begin with the name of a day.
  const date = /^[a-z]{3,9},? /i.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
