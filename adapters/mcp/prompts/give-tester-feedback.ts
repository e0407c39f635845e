/** `give_tester_feedback`: fair feedback for one tester, resting on what was reported and decided. */
import * as v from 'valibot'
import { namesOf } from '../completions.ts'
import { period, reference } from '../prompt-arguments.ts'
import { prompt } from '../prompt.ts'

export const giveTesterFeedback = prompt({
  name: 'give_tester_feedback',
  title: 'Write feedback for a tester',
  description: 'What a tester reports well and what could be better, with counts, compared with others in the same tests.',
  arguments: v.strictObject({
    tester: reference('Id or name of the tester'),
    period: period('last 90 days'),
  }),
  completions: { tester: namesOf('user') },
  steps: () => [
    'Write feedback for one tester that is fair, specific and useful to them.',
    '1. Find the tester: a number is an id of list_users; look a name up there with role "tester" and ask when several fit. Call get_user_summary.',
    '2. Numbers for the period, all with the filter tester: query_metrics of bug_count and the five rates; by severity; by rejection_reason; by product.',
    '3. A measure: the same figures without the filter tester, for the same products and the period. Speak of a difference only when both sides have at least ten bugs.',
    '4. Examples: list_bugs with testers, newest first. Read up to five accepted and five rejected ones with get_bug_summary: are the steps complete, is the result said, is the device named, was it in scope?',
    [
      '5. Write the feedback, addressed to the tester, in at most 200 words:',
      '   - Two things that are done well, each with a bug as example.',
      '   - Two things to do differently, each with a bug as example and how it would have looked better.',
      '   - One sentence on what to look at in the next test.',
      '   Then, for whoever asked, separately: the counts that it rests on and how sure you are.',
    ].join('\n'),
    'Judge reports, not the person. Rejections as known or duplicate say little about skill; a rejection without a reason of the list ("other") says nothing. Bugs that still wait count for neither side.',
  ],
})
