/**
 * What can go wrong with a read, and the error it becomes. The error names the status and the path without its query; it
 * never holds the token or a word of the answer, whose `error` sentence is a stranger's text.
 */
import { TidemarkError } from '../errors.ts'

export type FailureCode =
  | 'api_unauthorized'
  | 'api_forbidden'
  | 'api_not_found'
  | 'api_rejected'
  | 'api_rate_limited'
  | 'api_server_error'
  | 'api_unreachable'
  | 'api_timeout'
  | 'api_malformed'

/** How one attempt failed. */
export interface Failure {
  readonly code: FailureCode
  /** Null when there was no answer. */
  readonly status: number | null
  /** What the server asked for, in milliseconds; null when it did not. */
  readonly retryAfterMs: number | null
  /** For a malformed answer and a failed connection: the fact, in our words. */
  readonly why?: string | undefined
  readonly cause?: unknown
}

export interface ReadContext {
  /** Without the query. */
  readonly path: string
  readonly attempts: number
}

/** True when the same read may succeed later. */
export function isRetryable(code: FailureCode): boolean {
  return code === 'api_rate_limited' || code === 'api_server_error' || code === 'api_unreachable' || code === 'api_timeout'
}

export function failureOfStatus(status: number, retryAfterMs: number | null): Failure {
  return { code: codeOfStatus(status), status, retryAfterMs }
}

export function malformed(why: string, status: number | null): Failure {
  return { code: 'api_malformed', status, retryAfterMs: null, why }
}

/** The error for a read that is given up. Its details: `status`, `path`, `attempts`, and `retryAfterMs` when it was asked for. */
export function apiError(failure: Failure, { path, attempts }: ReadContext): TidemarkError {
  const { code, status, retryAfterMs } = failure
  const { why, next } = explanations[code]
  return new TidemarkError(code, whatFailed(path), {
    why: `${failure.why ?? why}${status === null ? '' : ` Status ${status}.`}${attempts > 1 ? ` Tried ${attempts} times.` : ''}`,
    next,
    cause: failure.cause,
    retryable: isRetryable(code),
    details: { status, path, attempts, ...(retryAfterMs === null ? {} : { retryAfterMs }) },
  })
}

export function whatFailed(path: string): string {
  return `Reading ${path} from the TestIO API failed`
}

function codeOfStatus(status: number): FailureCode {
  switch (status) {
    case 401: return 'api_unauthorized'
    case 403: return 'api_forbidden'
    case 404:
    case 410: return 'api_not_found'
    case 408: return 'api_timeout'
    case 429: return 'api_rate_limited'
    default: return status >= 500 ? 'api_server_error' : 'api_rejected'
  }
}

const explanations: Readonly<Record<FailureCode, { readonly why: string; readonly next: string }>> = {
  api_unauthorized: {
    why: 'The API did not accept the token.',
    next: 'Check the token, found under Integrations → API in the TestIO account.',
  },
  api_forbidden: {
    why: 'The token may not read this.',
    next: 'Check that the id belongs to the account of the token, and what that account may see.',
  },
  api_not_found: {
    why: 'The API knows no such record.',
    next: 'Check the id; a record that was there before may have been deleted.',
  },
  api_rejected: {
    why: 'The API refused the request as invalid.',
    next: 'Check the ids; a product with sections may have to be read section by section.',
  },
  api_rate_limited: {
    why: 'The API answered that there were too many requests.',
    next: 'Try again later, or lower the concurrency.',
  },
  api_server_error: {
    why: 'The API had an internal error.',
    next: 'Try again later; if only this read keeps failing, report it to TestIO support.',
  },
  api_unreachable: {
    why: 'No answer came over the network.',
    next: 'Check the network and the base URL, then try again.',
  },
  api_timeout: {
    why: 'The API did not answer in time.',
    next: 'Try again later, or allow more time for an attempt.',
  },
  api_malformed: {
    why: 'The answer does not have the expected form.',
    next: 'Check that the base URL is that of the TestIO customer API; if it is, report this with the path.',
  },
}
