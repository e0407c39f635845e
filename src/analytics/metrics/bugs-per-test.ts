/** How much a test finds. */
import type { RatioMetric } from '../metric.ts'
import { bugCount } from './bug-count.ts'
import { testCount } from './test-count.ts'

export const bugsPerTest = {
  key: 'bugs_per_test',
  kind: 'ratio',
  meaning: 'Bugs divided by tests.',
  example: 'Which features have the most bugs per test?',
  parts: [bugCount],
  wholes: [testCount],
} as const satisfies RatioMetric
