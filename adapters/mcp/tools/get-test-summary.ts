/** `get_test_summary`: one test on one page. */
import * as v from 'valibot'
import {
  answerNotes, bugItem, bugRates, freshness, idArgument, optionalText, optionalWhole, outcomeCounts, severityCounts, testFields, whole,
} from '../schema-parts.ts'
import { snakeCased } from '../snake-cased.ts'
import { localRead, tool } from '../tool.ts'

const named = v.strictObject({ id: whole, name: v.string() })

export const getTestSummary = tool({
  name: 'get_test_summary',
  title: 'Summarize a test',
  description:
    'One test on one page: goal, instructions, required platforms, features, and its bugs by outcome, severity, kind and platform with '
    + 'acceptance rates and the newest three. Use it for "how did this test go". '
    + 'Next: list_bugs with test_ids for all its bugs.',
  hints: localRead,
  input: v.strictObject({ test_id: v.pipe(idArgument, v.description('From list_tests'), v.examples([91234])) }),
  output: v.strictObject({
    ...testFields,
    product: named,
    section: v.nullable(named),
    goal: optionalText,
    out_of_scope: optionalText,
    instructions: optionalText,
    report_language: optionalText,
    requirements: v.array(v.string()),
    features: v.array(v.strictObject({ id: optionalWhole, title: v.string(), bug_count: whole })),
    bugs: outcomeCounts,
    rates: v.pipe(bugRates, v.description('Fractions, null when there is nothing to divide by')),
    bugs_by_severity: severityCounts,
    bugs_by_kind: v.array(v.strictObject({ kind: v.string(), count: whole })),
    bugs_by_platform: v.array(v.strictObject({ platform: optionalText, count: whole })),
    newest_bugs: v.pipe(v.array(bugItem), v.description('As in list_bugs')),
    freshness,
    ...answerNotes,
  }),
  run: async ({ test_id }, { tidemark }) => snakeCased(await tidemark.tests.summary(test_id)),
})
