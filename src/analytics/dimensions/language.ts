/** The language of a bug report. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const language = {
  key: 'language',
  valueType: 'text',
  nullable: true,
  meaning: 'The language of the report.',
  example: 'en',
  onBugs: { many: false, columns: () => ({ value: sql`b.language` }) },
} as const satisfies Dimension
