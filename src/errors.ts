/**
 * The one error class of Tidemark. Codes are public API: they are listed here, never renamed, and tests and programs
 * decide by them. A message has three parts (what failed, why, what to do next) and never holds a secret, a bound SQL
 * value or text written by a stranger.
 */

export type TidemarkErrorCode =
  // storage
  | 'storage_closed'
  | 'storage_busy'
  | 'storage_open_failed'
  | 'storage_unavailable'
  | 'database_url_unknown'
  | 'engine_missing'
  | 'transaction_finished'
  | 'statement_failed'
  | 'value_not_supported'
  | 'unique_violated'
  | 'foreign_key_violated'
  | 'not_null_violated'
  | 'check_violated'
  // schema and migrations
  | 'schema_invalid'
  | 'revision_invalid'
  | 'revision_graph_invalid'
  | 'revision_target_invalid'
  | 'revision_failed'
  | 'revision_irreversible'
  | 'revision_changed'
  | 'revision_half_way'
  | 'revision_unproven'
  | 'shadow_missing'
  | 'database_behind'
  | 'database_unknown_revision'
  | 'migration_locked'
  | 'operation_not_supported'
  // TestIO API
  | 'api_unauthorized'
  | 'api_forbidden'
  | 'api_not_found'
  | 'api_rejected'
  | 'api_rate_limited'
  | 'api_server_error'
  | 'api_unreachable'
  | 'api_timeout'
  | 'api_unavailable'
  | 'api_malformed'
  | 'api_not_configured'
  // questions and configuration
  | 'argument_invalid'
  | 'not_found'
  | 'cursor_invalid'
  | 'configuration_invalid'
  | 'sync_running'
  | 'file_not_written'
  | 'aborted'
  | 'internal'

export interface TidemarkErrorOptions {
  /** Why it failed: the fact, without secrets and without text written by strangers. */
  readonly why: string
  /** What the reader can do next. */
  readonly next: string
  /** The error underneath, kept for logs and debuggers; never part of the message. */
  readonly cause?: unknown
  /** True when the same call may succeed later without a change by the caller. Default false. */
  readonly retryable?: boolean | undefined
  /** Facts for programs, for example the revision and the statement of a failed migration. No secrets. */
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/**
 * The error that every Tidemark function throws for a condition a caller can handle.
 *
 * `message` is the three parts on three lines: what failed, why, what to do next.
 *
 * @example
 * try { await tidemark.tests.summary(1) } catch (error) {
 *   if (error instanceof TidemarkError && error.code === 'not_found') console.error(error.message)
 * }
 */
export class TidemarkError extends Error {
  override readonly name: string = 'TidemarkError'
  readonly code: TidemarkErrorCode
  readonly what: string
  readonly why: string
  readonly next: string
  readonly retryable: boolean
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: TidemarkErrorCode, what: string, options: TidemarkErrorOptions) {
    super(`${what}\n${options.why}\n${options.next}`, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.what = what
    this.why = options.why
    this.next = options.next
    this.retryable = options.retryable ?? false
    this.details = options.details ?? {}
  }
}

export function isTidemarkError(value: unknown, code?: TidemarkErrorCode): value is TidemarkError {
  return value instanceof TidemarkError && (code === undefined || value.code === code)
}

/** The error for work that the caller cancelled; `cause` is the reason given to the AbortSignal. */
export function abortedError(what: string, signal: AbortSignal): TidemarkError {
  return new TidemarkError('aborted', what, {
    why: 'The caller cancelled it before it was finished.',
    next: 'Start it again when it is wanted; finished steps are kept.',
    cause: signal.reason,
  })
}

/** The code that a file system, a socket or a server puts on its errors, such as `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
