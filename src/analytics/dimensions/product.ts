/** The product of a test. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const product = {
  key: 'product',
  valueType: 'text',
  nullable: false,
  hasId: true,
  meaning: 'The product that was tested, by name.',
  example: 'Meridian Bank Website',
  onTests: { many: false, columns: () => ({ id: sql`t.product_id` }) },
  label: (id, { customerId }) => sql`(select p.name from products as p where p.customer_id = ${customerId} and p.id = ${id})`,
} as const satisfies Dimension
