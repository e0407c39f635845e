/** Who set a test up. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const createdBy = {
  key: 'created_by',
  valueType: 'text',
  nullable: true,
  hasId: true,
  meaning: 'The customer user who set the test up, by name.',
  example: 'Jane Doe',
  onTests: { many: false, columns: () => ({ value: sql`t.created_by` }) },
  idOf: (name, { customerId }) => sql`(select u.id from users as u where u.customer_id = ${customerId} and u.role = 'customer' and u.name = ${name})`,
} as const satisfies Dimension
