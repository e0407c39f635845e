/**
 * What a failed call tells the client: three lines (what failed, why, what to do next) that hold no SQL, path, stack, token or
 * text of a stranger. Errors about the question are passed on as they were written; everything else becomes a general
 * text with a reference, under which the log has the whole story.
 */
import type { CallToolResult } from '@modelcontextprotocol/server'
import * as v from 'valibot'
import { isTidemarkError, TidemarkError, type TidemarkErrorCode } from '../../src/errors.ts'
import type { Logger } from '../../src/tidemark.ts'
import { cleanText } from './clean-text.ts'

const maxCharacters = 4000

// Their texts speak about the question, the API or the state of the database; those of other codes may name files or tables.
const spoken: readonly TidemarkErrorCode[] = [
  'argument_invalid', 'not_found', 'cursor_invalid', 'sync_running', 'aborted', 'api_unauthorized', 'api_forbidden', 'api_not_found',
  'api_rejected', 'api_rate_limited', 'api_server_error', 'api_unreachable', 'api_timeout', 'api_unavailable', 'api_malformed', 'api_not_configured',
  'database_behind', 'migration_locked', 'file_not_written', 'storage_busy', 'engine_missing',
]

/** The result for a call that threw this. Never throws itself. */
export function errorResult(tool: string, error: unknown, logger: Logger): CallToolResult {
  return refusal(spokenError(tool, error, logger))
}

/** The result for a call that cannot be done. */
export function refusal(error: TidemarkError): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: cleanText(error.message).slice(0, maxCharacters) }] }
}

/** The error itself when a client may read it; else one that may be read, with the reference under which this one was logged. */
export function spokenError(tool: string, error: unknown, logger: Logger): TidemarkError {
  if (isTidemarkError(error, 'api_not_configured')) return withoutToken()
  if (isTidemarkError(error) && spoken.includes(error.code)) return error
  const reference = crypto.randomUUID().slice(0, 8)
  logger.error(`${tool} failed, reference ${reference}: ${chain(error)}`)
  return new TidemarkError('internal', `Cannot finish ${tool}`, {
    why: `Something failed inside the server (${isTidemarkError(error) ? `${error.code}, ` : ''}reference ${reference}).`,
    next: 'Try once more; if it fails again, call get_server_diagnostics and give the reference to whoever runs the server.',
  })
}

/** A client cannot do what the library tells a program to do. */
function withoutToken(): TidemarkError {
  return new TidemarkError('api_not_configured', 'Cannot sync', {
    why: 'This server has no token of TestIO, so it only reads the local copy.',
    next: 'Answer from the data at hand and mention its freshness; whoever runs the server can give it one (TESTIO_API_TOKEN).',
  })
}

function chain(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  // Its message repeats the value, which may be a stranger's text.
  if (v.isValiError(error)) return `the answer breaks its schema at ${error.issues.map((issue) => `${v.getDotPath(issue)} (${issue.expected})`).join(', ')}`
  const cause = error.cause === undefined ? '' : `\n  caused by ${chain(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}
