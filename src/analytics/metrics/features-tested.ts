/** How many features. */
import { sql } from 'kysely'
import type { CountMetric } from '../metric.ts'

export const featuresTested = {
  key: 'features_tested',
  kind: 'count',
  over: 'tests',
  meaning: 'Catalogue features that the tests of the group were set up for.',
  example: 'How many features were tested per product?',
  readsFeatures: true,
  aggregate: ({ featureId }) => sql`count(distinct ${featureId})`,
} as const satisfies CountMetric
