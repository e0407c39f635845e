/** How many testers. */
import { sql } from 'kysely'
import type { DistinctCount } from '../metric.ts'

export const activeTesters = {
  key: 'active_testers',
  kind: 'count',
  over: 'bugs',
  additive: false,
  meaning: 'Testers who reported at least one of the bugs.',
  example: 'How many testers reported bugs per product?',
  member: () => sql`b.tester`,
} as const satisfies DistinctCount
