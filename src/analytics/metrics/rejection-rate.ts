/** Share of bugs that were rejected. */
import type { RatioMetric } from '../metric.ts'
import { bugCount } from './bug-count.ts'
import { rejectedCount } from './rejected-count.ts'

export const rejectionRate = {
  key: 'rejection_rate',
  kind: 'ratio',
  meaning: 'Rejected bugs divided by all bugs.',
  example: 'Which testers are rejected most?',
  parts: [rejectedCount],
  wholes: [bugCount],
} as const satisfies RatioMetric
