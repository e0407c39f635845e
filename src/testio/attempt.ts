/** One attempt of one read: a request with a time limit, answered by JSON without credentials or by a failure. Never throws. */
import { orAborted } from './abort.ts'
import { parseRetryAfter } from './back-off.ts'
import { parseBody, readBody } from './body.ts'
import { failureOfStatus, malformed } from './failure.ts'
import type { Failure } from './failure.ts'
import { withoutSecret } from './without-secret.ts'
import type { Settings } from './settings.ts'

export type Attempt =
  | { readonly json: unknown; readonly status: number; readonly failure?: undefined }
  | { readonly failure: Failure }

/** An attempt that the signal ends reports `api_unreachable`; the caller looks at the signal first. */
export async function attempt(url: string, settings: Settings, signal: AbortSignal | undefined): Promise<Attempt> {
  // Not AbortSignal.any and AbortSignal.timeout: they leak on a long-lived signal, and the timer cannot be stopped.
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(signal?.reason)
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    controller.abort(new DOMException('The attempt took too long', 'TimeoutError'))
  }, settings.timeoutMs)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await request(url, settings, controller.signal)
  } catch (error) {
    if (timedOut) return { failure: { code: 'api_timeout', status: null, retryAfterMs: null } }
    return { failure: { code: 'api_unreachable', status: null, retryAfterMs: null, cause: withoutSecret(error, settings.token) } }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

async function request(url: string, { token, fetch, now }: Settings, signal: AbortSignal): Promise<Attempt> {
  const headers = { authorization: `Token ${token}`, accept: 'application/json' }
  // No redirect is followed, so the token cannot reach another host.
  const response = await orAborted(fetch(new Request(url, { headers, redirect: 'manual', signal })), signal)
  if (!response.ok) {
    response.body?.cancel().catch(() => undefined)
    const { status } = response
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
      return { failure: malformed('The API answered with a redirect, which is not followed, for the sake of the token.', status || null) }
    }
    return { failure: failureOfStatus(status, parseRetryAfter(response.headers.get('retry-after'), now())) }
  }
  const body = await readBody(response, signal)
  const { status } = response
  if (body === null) return { failure: malformed('The answer is larger than 64 MiB.', status) }
  const json = parseBody(body)
  return json === undefined ? { failure: malformed('The answer is not JSON.', status) } : { json, status }
}
