/** The operating systems that a test asks for. A test can be in several groups. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'
import { ofOwner } from '../expressions.ts'

export const requiredPlatform = {
  key: 'required_platform',
  valueType: 'text',
  nullable: true,
  meaning: 'The operating systems that the test asks for; null where it names none. Not that on which bugs were found: see platform.',
  example: 'Windows',
  onTests: {
    many: true,
    holds: 'value',
    parts: ({ dialect, customerId }, owner) => sql`
      select test_id as owner_id, operating_system as part from test_platforms
      where customer_id = ${customerId} and operating_system is not null ${ofOwner(dialect, sql`test_id`, owner)}`,
  },
} as const satisfies Dimension
