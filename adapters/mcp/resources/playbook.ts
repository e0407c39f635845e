/** `testio://playbook`: how to read the figures, with the thresholds that reports judge by unless they are given others. */
import type { Thresholds } from '../../../src/reports/quality-report.ts'
import { markdownTable } from '../markdown-table.ts'
import type { PageResource } from '../resource.ts'

export const playbook: PageResource = {
  definition: {
    uri: 'testio://playbook',
    name: 'playbook',
    title: 'Playbook',
    description: 'How to read rates and counts of crowd tests: thresholds of health, what usually lies behind a bad figure, how sure one can be.',
    mimeType: 'text/markdown',
  },
  ofThisServer: true,
  read: async ({ tidemark }) => playbookText((await tidemark()).reports.thresholds),
}

function playbookText({ rejectionRate, autoAcceptanceRate, reviewRate }: Thresholds): string {
  return [
    '# Playbook',
    '## Health',
    'As fractions, like the rates. A rate without a divisor is unknown, not bad. Everything that is neither warning nor critical is healthy; the other two rates have no threshold, they depend on what was asked for. A report can be asked for with other thresholds, and says which it used.',
    markdownTable(['rate', 'warning', 'critical', 'what it says'], [
      ['rejection_rate', `${rejectionRate.warning} or more`, `${rejectionRate.critical} or more`, 'Reports that the customer did not want.'],
      ['auto_acceptance_rate', `${autoAcceptanceRate.warning} or more`, `${autoAcceptanceRate.critical} or more`, 'Reports that nobody looked at in time.'],
      ['review_rate', `${reviewRate.warning} or less`, `${reviewRate.critical} or less`, 'How much of what was reported a person decided on.'],
    ]),
    '## What usually lies behind it',
    markdownTable(['seen', 'look at', 'usual causes'], [
      ['many rejections', 'rejected_count by rejection_reason, then by test', 'One reason in most tests: scope or instructions are unclear. One test: its environment or build. One tester: feedback.'],
      ['many auto-accepted bugs', 'auto_acceptance_rate by month and product', 'Nobody has time to review, or tests end before holidays. The bugs may be good all the same.'],
      ['low review rate', 'open_count by product and test', 'Bugs still wait, or time ran out. Look at running tests apart: their bugs are young.'],
      ['few bugs per test', 'bugs_per_test by testing_type and feature', 'A mature product, a narrow scope, or an environment that did not work. Not by itself good news.'],
      ['many critical bugs', 'list_bugs by severity, features and platforms of them', 'A new build, one broken flow reported many times, or one platform.'],
      ['a sudden change', 'the same by month; test_count beside it', 'Fewer or other tests. Compare per test, and the same testing_type.'],
    ]),
    '## How sure',
    '- Below ten bugs give counts, not rates; below three tests say so.\n- A cause is a guess until bugs were read: high when more than half of the matching ones were read and over 70 % agree, low when fewer than five were read, else medium.\n- Rows of platform, browser, device_category, required_platform and feature overlap: take totals from the answer, do not add rows up.\n- Compare periods of one length, and only when both are complete (freshness, warnings).',
    '## In which order',
    'Overview first (product summary, report), then one question at a time (query_metrics), then the bugs behind it (list_bugs, bug summaries). Say what was counted before what it means.',
  ].join('\n\n')
}
