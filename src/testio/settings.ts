/** The options of the client, checked once. The token appears in no message. */
import * as v from 'valibot'
import { TidemarkError } from '../errors.ts'
import { sleep } from './abort.ts'

export interface TestioClientOptions {
  /** From Integrations → API in the TestIO account. Printable ASCII without blanks. */
  readonly token: string
  /**
   * Default `https://api.test.io/customer/v2/`. Plain `http` is allowed, for the simulator on the same machine: over a
   * network it would show the token to everybody on the way. User-info, query and fragment are refused.
   */
  readonly baseUrl?: string | undefined
  /** Default the global `fetch`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined
  /** Requests in flight, 1–50. Default 10. */
  readonly concurrency?: number | undefined
  /** For one attempt, in milliseconds, 1–300 000. Default 90 000. */
  readonly timeoutMs?: number | undefined
  /** Attempts after the first one, 0–10, for reads that failed in a way that may pass. Default 3. */
  readonly retries?: number | undefined
  /** Milliseconds since 1970. Default the system's clock. */
  readonly now?: (() => number) | undefined
  /** From 0 up to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined
  /** Waits between attempts. Default a timer. */
  readonly sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined
}

export interface Settings {
  readonly token: string
  /** Ends with a slash. */
  readonly baseUrl: string
  readonly fetch: (request: Request) => Promise<Response>
  readonly concurrency: number
  readonly timeoutMs: number
  readonly retries: number
  readonly now: () => number
  readonly random: () => number
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

/**
 * The options with their defaults.
 *
 * @throws TidemarkError `configuration_invalid` naming every mistake
 */
export function toSettings(options: TestioClientOptions): Settings {
  const read = v.safeParse(Checked, options)
  if (!read.success) {
    throw new TidemarkError('configuration_invalid', 'The settings for the TestIO API cannot be used', {
      why: `${read.issues.map((issue) => `${v.getDotPath(issue) ?? 'options'} ${issue.message}`).join('; ')}.`,
      next: 'Correct them and start again; the token is under Integrations → API in the TestIO account.',
    })
  }
  return {
    ...read.output,
    // Looked up per request, and called without a receiver, which browsers insist on.
    fetch: options.fetch ?? ((request) => fetch(request)),
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleep,
  }
}

const DEFAULT_BASE_URL = 'https://api.test.io/customer/v2/'

const Checked = v.object({
  token: v.pipe(
    v.string('is missing'),
    v.nonEmpty('is empty'),
    v.regex(/^[\x21-\x7e]*$/, 'has blanks, control characters or letters outside ASCII'),
  ),
  baseUrl: v.optional(
    v.pipe(
      v.string('is not a text'),
      v.check((text) => /^https?:$/.test(parseUrl(text)?.protocol ?? ''), 'is not an http or https URL'),
      v.check((text) => !hasUserInfo(parseUrl(text)), 'has user-info in it'),
      v.check((text) => !/[?#]/.test(text), 'has a query or a fragment'),
      v.transform((text) => new URL(text).href.replace(/\/*$/, '/')),
    ),
    DEFAULT_BASE_URL,
  ),
  concurrency: whole(1, 50, 10),
  timeoutMs: whole(1, 300_000, 90_000),
  retries: whole(0, 10, 3),
})

function whole(least: number, most: number, preset: number): v.GenericSchema<number | undefined, number> {
  const message = `is not a whole number from ${least} to ${most}`
  return v.optional(v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message)), preset)
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

function hasUserInfo(url: URL | null): boolean {
  return url !== null && (url.username !== '' || url.password !== '')
}
