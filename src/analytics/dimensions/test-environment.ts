/** The environment that a test ran against. Each test carries id and title as they were, so both make the group. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const testEnvironment = {
  key: 'test_environment',
  valueType: 'text',
  nullable: true,
  hasId: true,
  meaning: 'The environment that was tested, by title; null where the test names none.',
  example: 'Staging',
  onTests: { many: false, columns: () => ({ value: sql`t.environment_title`, id: sql`t.environment_id` }) },
} as const satisfies Dimension
