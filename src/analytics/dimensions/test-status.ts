/** The status of a test: an open list of upstream words. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const testStatus = {
  key: 'test_status',
  valueType: 'text',
  nullable: false,
  meaning: 'Status of the test, in the word of TestIO. Without a filter on it only executed tests count: running, locked, archived, customer_finalized.',
  example: 'locked',
  onTests: { many: false, columns: () => ({ value: sql`t.status` }) },
} as const satisfies Dimension
