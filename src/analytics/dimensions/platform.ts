/** The operating systems of a bug's own devices. A bug can be in several groups. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'
import { ofOwner } from '../expressions.ts'

export const platform = {
  key: 'platform',
  valueType: 'text',
  nullable: true,
  meaning: 'The operating systems on which the bug was found, each once; null where its devices name none.',
  example: 'iOS',
  onBugs: {
    many: true,
    holds: 'value',
    parts: ({ dialect, customerId }, owner) => sql`
      select bug_id as owner_id, operating_system as part from bug_devices
      where customer_id = ${customerId} and operating_system is not null ${ofOwner(dialect, sql`bug_id`, owner)}`,
  },
} as const satisfies Dimension
