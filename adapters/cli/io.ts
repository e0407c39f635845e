/** What the command line needs of the world, so that it can be run without a process. */
import type { Readable, Writable } from 'node:stream'
import type { Questions } from './questions.ts'

export interface OutputStream extends Writable {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

export interface Io {
  /** Answers, and nothing else. */
  readonly stdout: OutputStream
  /** Errors, logs and progress. */
  readonly stderr: OutputStream
  /** For commands that speak or ask. Left out: nobody can answer. */
  readonly stdin?: (Readable & { readonly isTTY?: boolean | undefined }) | undefined
  /** Asks the person. Left out: prompts on the terminal, where there is one. */
  readonly questions?: Questions | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The file that was started, where the command runs from a checkout. Left out: the package as npm installs it. */
  readonly script?: string | undefined
  /** Aborted when the person wants to stop. */
  readonly signal?: AbortSignal | undefined
}

export const exitCode = {
  /** Everything that was asked was done. */
  success: 0,
  failed: 1,
  /** Wrong use or configuration. */
  usage: 2,
  /** Finished, but something in scope could not be read. */
  partial: 3,
  /** Another runner holds the migration lock. */
  locked: 4,
  /** A question needs an answer that no flag gave. */
  unanswered: 5,
} as const
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
