/** The browsers of a bug's own devices. A bug can be in several groups. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'
import { jsonTexts, ofOwner } from '../expressions.ts'

export const browser = {
  key: 'browser',
  valueType: 'text',
  nullable: true,
  meaning: 'The browsers in which the bug was found, each once; null where its devices name none.',
  example: 'Chrome',
  onBugs: {
    many: true,
    holds: 'value',
    parts: ({ dialect, customerId }, owner) => sql`
      select bug_id as owner_id, element.value as part from bug_devices cross join ${jsonTexts(dialect, sql`browsers`)}
      where customer_id = ${customerId} ${ofOwner(dialect, sql`bug_id`, owner)}`,
  },
} as const satisfies Dimension
