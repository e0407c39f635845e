/**
 * Stops asking an API that is down. Five failed reads in a row open it: reads then fail at once, without a request, for
 * half a minute. After that one read goes out as a probe, as one request, while the others wait for what it finds: any
 * answer closes the breaker, a failure opens it again for twice as long, up to five minutes. Refusals (401, 403, 404,
 * 422) are answers, and a product or a record that always answers 500 counts once, so that one dead product stops nobody.
 */
import { TidemarkError } from '../errors.ts'
import { doublingPauseMs } from '../time/doubling-pause.ts'
import { orAborted } from './abort.ts'
import { isRetryable, whatFailed } from './failure.ts'
import type { Failure } from './failure.ts'
import type { Settings } from './settings.ts'

/** Whether requests go out, or wait since the API is down. */
export interface BreakerStatus {
  /** `half_open`: the pause is over, and the next read, or the one that is out, decides. */
  readonly state: 'closed' | 'open' | 'half_open'
  /** Failed reads since the last answer, as the breaker counts them. */
  readonly failures: number
  /** UTC; no request is sent before it. Null when closed. */
  readonly openUntil: string | null
}

export interface Breaker {
  readonly status: BreakerStatus
  /**
   * Lets a read begin; true when it is the probe, which must end with `leave`. Waits while another read is.
   *
   * @throws TidemarkError `api_unavailable` while open
   */
  enter(path: string, signal: AbortSignal | undefined): Promise<boolean>
  /** To be asked before every attempt of a read that is no probe. @throws TidemarkError `api_unavailable` unless closed */
  check(path: string): void
  /** The API answered a read; also with a refusal. */
  answered(): void
  /** A read was given up after this failure. */
  failed(path: string, failure: Failure, isProbe: boolean): void
  leave(): void
}

const OPENS_AFTER = 5
const PAUSE = { firstMs: 30_000, longestMs: 300_000 }
/** A server may ask for a longer pause than ours, but not for any. */
const LONGEST_RETRY_AFTER_MS = 3_600_000

export function createBreaker({ now, random }: Pick<Settings, 'now' | 'random'>): Breaker {
  let failures = new Set<string | symbol>()
  let askedMs = 0
  let openings = 0
  let openUntil: number | null = null
  let probe: { readonly ended: Promise<void>; readonly end: () => void } | null = null

  const open = (): void => {
    openings++
    const pause = doublingPauseMs(openings, PAUSE)
    // Up to a quarter more, so that many clients do not come back at once.
    openUntil = now() + Math.round(Math.max(pause * (1 + random() / 4), Math.min(askedMs, LONGEST_RETRY_AFTER_MS)))
    askedMs = 0
  }
  const close = (): void => {
    failures = new Set()
    openUntil = null
    openings = askedMs = 0
  }

  return {
    get status(): BreakerStatus {
      if (openUntil === null) return { state: 'closed', failures: failures.size, openUntil: null }
      return { state: now() < openUntil ? 'open' : 'half_open', failures: failures.size, openUntil: new Date(openUntil).toISOString() }
    },

    async enter(path, signal) {
      for (;;) {
        if (openUntil === null) return false
        if (now() < openUntil) throw unavailable(path, failures.size, openUntil, now())
        if (probe === null) {
          probe = newProbe()
          return true
        }
        await orAborted(probe.ended, signal)
      }
    },

    check(path) {
      if (openUntil !== null) throw unavailable(path, failures.size, openUntil, now())
    },

    answered: close,

    failed(path, failure, isProbe) {
      if (!isRetryable(failure.code)) return close()
      // A read that began before the opening is late news.
      if (openUntil !== null && !isProbe) return
      failures.add(placeOf(path, failure.status) ?? Symbol())
      askedMs = Math.max(askedMs, failure.retryAfterMs ?? 0)
      if (isProbe || failures.size >= OPENS_AFTER) open()
    },

    leave() {
      probe?.end()
      probe = null
    },
  }
}

/**
 * What one broken record can fail again and again; null when the failure says something about the whole API, as a status of
 * its gateway does.
 */
function placeOf(path: string, status: number | null): string | null {
  if (status !== 500) return null
  return /^\/(?:products\/\d+|exploratory_tests(?=\/)|bugs(?!\/reject_reasons))/.exec(path)?.[0] ?? null
}

function newProbe(): { readonly ended: Promise<void>; readonly end: () => void } {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => { end = resolve })
  return { ended, end: () => end() }
}

function unavailable(path: string, failures: number, openUntil: number, now: number): TidemarkError {
  const until = new Date(openUntil).toISOString()
  return new TidemarkError('api_unavailable', whatFailed(path), {
    why: `The API failed ${failures} times in a row, so nothing was sent to it; it is asked again from ${until} on.`,
    next: 'Try again after that time; what is stored can be read meanwhile.',
    retryable: true,
    details: { status: null, path, attempts: 0, retryAfterMs: Math.max(0, openUntil - now), openUntil: until },
  })
}
