/** `prepare_meeting`: one page to take into a meeting about a product. */
import * as v from 'valibot'
import { namesOf } from '../completions.ts'
import { optionalText, period, reference } from '../prompt-arguments.ts'
import { prompt } from '../prompt.ts'

export const prepareMeeting = prompt({
  name: 'prepare_meeting',
  title: 'Prepare a meeting',
  description: 'One page about a product for a meeting: what changed, what it means, what will be asked.',
  arguments: v.strictObject({
    product: reference('Id or name of the product'),
    period: period('last 30 days'),
    audience: optionalText('Who will be there and what they care about, e.g. "their QA lead, renewal"'),
  }),
  completions: { product: namesOf('product') },
  steps: (offers) => [
    'Prepare one page for a meeting about a product and its crowd tests.',
    '1. Find the product: a number is its id; look a name up with list_products and ask when several fit.',
    offers('sync_data') && 'When freshness says stale or incomplete, offer to call sync_data for this product first.',
    '2. Numbers. Call query_metrics with test_count, bug_count, bugs_per_test, overall_acceptance_rate, rejection_rate and review_rate for the period with compare "previous", and once more by severity. Call list_tests for the period with include_bug_counts.',
    '3. Findings. Look for what changed most: query_metrics by feature, by platform and by rejection_reason with compare "previous". Read the bugs behind the three biggest changes with list_bugs and get_bug_summary.',
    [
      '4. Write the page for the audience, if one was given:',
      '   - One sentence that says how it went.',
      '   - Five numbers, each with the period before and the difference.',
      '   - Three findings, each with counts, ids and what it means for them.',
      '   - What is open: bugs that wait for review, tests that are running, data that is incomplete.',
      '   - Three questions that they are likely to ask, each with an answer that the data supports, or what is missing for one.',
      '   - What to ask them for.',
    ].join('\n'),
    'Keep facts and your own reading of them apart.',
  ],
})
