/** What became of a bug. */
import { sql } from 'kysely'
import { bugOutcomes } from '../../model/bug-outcome.ts'
import type { Dimension } from '../dimension.ts'

export const outcome = {
  key: 'outcome',
  valueType: 'text',
  nullable: false,
  values: bugOutcomes,
  meaning: 'What became of the bug: accepted by a person, accepted by time-out (auto_accepted), rejected, still open, or other.',
  example: 'rejected',
  onBugs: {
    many: false,
    columns: () => ({ value: sql`b.outcome` }),
    cases: bugOutcomes.map((value) => ({ value, when: sql`b.outcome = ${sql.lit(value)}` })),
  },
} as const satisfies Dimension
