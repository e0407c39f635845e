/**
 * What became of a bug. Upstream has a status and, on production accounts, an undocumented flag; the flag counts only
 * on accepted bugs, and a missing one means that a person accepted (API reference 5.4, Q16, Q21).
 */
import type { BugOutcome } from '../repositories/items.ts'

export const bugOutcomes = ['open', 'accepted', 'auto_accepted', 'rejected', 'other'] as const satisfies readonly BugOutcome[]

/** @param status upstream word; `other` for one that is not known, or none */
export function bugOutcome(status: string | null, autoAccepted: boolean | null): BugOutcome {
  switch (status) {
    case 'forwarded': return 'open'
    case 'accepted': return autoAccepted === true ? 'auto_accepted' : 'accepted'
    case 'rejected': return 'rejected'
    default: return 'other'
  }
}
