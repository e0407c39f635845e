/** How many testers. */
import { sql } from 'kysely'
import type { CountMetric } from '../metric.ts'

export const activeTesters = {
  key: 'active_testers',
  kind: 'count',
  over: 'bugs',
  meaning: 'Testers who reported at least one of the bugs.',
  example: 'How many testers reported bugs per product?',
  aggregate: () => sql`count(distinct b.tester)`,
} as const satisfies CountMetric
