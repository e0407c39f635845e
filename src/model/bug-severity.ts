/**
 * Severity of functional bugs. Upstream mixes severity and kind in one word (API reference 5.5, Q13): a word that is
 * no severity is a kind, see `bug-kind.ts`. Rank and score: contracts, section 1.
 */
import type { BugSeverity } from '../repositories/items.ts'

/** Least severe first. */
export const bugSeverities = ['low', 'high', 'critical'] as const satisfies readonly BugSeverity[]

/** Null for bugs of another kind than functional. */
export function bugSeverity(word: string | null): BugSeverity | null {
  return bugSeverities.find((severity) => severity === word) ?? null
}

/** For sorting: critical 3, high 2, low 1, none 0. */
export function severityRank(severity: BugSeverity | null): number {
  return severity === null ? 0 : bugSeverities.indexOf(severity) + 1
}

/** For adding up: critical 5, high 3, low 1, other kinds 1. */
export function severityScore(severity: BugSeverity | null): number {
  return severity === 'critical' ? 5 : severity === 'high' ? 3 : 1
}
