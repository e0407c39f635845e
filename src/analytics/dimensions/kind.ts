/** The kind of a bug. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const kind = {
  key: 'kind',
  valueType: 'text',
  nullable: false,
  meaning: 'functional, or what else the bug is: visual, content, custom, …',
  example: 'functional',
  onBugs: { many: false, columns: () => ({ value: sql`b.kind` }) },
} as const satisfies Dimension
