/** The month in which a test ended, in the asked time zone. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'
import { localDay } from '../expressions.ts'

export const month = {
  key: 'month',
  valueType: 'text',
  nullable: true,
  pattern: /^\d{4}-(?:0[1-9]|1[0-2])$/,
  time: true,
  meaning: 'The month of end_at of the test, in the asked time zone; null without a date.',
  example: '2025-07',
  onTests: { many: false, columns: ({ dialect, offsets }) => ({ value: sql`substr(${localDay(dialect, sql`t.end_at`, offsets)}, 1, 7)` }) },
} as const satisfies Dimension
