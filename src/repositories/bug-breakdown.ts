/** Bugs of a scope that are not deleted, counted by outcome, severity and kind, in one statement. */
import { sql, type RawBuilder } from 'kysely'
import type { QueryContext } from './context.ts'
import type { BugOutcome, BugSeverity, OutcomeCounts, SeverityCounts } from './items.ts'

export interface BugBreakdown {
  readonly outcomes: OutcomeCounts
  readonly severities: SeverityCounts
  /** Most frequent first, ties by name. */
  readonly kinds: readonly { readonly kind: string; readonly count: number }[]
}

/** @param scope a condition on the bugs, which are called `b` */
export async function bugBreakdown(context: QueryContext, scope: RawBuilder<boolean>): Promise<BugBreakdown> {
  const { rows } = await sql<{ readonly outcome: BugOutcome; readonly severity: BugSeverity | null; readonly kind: string; readonly bugs: number }>`
    select b.outcome, b.severity, b.kind, count(*) as bugs
    from bugs as b
    where b.customer_id = ${context.customerId} and b.deleted_at is null and ${scope}
    group by b.outcome, b.severity, b.kind`.execute(context.db)
  const sum = (matches: (row: (typeof rows)[number]) => boolean): number => rows.filter(matches).reduce((total, row) => total + row.bugs, 0)
  const kinds = [...new Set(rows.map((row) => row.kind))].map((kind) => ({ kind, count: sum((row) => row.kind === kind) }))
  return {
    outcomes: {
      total: sum(() => true),
      open: sum((row) => row.outcome === 'open'),
      accepted: sum((row) => row.outcome === 'accepted'),
      autoAccepted: sum((row) => row.outcome === 'auto_accepted'),
      rejected: sum((row) => row.outcome === 'rejected'),
      other: sum((row) => row.outcome === 'other'),
    },
    severities: {
      critical: sum((row) => row.severity === 'critical'),
      high: sum((row) => row.severity === 'high'),
      low: sum((row) => row.severity === 'low'),
    },
    kinds: kinds.toSorted((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1)),
  }
}
