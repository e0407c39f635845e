/** Share of bugs that were accepted. */
import type { RatioMetric } from '../metric.ts'
import { acceptedCount } from './accepted-count.ts'
import { autoAcceptedCount } from './auto-accepted-count.ts'
import { bugCount } from './bug-count.ts'

export const overallAcceptanceRate = {
  key: 'overall_acceptance_rate',
  kind: 'ratio',
  meaning: 'Accepted and auto-accepted bugs divided by all bugs.',
  example: 'How many of the bugs are accepted in the end?',
  parts: [acceptedCount, autoAcceptedCount],
  wholes: [bugCount],
} as const satisfies RatioMetric
