/** How many bugs. */
import { sql } from 'kysely'
import type { AdditiveCount } from '../metric.ts'

export const bugCount = {
  key: 'bug_count',
  kind: 'count',
  over: 'bugs',
  additive: true,
  meaning: 'Bugs of the group, each once.',
  example: 'How many bugs are there by severity?',
  aggregate: () => sql`count(*)`,
} as const satisfies AdditiveCount
