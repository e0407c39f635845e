/** The week in which a test ended, in the asked time zone. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'
import { isoWeek, localDay } from '../expressions.ts'

export const week = {
  key: 'week',
  valueType: 'text',
  nullable: true,
  pattern: /^\d{4}-W(?:0[1-9]|[1-4]\d|5[0-3])$/,
  time: true,
  meaning: 'The ISO week of end_at of the test, in the asked time zone; null without a date.',
  example: '2025-W31',
  onTests: { many: false, columns: ({ dialect, offsets }) => ({ value: isoWeek(dialect, localDay(dialect, sql`t.end_at`, offsets)) }) },
} as const satisfies Dimension
