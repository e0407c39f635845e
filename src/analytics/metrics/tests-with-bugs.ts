/** How many tests found something. */
import { sql } from 'kysely'
import type { DistinctCount } from '../metric.ts'

export const testsWithBugs = {
  key: 'tests_with_bugs',
  kind: 'count',
  over: 'bugs',
  additive: false,
  meaning: 'Tests that have at least one of the bugs.',
  example: 'In how many tests were critical bugs found?',
  member: () => sql`b.test_id`,
} as const satisfies DistinctCount
