/** The categories of a bug's own devices. A bug can be in several groups. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'
import { ofOwner } from '../expressions.ts'

export const deviceCategory = {
  key: 'device_category',
  valueType: 'text',
  nullable: true,
  meaning: 'The categories of the devices on which the bug was found, each once; null where it has none.',
  example: 'Smartphones',
  onBugs: {
    many: true,
    holds: 'value',
    parts: ({ dialect, customerId }, owner) => sql`
      select bug_id as owner_id, category as part from bug_devices
      where customer_id = ${customerId} and category is not null ${ofOwner(dialect, sql`bug_id`, owner)}`,
  },
} as const satisfies Dimension
