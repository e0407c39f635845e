/** How many bugs were rejected. */
import { sql } from 'kysely'
import type { AdditiveCount } from '../metric.ts'

export const rejectedCount = {
  key: 'rejected_count',
  kind: 'count',
  over: 'bugs',
  additive: true,
  meaning: 'Bugs that were rejected.',
  example: 'How many bugs were rejected by reason?',
  aggregate: () => sql`count(case b.outcome when 'rejected' then 1 end)`,
} as const satisfies AdditiveCount
