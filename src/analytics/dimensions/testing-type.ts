/** The testing type of a test, in the upstream word. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const testingType = {
  key: 'testing_type',
  valueType: 'text',
  nullable: true,
  meaning: 'Kind of test: coverage, focused, rapid, usability, custom.',
  example: 'coverage',
  onTests: { many: false, columns: () => ({ value: sql`t.testing_type` }) },
} as const satisfies Dimension
