/** How many bugs a person accepted. */
import { sql } from 'kysely'
import type { AdditiveCount } from '../metric.ts'

export const acceptedCount = {
  key: 'accepted_count',
  kind: 'count',
  over: 'bugs',
  additive: true,
  meaning: 'Bugs that a person accepted.',
  example: 'How many bugs were accepted per month?',
  aggregate: () => sql`count(case b.outcome when 'accepted' then 1 end)`,
} as const satisfies AdditiveCount
