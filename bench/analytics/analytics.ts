/** Analytics against hand-written statements: see README.md beside this file. */
import type { AnalyticsQuestion } from '../../src/analytics/question.ts'
import { operation, type OperationsBench } from '../support/operations.ts'
import { handWritten, type AnalyticsOperation } from './hand-written.ts'

const questions: Readonly<Record<AnalyticsOperation, AnalyticsQuestion>> = {
  'bugs by severity': { metrics: ['bug_count'], dimensions: ['severity'] },
  'bugs by kind': { metrics: ['bug_count'], dimensions: ['kind'] },
  'bugs, rejection rate by month': { metrics: ['bug_count', 'rejection_rate'], dimensions: ['month'] },
  'bugs per test by product': { metrics: ['bugs_per_test'], dimensions: ['product'] },
  'bugs by feature': { metrics: ['bug_count'], dimensions: ['feature'] },
  'bugs by platform': { metrics: ['bug_count'], dimensions: ['platform'] },
  'testers by product': { metrics: ['active_testers'], dimensions: ['product'] },
  'bugs by month and severity': { metrics: ['bug_count'], dimensions: ['month', 'severity'] },
  'bugs by tester and outcome': { metrics: ['bug_count'], dimensions: ['tester', 'outcome'] },
}

export const analytics: OperationsBench = {
  name: 'analytics',
  ratio: 2,
  operations: (Object.entries(questions) as [AnalyticsOperation, AnalyticsQuestion][]).map(([name, question]) => {
    const keys = [...(question.dimensions ?? []), ...question.metrics]
    // Both have the same rows with the same figures; only where figures are equal may their order differ.
    const texts = (rows: readonly object[]): readonly string[] => rows.map((row) => JSON.stringify(keys.map((key) => cell(row, key)))).toSorted()
    return operation({
      name,
      p95: { sqljs: 40, pglite: 80 },
      statements: 2,
      call: (tidemark) => tidemark.analytics.query(question),
      byHand: (dialect) => [{ sql: handWritten(dialect)[name] }],
      same: { ours: ({ rows }) => texts(rows), byHand: (rows = []) => texts(rows) },
    })
  }),
}

/** A fraction with the digits that engines have in common. */
function cell(row: object, key: string): unknown {
  const value: unknown = Object.entries(row).find(([name]) => name === key)?.[1]
  return typeof value === 'number' ? value.toPrecision(12) : value
}
