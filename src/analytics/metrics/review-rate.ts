/** Share of bugs that a person decided on. */
import type { RatioMetric } from '../metric.ts'
import { acceptedCount } from './accepted-count.ts'
import { bugCount } from './bug-count.ts'
import { rejectedCount } from './rejected-count.ts'

export const reviewRate = {
  key: 'review_rate',
  kind: 'ratio',
  meaning: 'Bugs that a person accepted or rejected divided by all bugs.',
  example: 'How well do we review per product?',
  parts: [acceptedCount, rejectedCount],
  wholes: [bugCount],
} as const satisfies RatioMetric
