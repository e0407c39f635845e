/** The day on which a test ended, in the asked time zone. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'
import { localDay } from '../expressions.ts'

export const day = {
  key: 'day',
  valueType: 'text',
  nullable: true,
  pattern: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  time: true,
  meaning: 'The day of end_at of the test, in the asked time zone; null without a date.',
  example: '2025-07-31',
  onTests: { many: false, columns: ({ dialect, offsets }) => ({ value: localDay(dialect, sql`t.end_at`, offsets) }) },
} as const satisfies Dimension
