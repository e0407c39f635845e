/** The categories of a bug's own devices. A bug can be in several groups. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const deviceCategory = {
  key: 'device_category',
  valueType: 'text',
  nullable: true,
  meaning: 'The categories of the devices on which the bug was found, each once; null where it has none.',
  example: 'Smartphones',
  onBugs: { many: true, set: sql`b.device_categories` },
} as const satisfies Dimension
