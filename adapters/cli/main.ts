/** The `tidemark` command as a function: arguments and streams in, exit code out. Touches no process. */
import { Invocation } from './invocation.ts'
import type { Io } from './io.ts'
import { createProgram } from './program.ts'
import { reportError } from './report-error.ts'

/**
 * Runs one command line.
 *
 * @param argv the arguments, without the program itself
 * @returns the exit code, see `exitCode`: 0 only on full success
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const invocation = new Invocation(io)
  try {
    await createProgram(invocation).parseAsync(withHelpFlag(argv), { from: 'user' })
    return invocation.exit
  } catch (error) {
    return reportError(invocation, error)
  }
}

/** `help sync` is `sync --help`: commander would print it before the command's own module is there. */
function withHelpFlag(argv: readonly string[]): string[] {
  return argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv]
}

