/** `get_test_summary`: one test on one page. */
import * as v from 'valibot'
import { answerNotes, bugFigures, freshness, idArgument, named, optionalText, optionalWhole, testFields, whole } from '../schema-parts.ts'
import { snakeCased } from '../snake-cased.ts'
import { localRead, tool } from '../tool.ts'

const asked = v.nullable(v.boolean())

export const getTestSummary = tool({
  name: 'get_test_summary',
  title: 'Summarize a test',
  description:
    'One test on one page: goal, instructions, required platforms, features, bugs by outcome, severity, kind and platform, rates, the '
    + 'newest three bugs. Next: list_bugs with test_ids.',
  hints: localRead,
  input: v.strictObject({ test_id: v.pipe(idArgument, v.description('From list_tests')) }),
  output: v.strictObject({
    ...testFields,
    product: named,
    section: v.nullable(named),
    goal: optionalText,
    out_of_scope: optionalText,
    instructions: optionalText,
    report_language: optionalText,
    requirements: v.array(v.string()),
    reportable: v.strictObject({ low: asked, high: asked, critical: asked }),
    features: v.array(v.strictObject({ id: optionalWhole, title: v.string(), bug_count: whole })),
    ...bugFigures,
    freshness,
    ...answerNotes,
  }),
  run: async ({ test_id }, { tidemark }) => snakeCased(await tidemark.tests.summary(test_id)),
})
