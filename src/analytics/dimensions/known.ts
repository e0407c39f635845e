/** Whether a bug was marked as a known issue. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const known = {
  key: 'known',
  valueType: 'boolean',
  nullable: false,
  meaning: 'Whether the bug was marked as a known issue.',
  example: 'true',
  onBugs: {
    many: false,
    columns: () => ({ value: sql`b.known` }),
    cases: [{ value: true, when: sql`b.known` }, { value: false, when: sql`not b.known` }],
  },
} as const satisfies Dimension
