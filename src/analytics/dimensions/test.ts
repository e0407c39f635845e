/** The test itself. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const test = {
  key: 'test',
  valueType: 'text',
  nullable: false,
  hasId: true,
  meaning: 'The test cycle, by title.',
  example: 'Regression of the checkout',
  onTests: { many: false, columns: () => ({ id: sql`t.id` }) },
  label: (id, { customerId }) => sql`(select named.title from tests as named where named.customer_id = ${customerId} and named.id = ${id})`,
} as const satisfies Dimension
