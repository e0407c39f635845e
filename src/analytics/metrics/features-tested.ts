/** How many features. */
import type { DistinctCount } from '../metric.ts'

export const featuresTested = {
  key: 'features_tested',
  kind: 'count',
  over: 'tests',
  additive: false,
  meaning: 'Catalogue features that the tests of the group were set up for.',
  example: 'How many features were tested per product?',
  readsFeatures: true,
  member: ({ featureId }) => featureId,
} as const satisfies DistinctCount
