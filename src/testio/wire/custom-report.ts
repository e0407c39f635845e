/**
 * Reports of custom bugs, for example on accessibility. Their text is in the rows of the report, and the fields where other
 * bugs have it are null.
 */
import * as v from 'valibot'
import { lenient, list, trimmed } from './fields.ts'
import { toSteps } from './steps.ts'

export interface CustomReport {
  readonly steps: readonly string[]
  readonly expectedResult: string | null
  /** The row of that name, or else all rows without a place of their own, one `Name: value` a line. */
  readonly actualResult: string | null
}

const Row = v.object({
  key: trimmed,
  name: trimmed,
  value: trimmed,
  position: lenient((value) => (typeof value === 'number' ? value : Infinity)),
})
const ReportFields = v.object({ content: v.object({ data: list(Row) }) })

export const CustomReportSchema: v.GenericSchema<unknown, CustomReport> = v.pipe(
  ReportFields,
  v.transform(({ content }) => toReport(content.data)),
)

const STEPS = 'steps_to_reproduce'
const EXPECTED = 'expected_result'
const ACTUAL = 'actual_result'

function toReport(data: readonly v.InferOutput<typeof Row>[]): CustomReport {
  const rows = data.filter((row) => row.value !== null).toSorted((a, b) => (a.position === b.position ? 0 : a.position - b.position))
  const valueOf = (key: string): string | null => rows.find((row) => row.key === key)?.value ?? null
  const others = rows.filter((row) => row.key !== STEPS && row.key !== EXPECTED)
  const lines = others.map((row) => `${row.name ?? row.key ?? 'Row'}: ${row.value}`)
  return {
    steps: toSteps(valueOf(STEPS)),
    expectedResult: valueOf(EXPECTED),
    actualResult: valueOf(ACTUAL) ?? (lines.length === 0 ? null : lines.join('\n')),
  }
}
