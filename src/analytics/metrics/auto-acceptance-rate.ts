/** Share of accepted bugs that nobody looked at. */
import type { RatioMetric } from '../metric.ts'
import { acceptedCount } from './accepted-count.ts'
import { autoAcceptedCount } from './auto-accepted-count.ts'

export const autoAcceptanceRate = {
  key: 'auto_acceptance_rate',
  kind: 'ratio',
  meaning: 'Auto-accepted bugs divided by accepted and auto-accepted ones.',
  example: 'Whose bugs are accepted by time-out?',
  parts: [autoAcceptedCount],
  wholes: [acceptedCount, autoAcceptedCount],
} as const satisfies RatioMetric
