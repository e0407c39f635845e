/** Share of bugs that a person accepted. */
import type { RatioMetric } from '../metric.ts'
import { acceptedCount } from './accepted-count.ts'
import { bugCount } from './bug-count.ts'

export const activeAcceptanceRate = {
  key: 'active_acceptance_rate',
  kind: 'ratio',
  meaning: 'Bugs that a person accepted divided by all bugs.',
  example: 'How many of the bugs does somebody accept?',
  parts: [acceptedCount],
  wholes: [bugCount],
} as const satisfies RatioMetric
