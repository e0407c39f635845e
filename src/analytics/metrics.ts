/** All metrics. A new one is a file beside the others, and its name here. */
import type { Metric } from './metric.ts'
import { acceptedCount } from './metrics/accepted-count.ts'
import { activeAcceptanceRate } from './metrics/active-acceptance-rate.ts'
import { activeTesters } from './metrics/active-testers.ts'
import { autoAcceptanceRate } from './metrics/auto-acceptance-rate.ts'
import { autoAcceptedCount } from './metrics/auto-accepted-count.ts'
import { bugCount } from './metrics/bug-count.ts'
import { bugsPerTest } from './metrics/bugs-per-test.ts'
import { featuresTested } from './metrics/features-tested.ts'
import { openCount } from './metrics/open-count.ts'
import { overallAcceptanceRate } from './metrics/overall-acceptance-rate.ts'
import { rejectedCount } from './metrics/rejected-count.ts'
import { rejectionRate } from './metrics/rejection-rate.ts'
import { reviewRate } from './metrics/review-rate.ts'
import { severityScore } from './metrics/severity-score.ts'
import { testCount } from './metrics/test-count.ts'
import { testsWithBugs } from './metrics/tests-with-bugs.ts'

const all = [
  testCount, bugCount, testsWithBugs, bugsPerTest, featuresTested, activeTesters, severityScore, openCount, acceptedCount, autoAcceptedCount,
  rejectedCount, overallAcceptanceRate, activeAcceptanceRate, autoAcceptanceRate, rejectionRate, reviewRate,
] as const

/** The name of a metric in questions and answers. */
export type MetricKey = (typeof all)[number]['key']

/** In the order of the capabilities. */
export const metrics: readonly (Metric & { readonly key: MetricKey })[] = all
export const metricKeys: readonly MetricKey[] = all.map(({ key }) => key)
