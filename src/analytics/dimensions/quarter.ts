/** The quarter in which a test ended, in the asked time zone. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'
import { localDay } from '../expressions.ts'

export const quarter = {
  key: 'quarter',
  valueType: 'text',
  nullable: true,
  pattern: /^\d{4}-Q[1-4]$/,
  time: true,
  meaning: 'The quarter of end_at of the test, in the asked time zone; null without a date.',
  example: '2025-Q3',
  onTests: {
    many: false,
    columns: ({ dialect, offsets }) => {
      const day = localDay(dialect, sql`t.end_at`, offsets)
      return { value: sql`substr(${day}, 1, 4) || '-Q' || ((cast(substr(${day}, 6, 2) as integer) + 2) / 3)` }
    },
  },
} as const satisfies Dimension
