/** Why a bug was rejected. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const rejectionReason = {
  key: 'rejection_reason',
  valueType: 'text',
  nullable: true,
  meaning: 'Why the bug was rejected: the key of a reject reason of the account, or other; null for bugs that are not rejected.',
  example: 'not_reproducible',
  onBugs: { many: false, columns: () => ({ value: sql`b.rejection_reason` }) },
} as const satisfies Dimension
