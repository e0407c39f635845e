/** `get_bug_summary`: one bug on one page. */
import * as v from 'valibot'
import { answerNotes, bugFields, freshness, idArgument, named, optionalText, optionalWhole, whole } from '../schema-parts.ts'
import { snakeCased } from '../snake-cased.ts'
import { localRead, tool } from '../tool.ts'

export const getBugSummary = tool({
  name: 'get_bug_summary',
  title: 'Summarize a bug',
  description:
    'One bug on one page: steps, expected and actual result, devices, comments, and why it was rejected. Use it to explain or '
    + 'reproduce a bug. Next: get_test_summary for the test around it.',
  hints: localRead,
  input: v.strictObject({ bug_id: v.pipe(idArgument, v.description('From list_bugs')) }),
  output: v.strictObject({
    ...bugFields,
    status: v.pipe(v.string(), v.description('Upstream word for outcome')),
    rejection_reason_name: optionalText,
    test: v.strictObject({ id: whole, title: v.string() }),
    product: named,
    feature: v.nullable(v.strictObject({ id: optionalWhole, title: v.string() })),
    language: optionalText,
    location: optionalText,
    steps: v.array(v.string()),
    expected_result: optionalText,
    actual_result: optionalText,
    external_id: optionalText,
    exported_at: optionalText,
    devices: v.array(
      v.strictObject({
        category: optionalText, vendor: optionalText, model: optionalText, operating_system: optionalText, os_version: optionalText, browsers: v.array(v.string()),
      }),
    ),
    comments: v.array(v.strictObject({ id: whole, author: optionalText, created_at: optionalText, body: v.string() })),
    freshness,
    ...answerNotes,
  }),
  run: async ({ bug_id }, { tidemark }) => snakeCased(await tidemark.bugs.summary(bug_id)),
})
