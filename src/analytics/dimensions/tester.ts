/** Who reported a bug. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const tester = {
  key: 'tester',
  valueType: 'text',
  nullable: true,
  hasId: true,
  meaning: 'The author of the bug, by name.',
  example: 'quiet-otter',
  onBugs: { many: false, columns: () => ({ value: sql`b.tester` }), indexed: true },
  idOf: (name, { customerId }) => sql`(select u.id from users as u where u.customer_id = ${customerId} and u.role = 'tester' and u.name = ${name})`,
} as const satisfies Dimension
