/** What a person reads when a command fails: what failed, why, what to do next; and the exit code that says it to programs. */
import { CommanderError } from 'commander'
import { isTidemarkError, type TidemarkError, type TidemarkErrorCode } from '../../src/errors.ts'
import type { Invocation } from './invocation.ts'
import { exitCode, type ExitCode } from './io.ts'

/** Writes the error to standard error and gives the exit code. Never throws. */
export function reportError(invocation: Invocation, error: unknown): ExitCode {
  if (error instanceof CommanderError) return reportUsage(invocation, error)
  if (isTidemarkError(error)) {
    writeParts(invocation, error.what, error.why, invocation.debug || !hasEngineWords(error) ? error.next : `${error.next}\nWhat the engine itself says can hold values: --log-level debug shows it.`)
    if (invocation.debug) writeTrace(invocation, error)
    return codes[error.code] ?? exitCode.failed
  }
  const kind = error instanceof Error ? error.name : typeof error
  writeParts(invocation, 'Something went wrong inside Tidemark', `It is not a condition that Tidemark knows (${kind}).`, 'Run it again with TIDEMARK_LOG_LEVEL=debug to see where it happened, and report that.')
  if (invocation.debug) writeTrace(invocation, error)
  return exitCode.failed
}

/** True when a statement failed and the engine's message, which may hold values, is kept behind the error. */
function hasEngineWords(error: TidemarkError): boolean {
  return error.code === 'statement_failed' ? error.cause !== undefined : error.code === 'revision_failed' && isTidemarkError(error.cause, 'statement_failed') && error.cause.cause !== undefined
}

/** Three lines, labelled; further lines of a part are indented. */
export function writeParts(invocation: Invocation, what: string, why: string, next: string): void {
  const { err } = invocation
  const indented = (text: string) => text.replaceAll('\n', '\n       ')
  invocation.note(`${err.style('red', 'Error:')} ${err.style('bold', indented(what))}\n${err.style('dim', 'Why:')}   ${indented(why)}\n${err.style('dim', 'Next:')}  ${indented(next)}`)
}

const codes: Partial<Record<TidemarkErrorCode, ExitCode>> = {
  argument_invalid: exitCode.usage,
  cursor_invalid: exitCode.usage,
  configuration_invalid: exitCode.usage,
  database_url_unknown: exitCode.usage,
  engine_missing: exitCode.usage,
  api_not_configured: exitCode.usage,
  revision_target_invalid: exitCode.usage,
  migration_locked: exitCode.locked,
}

/** Help and version have been written by then; they end the program through an error, too. */
function reportUsage(invocation: Invocation, error: CommanderError): ExitCode {
  if (error.exitCode === 0) return exitCode.success
  if (error.code === 'commander.help') return exitCode.usage
  const [fact = '', suggestion] = error.message.replace(/^error: /, '').split('\n')
  const why = `${fact.charAt(0).toUpperCase()}${fact.slice(1).replace(/\.$/, '')}.`
  const hint = suggestion === undefined ? '' : `${suggestion.replace(/^\(|\)$/g, '')} `
  writeParts(invocation, 'Cannot understand the command line', why, `${hint}See ${invocation.commandName} --help.`)
  return exitCode.usage
}

function writeTrace(invocation: Invocation, error: unknown): void {
  for (let at: unknown = error; at !== undefined; at = at instanceof Error ? at.cause : undefined) {
    invocation.note(at instanceof Error ? `\n${at.stack ?? at.message}` : `\n${typeof at}`)
  }
}
