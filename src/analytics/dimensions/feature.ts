/**
 * The catalogue feature: a test belongs to every feature that it snapshots, a bug to that of its own snapshot or to none.
 * A feature that left the catalogue keeps the title of its newest snapshot.
 */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const feature = {
  key: 'feature',
  valueType: 'text',
  nullable: true,
  hasId: true,
  meaning: 'The feature, by title. A test belongs to every feature it was set up for; a bug to the one it was reported on, or to none (null).',
  example: 'Login',
  onTests: { many: true, holds: 'id', table: 'test_features', part: 'feature_id', place: 'id' },
  onBugs: {
    many: false,
    columns: ({ customerId }) => ({ id: sql`(select own.feature_id from test_features as own where own.customer_id = ${customerId} and own.id = b.test_feature_id)` }),
    lookUp: {
      by: sql`b.test_feature_id`,
      afterTest: true,
      join: ({ customerId }, alias, by) => ({
        join: sql`left join test_features as ${sql.ref(alias)} on ${sql.ref(`${alias}.customer_id`)} = ${customerId} and ${sql.ref(`${alias}.id`)} = ${by}`,
        part: sql`${sql.ref(`${alias}.feature_id`)}`,
      }),
    },
  },
  label: (id, { customerId }) => sql`coalesce(
    (select f.title from features as f where f.customer_id = ${customerId} and f.id = ${id} and f.deleted_at is null),
    (select s.title from test_features as s join tests as holder on holder.customer_id = s.customer_id and holder.id = s.test_id
      where s.customer_id = ${customerId} and s.feature_id = ${id} and holder.deleted_at is null order by +s.id desc limit 1))`,
} as const satisfies Dimension
