/** How a command ends that needs an answer which no flag gave and nobody was there to give: nothing was done, exit code 5. */
import type { Invocation } from './invocation.ts'
import { exitCode } from './io.ts'
import { writeParts } from './report-error.ts'

/** @param items what is open, one line each */
export function leaveOpen(invocation: Invocation, what: string, why: string, items: readonly string[], next: string): void {
  invocation.exit = exitCode.unanswered
  writeParts(invocation, what, [why, ...items.map((item) => `- ${item}`)].join('\n'), next)
}
