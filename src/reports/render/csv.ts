/** The tests of the report as CSV: rates are unrounded fractions, empty where there is nothing to divide by. */
import { csvLine, type CsvCell } from '../../answers/csv.ts'
import type { QualityOfTest } from '../quality-report.ts'
import type { OpenReport } from '../read-quality.ts'

const columns: readonly (readonly [name: string, value: (test: QualityOfTest) => CsvCell])[] = [
  ['test_id', (test) => test.testId],
  ['title', (test) => test.title],
  ['product_id', (test) => test.productId],
  ['status', (test) => test.status],
  ['testing_type', (test) => test.testingType],
  ['start_at', (test) => test.startAt],
  ['end_at', (test) => test.endAt],
  ['bugs', (test) => test.bugs],
  ['accepted', (test) => test.bugsByOutcome.accepted],
  ['auto_accepted', (test) => test.bugsByOutcome.autoAccepted],
  ['rejected', (test) => test.bugsByOutcome.rejected],
  ['open', (test) => test.bugsByOutcome.open],
  ['other', (test) => test.bugsByOutcome.other],
  ['critical', (test) => test.bugsBySeverity.critical],
  ['high', (test) => test.bugsBySeverity.high],
  ['low', (test) => test.bugsBySeverity.low],
  ['overall_acceptance_rate', (test) => test.overallAcceptanceRate],
  ['active_acceptance_rate', (test) => test.activeAcceptanceRate],
  ['auto_acceptance_rate', (test) => test.autoAcceptanceRate],
  ['rejection_rate', (test) => test.rejectionRate],
  ['review_rate', (test) => test.reviewRate],
]

export async function* renderCsv({ pages }: OpenReport): AsyncGenerator<string> {
  yield csvLine(columns.map(([name]) => name))
  for await (const { tests } of pages) yield tests.map((test) => csvLine(columns.map(([, value]) => value(test)))).join('')
}
