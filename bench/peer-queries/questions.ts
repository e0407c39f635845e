/** What is asked of the library and of its peers. */
import type { AnalyticsQuestion } from '../../src/analytics/question.ts'
import type { Tidemark } from '../../src/tidemark.ts'

const figures = {
  'bugs by severity': { metrics: ['bug_count'], dimensions: ['severity'] },
  'bugs, rejection rate by month': { metrics: ['bug_count', 'rejection_rate'], dimensions: ['month'] },
  'bugs by platform': { metrics: ['bug_count'], dimensions: ['platform'] },
  'bugs by feature': { metrics: ['bug_count'], dimensions: ['feature'] },
} as const satisfies Readonly<Record<string, AnalyticsQuestion>>

export type Question = 'products.list' | 'tests.list, 50 rows' | 'tests.list, 50 rows with bug counts' | keyof typeof figures

export const questions: readonly Question[] = [
  'products.list', 'tests.list, 50 rows', 'tests.list, 50 rows with bug counts', 'bugs by severity', 'bugs, rejection rate by month', 'bugs by platform', 'bugs by feature',
]

export function askTidemark(tidemark: Tidemark, question: Question): Promise<object> {
  switch (question) {
    case 'products.list':
      return tidemark.products.list()
    case 'tests.list, 50 rows':
      return tidemark.tests.list({ limit: 50 })
    case 'tests.list, 50 rows with bug counts':
      return tidemark.tests.list({ limit: 50, includeBugCounts: true })
    default:
      return tidemark.analytics.query(figures[question])
  }
}
