/** The five rates of a set of bugs (contracts, section 2). Analytics, report and summaries all divide here. */
import type { BugRates, OutcomeCounts } from '../repositories/items.ts'

/** Unrounded; null, never 0, when the divisor is 0. Bugs with an unusual status count in the total only. */
export function bugRates({ total, accepted, autoAccepted, rejected }: OutcomeCounts): BugRates {
  return {
    overallAcceptanceRate: ratio(accepted + autoAccepted, total),
    activeAcceptanceRate: ratio(accepted, total),
    autoAcceptanceRate: ratio(autoAccepted, accepted + autoAccepted),
    rejectionRate: ratio(rejected, total),
    reviewRate: ratio(accepted + rejected, total),
  }
}

/** Null when the divisor is 0. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
