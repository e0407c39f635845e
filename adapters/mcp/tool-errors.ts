/**
 * What a failed call tells the client: three lines (what failed, why, what to do next) that hold no SQL, path, stack, token or
 * text of a stranger. Errors about the question are passed on as they were written; everything else becomes a general
 * text with a reference, under which the log has the whole story.
 */
import type { CallToolResult } from '@modelcontextprotocol/server'
import * as v from 'valibot'
import { isTidemarkError, type TidemarkError, type TidemarkErrorCode } from '../../src/errors.ts'
import type { Logger } from '../../src/tidemark.ts'
import { cleanText } from './clean-text.ts'

const maxCharacters = 4000

// Their texts speak about the question, the API or the state of the database; those of other codes may name files or tables.
const spoken: readonly TidemarkErrorCode[] = [
  'argument_invalid', 'not_found', 'cursor_invalid', 'sync_running', 'aborted', 'api_unauthorized', 'api_forbidden', 'api_not_found',
  'api_rejected', 'api_rate_limited', 'api_server_error', 'api_unreachable', 'api_timeout', 'api_malformed', 'api_not_configured',
  'database_behind', 'migration_locked', 'storage_busy', 'engine_missing',
]

/** The result for a call that threw this. Never throws itself. */
export function errorResult(tool: string, error: unknown, logger: Logger): CallToolResult {
  const text = isTidemarkError(error) && spoken.includes(error.code) ? error.message : unspoken(tool, error, logger)
  return { isError: true, content: [{ type: 'text', text: cleanText(text).slice(0, maxCharacters) }] }
}

/** The same three lines for an error that was found here. */
export function refusal(error: TidemarkError): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: error.message }] }
}

function unspoken(tool: string, error: unknown, logger: Logger): string {
  const reference = crypto.randomUUID().slice(0, 8)
  logger.error(`${tool} failed, reference ${reference}: ${chain(error)}`)
  const code = isTidemarkError(error) ? `${error.code}, ` : ''
  return [
    `Cannot finish ${tool}`,
    `Something failed inside the server (${code}reference ${reference}).`,
    'Try once more; if it fails again, call get_server_diagnostics and give the reference to whoever runs the server.',
  ].join('\n')
}

function chain(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  // Its message repeats the value, which may be a stranger's text.
  if (v.isValiError(error)) return `the answer breaks its schema at ${error.issues.map((issue) => `${v.getDotPath(issue)} (${issue.expected})`).join(', ')}`
  const cause = error.cause === undefined ? '' : `\n  caused by ${chain(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}
