/** How many tests. */
import { sql } from 'kysely'
import type { AdditiveCount } from '../metric.ts'

export const testCount = {
  key: 'test_count',
  kind: 'count',
  over: 'tests',
  additive: true,
  meaning: 'Tests of the group. Bug filters and bug dimensions do not narrow it.',
  example: 'How many tests ended per month?',
  aggregate: () => sql`count(distinct t.id)`,
} as const satisfies AdditiveCount
