/** The year in which a test ended, in the asked time zone. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'
import { localDay } from '../expressions.ts'

export const year = {
  key: 'year',
  valueType: 'text',
  nullable: true,
  pattern: /^\d{4}$/,
  time: true,
  meaning: 'The year of end_at of the test, in the asked time zone, as text; null without a date.',
  example: '2025',
  onTests: { many: false, columns: ({ dialect, offsets }) => ({ value: sql`substr(${localDay(dialect, sql`t.end_at`, offsets)}, 1, 4)` }) },
} as const satisfies Dimension
