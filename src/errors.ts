/**
 * The one error class of Tidemark. Codes are public API: they are listed here, never renamed, and tests and programs
 * decide by them. A message has three parts (what failed, why, what to do next) and never holds a secret, a bound SQL
 * value or text written by a stranger.
 */

/** `docs/errors.md` is made from these lines: what a code means, and behind "Next:" what to do about it. */
export type TidemarkErrorCode =
  // storage
  /** The storage was closed before this call. Next: open a new one; close it when everything has come back. */
  | 'storage_closed'
  /** What it needed was held by other work or another process for longer than it waits, or two transactions stood in each other's way. Next: run it again. */
  | 'storage_busy'
  /** The database cannot be opened: no database, no permission, or its engine did not start. Next: check the path, its permissions and the server. */
  | 'storage_open_failed'
  /** The database does not answer, or cannot store: a lost connection, a refused login, a full disk, an engine that ended. Next: mend what is named, then open it again. */
  | 'storage_unavailable'
  /** The database URL has a scheme or a form that is not known. Next: take one that the error lists. */
  | 'database_url_unknown'
  /** The package of this engine is not installed. Next: install the one that is named. */
  | 'engine_missing'
  /** A statement came after the end of its transaction. Next: await every statement inside the transaction. */
  | 'transaction_finished'
  /** The database refused the statement. Next: correct the statement or its values, or bring the schema up to date. */
  | 'statement_failed'
  /** A value cannot be bound, because one of the engines could not keep it. Next: give it in a form that the error lists. */
  | 'value_not_supported'
  /** A row with this key is already there. Next: change the key, or update that row. */
  | 'unique_violated'
  /** A row refers to one that is not there, or rows still refer to this one. Next: write, or delete, the other one first. */
  | 'foreign_key_violated'
  /** A column that needs a value has none. Next: give it one. */
  | 'not_null_violated'
  /** A value breaks a check of its table. Next: give one that the check allows. */
  | 'check_violated'
  // schema and migrations
  /** A declared schema contradicts itself, or no schema was found. Next: correct what is named; names are compared exactly. */
  | 'schema_invalid'
  /** A revision or its file cannot be used. Next: correct the revision. */
  | 'revision_invalid'
  /** Revisions do not form a graph: a parent is missing, an id is there twice, or they go in a circle. Next: correct the revisions that are named. */
  | 'revision_graph_invalid'
  /** A target names no revision, several, or one that cannot be reached. Next: look at `tidemark migrate history`, and name one. */
  | 'revision_target_invalid'
  /** A revision failed. It was rolled back, or the error says what stands. Next: correct the revision or the data, then run the command that is named. */
  | 'revision_failed'
  /** A downgrade would have to undo a revision that says that it cannot be undone; nothing was. Next: choose a target above it, or restore a copy. */
  | 'revision_irreversible'
  /** A revision without a transaction ended half-way, and stands in the way. Next: run the command that finishes it, or finish by hand and stamp. */
  | 'revision_half_way'
  /** On a copy, a generated revision did not do what it is for, so it was not written. Next: write that step by hand. */
  | 'revision_unproven'
  /** Something has to be tried on a copy first, and this storage has none to give. Next: pass one, as the error says. */
  | 'shadow_missing'
  /** The schema of the database is older than this program needs. Next: run `tidemark migrate upgrade`. */
  | 'database_behind'
  /** The database stands at a revision that this program does not have: a newer one made it. Next: use that program. */
  | 'database_unknown_revision'
  /** Another program migrates the database, or has moved it meanwhile. Next: look at `tidemark migrate current`, then run it again. */
  | 'migration_locked'
  /** The engine, or this way of running, cannot do the operation. Next: do it as the error proposes. */
  | 'operation_not_supported'
  // TestIO API
  /** TestIO did not accept the token (401). Next: check the token. */
  | 'api_unauthorized'
  /** The token may not read this (403). Next: check that the id belongs to the account of the token. */
  | 'api_forbidden'
  /** TestIO knows no such record (404, 410). Next: check the id; it may have been deleted. */
  | 'api_not_found'
  /** TestIO refused the request as invalid (another 4xx). Next: check the ids. */
  | 'api_rejected'
  /** Too many requests, also after waiting (429). Next: try again later, or lower the concurrency. */
  | 'api_rate_limited'
  /** TestIO had an internal error, also after retries (5xx). Next: try again later. */
  | 'api_server_error'
  /** No answer came over the network. Next: check the network and the base URL. */
  | 'api_unreachable'
  /** TestIO did not answer in time. Next: try again later, or allow more time for an attempt. */
  | 'api_timeout'
  /** Several reads in a row failed, so none is sent for a while. Next: wait until the moment that is named. */
  | 'api_unavailable'
  /** An answer does not have the form that the API promises, or does not fit the rest. Next: check the base URL; if it is right, report it with the path. */
  | 'api_malformed'
  /** No token was given, so only the local copy can be read. Next: give a token. */
  | 'api_not_configured'
  // questions and configuration
  /** An argument is unknown, missing, or has a value that cannot be used. Next: correct what is named; nothing was done. */
  | 'argument_invalid'
  /** The local copy has nothing of that id or name. Next: look it up in the list, or sync first. */
  | 'not_found'
  /** A cursor is not one that this question gave out. Next: begin at the first page. */
  | 'cursor_invalid'
  /** Settings are missing, wrong, or do not fit what is stored. Next: correct everything that is listed. */
  | 'configuration_invalid'
  /** Another sync of this customer is running, or has taken over. Next: wait for it to end. */
  | 'sync_running'
  /** A file could not be written; nothing is left of it. Next: choose another place, or make room. */
  | 'file_not_written'
  /** The caller stopped it; finished steps are kept. Next: start it again when it is wanted. */
  | 'aborted'
  /** Something that should not happen. Next: look at `cause`, and report it. */
  | 'internal'

/** The parts of a `TidemarkError` beside its code and what failed. */
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
  /** The same for the same condition in every version. */
  readonly code: TidemarkErrorCode
  /** What failed, as a heading: without a full stop. */
  readonly what: string
  /** The reason, in sentences. */
  readonly why: string
  /** What to do next, in sentences. */
  readonly next: string
  /** True when the same call may succeed later. */
  readonly retryable: boolean
  /** Facts for programs; empty where there are none. */
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

/** Whether a caught value is an error of Tidemark, and of this code where one is given. */
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
