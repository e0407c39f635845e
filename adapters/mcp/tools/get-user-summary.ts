/** `get_user_summary`: one person on one page. */
import * as v from 'valibot'
import { answerNotes, bugFigures, freshness, idArgument, testItem, userFields, whole } from '../schema-parts.ts'
import { snakeCased } from '../snake-cased.ts'
import { localRead, tool } from '../tool.ts'

export const getUserSummary = tool({
  name: 'get_user_summary',
  title: 'Summarize a person',
  description:
    'One person on one page: when they were active, the bugs of a tester by outcome, severity, kind and platform, rates, the tests '
    + 'that a customer user set up.',
  hints: localRead,
  input: v.strictObject({ user_id: v.pipe(idArgument, v.description('From list_users')) }),
  output: v.strictObject({
    ...userFields,
    tests_created: whole,
    tests_submitted: whole,
    ...bugFigures,
    newest_tests: v.array(testItem),
    freshness,
    ...answerNotes,
  }),
  run: async ({ user_id }, { tidemark }) => snakeCased(await tidemark.users.summary(user_id)),
})
