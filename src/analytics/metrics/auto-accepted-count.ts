/** How many bugs were accepted by time-out. */
import { sql } from 'kysely'
import type { AdditiveCount } from '../metric.ts'

export const autoAcceptedCount = {
  key: 'auto_accepted_count',
  kind: 'count',
  over: 'bugs',
  additive: true,
  meaning: 'Bugs that the platform accepted since nobody reviewed them in time.',
  example: 'Where do bugs go unreviewed?',
  aggregate: () => sql`count(case b.outcome when 'auto_accepted' then 1 end)`,
} as const satisfies AdditiveCount
