/**
 * What can go wrong on purpose. Faults never change the truth: they only decide how a request is answered. Every draw
 * depends on the seed and on the number of the request alone, so a run with faults can be repeated.
 */
import * as v from 'valibot'
import { randomFor } from './random.ts'

const Rate = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const Count = v.pipe(v.number(), v.integer(), v.minValue(1))
const Milliseconds = v.pipe(v.number(), v.minValue(0))

const LatencyRange = v.pipe(v.strictObject({ min: Milliseconds, max: Milliseconds }), v.check(({ min, max }) => min <= max, 'min is above max'))

const FaultKindSchema = v.picklist([
  'rate_limited', 'server_error', 'bad_gateway', 'unavailable', 'timeout', 'drop', 'truncated', 'not_json', 'not_object',
])

const FaultRuleSchema = v.strictObject({
  fault: FaultKindSchema,
  on: v.optional(v.string()),
  rate: v.optional(Rate),
  nth: v.optional(v.union([Count, v.array(Count)])),
  retryAfter: v.optional(v.strictObject({ seconds: v.pipe(v.number(), v.minValue(0)), as: v.optional(v.picklist(['seconds', 'date'])) })),
})

/** For whoever reads faults from a file or a command line. */
export const FaultsSchema = v.strictObject({
  latencyMs: v.optional(v.union([Milliseconds, LatencyRange])),
  outage: v.optional(v.boolean()),
  poisonedTests: v.optional(v.array(v.number())),
  unlisted: v.optional(v.array(v.number())),
  deadProducts: v.optional(v.array(v.strictObject({ id: v.number(), status: v.picklist([403, 404, 500]) }))),
  paging: v.optional(v.picklist(['normal', 'ignored', 'stuck', 'repeated'])),
  rules: v.optional(v.array(FaultRuleSchema)),
})

/**
 * - `rate_limited` 429 · `server_error` 500 · `unavailable` 503 · `bad_gateway` 502 with a page of HTML
 * - `timeout` never answers, until the signal of the request aborts · `drop` breaks the connection (a TypeError)
 * - `truncated` 200 with half of the JSON · `not_json` 200 with HTML · `not_object` 200 with a list at the top
 */
export type FaultKind = v.InferOutput<typeof FaultKindSchema>

/** Without `nth` and `rate` the rule holds for every request that it matches. */
export interface FaultRule {
  readonly fault: FaultKind
  /** Only requests whose `METHOD /path?query` (path below the base) contains this. Default all. */
  readonly on?: string | undefined
  /** Share of the matching requests, 0–1. */
  readonly rate?: number | undefined
  /** Only these of the matching requests, counted from 1 since the faults were set. */
  readonly nth?: number | readonly number[] | undefined
  /** For 429 and 503. A date is reckoned from the system's clock, not from the account's `now`. Default no header. */
  readonly retryAfter?: { readonly seconds: number; readonly as?: 'seconds' | 'date' | undefined } | undefined
}

/** What goes wrong upstream; nothing by default. */
export interface Faults {
  /** Added to every answer. */
  readonly latencyMs?: number | { readonly min: number; readonly max: number } | undefined
  /** Nothing can be reached: every connection breaks. */
  readonly outage?: boolean | undefined
  /** Test ids: every page that holds one, and the single read, answer 500. */
  readonly poisonedTests?: readonly number[] | undefined
  /** Ids of products and tests that no list has, though they are given to whoever asks for them alone. */
  readonly unlisted?: readonly number[] | undefined
  /** Products that are listed, but refused one by one with everything below them. */
  readonly deadProducts?: readonly { readonly id: number; readonly status: 403 | 404 | 500 }[] | undefined
  /**
   * Of the test list: `ignored` sends everything on every page; `stuck` sends the first page on every page; `repeated`
   * sends the last page again instead of an empty one. Default `normal`.
   */
  readonly paging?: 'normal' | 'ignored' | 'stuck' | 'repeated' | undefined
  /** The first rule that applies decides. */
  readonly rules?: readonly FaultRule[] | undefined
}

/** Decides for one request after the other. */
export interface FaultPlan {
  readonly faults: Faults
  next(request: string): { readonly rule: FaultRule | null; readonly latencyMs: number }
}

/** @throws TypeError for faults that do not make sense */
export function createFaultPlan(seed: number, faults: Faults): FaultPlan {
  const checked = v.safeParse(FaultsSchema, faults)
  if (!checked.success) {
    const [issue] = checked.issues
    throw new TypeError(`Cannot use these faults: "${v.getDotPath(issue) ?? ''}" is wrong: ${issue.message}`)
  }
  const rules = (faults.rules ?? []).map((rule, index) => ({ rule, index, matches: 0 }))
  let count = 0
  return {
    faults,
    next(request) {
      count += 1
      const latency = faults.latencyMs ?? 0
      const latencyMs = typeof latency === 'number' ? latency : randomFor(seed, 'latency', count).int(latency.min, latency.max)
      let hit: FaultRule | null = faults.outage === true ? { fault: 'drop' } : null
      for (const entry of rules) {
        if (!request.includes(entry.rule.on ?? '')) continue
        entry.matches += 1
        hit ??= applies(seed, entry) ? entry.rule : null
      }
      return { rule: hit, latencyMs }
    },
  }
}

/** The answer of a fault, made from the answer that would have been given. */
export async function faultyResponse(rule: FaultRule, answer: () => Response, signal: AbortSignal): Promise<Response> {
  switch (rule.fault) {
    case 'rate_limited': return refusal(429, 'Too many requests', rule)
    case 'unavailable': return refusal(503, 'Service unavailable', rule)
    case 'server_error': return refusal(500, 'Internal server error', rule)
    case 'bad_gateway': return html(502, '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>')
    case 'not_json': return html(200, '<!doctype html><title>Maintenance</title><p>We are back soon.</p>')
    case 'drop': throw new TypeError('fetch failed')
    case 'timeout': return await never(signal)
    case 'not_object': return json(200, JSON.stringify([JSON.parse(await answer().text())]))
    case 'truncated': {
      const text = await answer().text()
      return json(200, text.slice(0, Math.max(1, Math.floor(text.length / 2))))
    }
  }
}

/** Waits, unless the request is given up before. */
export async function delay(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (ms <= 0) return
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}

function applies(seed: number, entry: { readonly rule: FaultRule; readonly index: number; readonly matches: number }): boolean {
  const { nth, rate } = entry.rule
  if (nth !== undefined && ![nth].flat().includes(entry.matches)) return false
  return rate === undefined || randomFor(seed, 'fault', entry.index, entry.matches).chance(rate)
}

function refusal(status: number, error: string, rule: FaultRule): Response {
  const headers = new Headers({ 'content-type': 'application/json; charset=utf-8' })
  const after = rule.retryAfter
  if (after !== undefined) {
    const date = () => new Date(Math.ceil(Date.now() / 1000 + after.seconds) * 1000).toUTCString()
    headers.set('retry-after', after.as === 'date' ? date() : String(after.seconds))
  }
  return new Response(JSON.stringify({ error }), { status, headers })
}

function html(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/html; charset=utf-8' } })
}

function json(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': 'application/json; charset=utf-8' } })
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
