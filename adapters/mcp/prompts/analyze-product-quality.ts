/** `analyze_product_quality`: first the overview, then a choice, then evidence. */
import * as v from 'valibot'
import { namesOf } from '../completions.ts'
import { optionalReference, optionalText, period } from '../prompt-arguments.ts'
import { prompt } from '../prompt.ts'

export const analyzeProductQuality = prompt({
  name: 'analyze_product_quality',
  title: 'Analyze the quality of a product',
  description: 'An overview of one product in numbers, then a menu of what to look into, then evidence with counts.',
  arguments: v.strictObject({
    product: optionalReference('Id or name of the product; left out: choose one'),
    period: period('last 30 days'),
    focus: optionalText('What to look into at once, or "everything"; left out: choose from a menu'),
  }),
  completions: { product: namesOf('product') },
  steps: (offers) => [
    'Analyze how good a product is, from the results of its crowd tests.',
    '1. Find the product. A number is its id; look a name up with list_products. When several fit or none was given, show them with their counts and ask.',
    offers('sync_data') && 'When freshness says stale or incomplete and the period reaches up to now, offer to call sync_data for this product before you go on.',
    offers('generate_quality_report')
      ? '2. Overview. Call get_product_summary, and generate_quality_report for the product and the period. In at most ten lines: tests and bugs that were counted, bugs by outcome and by severity, the five rates with their health and threshold (the resource testio://playbook says what they mean), and what stands out.'
      : '2. Overview. Call get_product_summary. In at most ten lines: tests and bugs that were counted, bugs by outcome and by severity, the five rates (the resource testio://playbook says what they mean), and what stands out.',
    [
      '3. Stop here and offer this menu, with the one you would choose first and why. Go on without asking only when a focus was given; for "everything" take all of them in order.',
      '   a. Open critical and high bugs: list_bugs with outcomes ["open"] and severities.',
      '   b. Rejections: query_metrics of rejected_count and rejection_rate by rejection_reason and by tester.',
      '   c. Features: query_metrics of bug_count and bugs_per_test by feature.',
      '   d. Platforms: query_metrics of bug_count by platform and severity.',
      '   e. Trend: query_metrics by month, or compare "previous".',
      '   f. Review: auto_acceptance_rate and review_rate by product and month; open bugs that wait longest.',
    ].join('\n'),
    '4. Evidence. For each choice give the numbers, then read examples with get_bug_summary before you say why something is so. Say how many of the matching bugs you have read. Confidence is high when you read more than half of them and over 70 % agree, low when you read fewer than five, else medium.',
    '5. End with at most three things to do, each with the evidence that it rests on.',
  ],
})
