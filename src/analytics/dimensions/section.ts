/** The section of the product that a test belongs to. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const section = {
  key: 'section',
  valueType: 'text',
  nullable: true,
  hasId: true,
  meaning: 'The section of the product, by name; null in the implicit default section.',
  example: 'Checkout',
  onTests: { many: false, columns: () => ({ id: sql`t.section_id` }) },
  label: (id, { customerId }) => sql`(select s.name from sections as s where s.customer_id = ${customerId} and s.id = ${id})`,
} as const satisfies Dimension
