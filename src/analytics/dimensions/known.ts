/** Whether a bug was known before. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const known = {
  key: 'known',
  valueType: 'boolean',
  nullable: false,
  meaning: 'Whether the bug was known before it was reported.',
  example: 'true',
  onBugs: { many: false, columns: () => ({ value: sql`b.known` }) },
} as const satisfies Dimension
