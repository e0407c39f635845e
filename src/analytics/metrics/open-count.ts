/** How many bugs are still open. */
import { sql } from 'kysely'
import type { AdditiveCount } from '../metric.ts'

export const openCount = {
  key: 'open_count',
  kind: 'count',
  over: 'bugs',
  additive: true,
  meaning: 'Bugs that nobody decided on yet.',
  example: 'Which products have open bugs?',
  aggregate: () => sql`count(case b.outcome when 'open' then 1 end)`,
} as const satisfies AdditiveCount
