/**
 * Reads from the API: at most so many requests in flight, again after a failure that may pass, and not at all while the
 * breaker is open. A waiting read holds no place in flight. Only reads go through here, so that trying again is always safe.
 */
import pLimit from 'p-limit'
import { abortedError } from '../errors.ts'
import { orAborted } from './abort.ts'
import { attempt } from './attempt.ts'
import { LONGEST_READ_MS, retryDelay } from './back-off.ts'
import { createBreaker } from './breaker.ts'
import type { BreakerStatus } from './breaker.ts'
import { apiError, isRetryable, whatFailed } from './failure.ts'
import type { Failure, ReadContext } from './failure.ts'
import type { Settings } from './settings.ts'

export interface ReadOptions {
  /** Cancels the read at once, wherever it waits. */
  readonly signal?: AbortSignal | undefined
  /** Attempts after the first one; default those of the client. */
  readonly retries?: number | undefined
  /** Told of every request that is sent for the read, each attempt of it. */
  readonly onRequest?: (() => void) | undefined
}

export interface Answer extends ReadContext {
  /** Without credentials. */
  readonly json: unknown
  readonly status: number
}

export interface Transport {
  /**
   * The answer under a path relative to the base URL. `final` are statuses that mean something here: they are not tried
   * again, and tell the breaker nothing.
   */
  read(path: string, options?: ReadOptions & { readonly final?: readonly number[] | undefined }): Promise<Answer>
  /** Requests sent so far, every attempt counted. */
  readonly requestCount: number
  readonly breaker: BreakerStatus
}

export function createTransport(settings: Settings): Transport {
  const limit = pLimit(settings.concurrency)
  const breaker = createBreaker(settings)
  let requestCount = 0

  return {
    get requestCount() {
      return requestCount
    },
    get breaker() {
      return breaker.status
    },

    async read(relative, { signal, onRequest, retries = settings.retries, final = [] } = {}) {
      const path = `/${relative.split('?')[0]}`
      // Time in the queue before the first attempt does not count.
      let started: number | undefined
      let isProbe = false

      const isFinal = (status: number | null): boolean => status !== null && final.includes(status)

      const tryOnce = async (): ReturnType<typeof attempt> => {
        // The read may have been cancelled while it stood in the queue.
        signal?.throwIfAborted()
        if (!isProbe) breaker.check(path)
        requestCount++
        onRequest?.()
        started ??= settings.now()
        return attempt(settings.baseUrl + relative, settings, signal)
      }

      const waitFor = ({ code, status, retryAfterMs }: Failure, attempts: number): number | null => {
        if (!isRetryable(code) || attempts > retries || isProbe || isFinal(status)) return null
        const delay = retryDelay(attempts, retryAfterMs, settings.random)
        return delay === null || settings.now() - (started ?? 0) + delay > LONGEST_READ_MS ? null : delay
      }

      try {
        isProbe = await breaker.enter(path, signal)
        for (let attempts = 1; ; attempts++) {
          const answer = await orAborted(limit(tryOnce), signal)
          signal?.throwIfAborted()
          if (answer.failure === undefined) {
            breaker.answered()
            return { json: answer.json, status: answer.status, path, attempts }
          }
          const delay = waitFor(answer.failure, attempts)
          if (delay === null) {
            if (!isFinal(answer.failure.status)) breaker.failed(path, answer.failure, isProbe)
            throw apiError(answer.failure, { path, attempts })
          }
          await orAborted(settings.sleep(delay, signal), signal)
        }
      } catch (error) {
        if (signal?.aborted === true) throw abortedError(whatFailed(path), signal)
        throw error
      } finally {
        if (isProbe) breaker.leave()
      }
    },
  }
}
