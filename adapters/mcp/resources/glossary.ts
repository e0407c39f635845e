/**
 * `testio://glossary`: every word, metric and dimension that answers use. Metrics and dimensions come from the registries of
 * analytics, lists of words from the model, so that it cannot fall behind them.
 */
import { analyticsCapabilities } from '../../../src/analytics/capabilities.ts'
import { bugOutcomes } from '../../../src/model/bug-outcome.ts'
import { bugSeverities, severityRank, severityScore } from '../../../src/model/bug-severity.ts'
import { executedStatuses, finalStatuses } from '../../../src/model/test-status.ts'
import { markdownTable } from '../markdown-table.ts'
import type { PageResource } from '../resource.ts'

export const glossary: PageResource = {
  definition: {
    uri: 'testio://glossary',
    name: 'glossary',
    title: 'Glossary',
    description: 'What the words in answers mean: outcomes, severities, statuses, and every metric and dimension of query_metrics.',
    mimeType: 'text/markdown',
  },
  read: glossaryText,
}

const outcomeMeanings: Readonly<Record<(typeof bugOutcomes)[number], string>> = {
  open: 'waits for a decision (upstream: forwarded)',
  accepted: 'accepted by a person',
  auto_accepted: 'accepted by the platform, because nobody decided in time',
  rejected: 'rejected',
  other: 'any other upstream word, which stands beside it',
}

/** The page, in Markdown. */
export function glossaryText(): string {
  const { dimensions, metrics, limits, timePhrases } = analyticsCapabilities()
  return [
    '# Glossary',
    '## Words',
    markdownTable(['word', 'meaning'], [
      ['product', 'What is tested: a site or an app. Tests, features and bugs belong to one.'],
      ['test', 'A test cycle: a time in which testers look at a product. Its date is end_at.'],
      ['bug', 'What a tester reported in a test.'],
      ['feature', 'A part of a product in its catalogue. A test looks at some of them and keeps a snapshot.'],
      ['tester', 'The author of a bug. Upstream gives only names, so people with one name are one tester.'],
      ['executed', `Tests that count in analytics and reports unless asked otherwise: ${executedStatuses.join(', ')}.`],
      ['final', `Statuses after which bugs do not change: ${finalStatuses.join(', ')}.`],
      ['kind', 'functional, or the upstream word of a bug that has no severity: visual, content, custom, …'],
      ['severity', `Of functional bugs only, least severe first: ${bugSeverities.join(', ')}. Sorted by rank (${bugSeverities.map((word) => `${word} ${severityRank(word)}`).join(', ')}, none ${severityRank(null)}), added up by score (${bugSeverities.map((word) => `${word} ${severityScore(word)}`).join(', ')}, none ${severityScore(null)}).`],
      ['rejection reason', 'Of rejected bugs only: the key of the reason of the account whose text is found in a comment; other when none is.'],
      ['known', 'The bug was marked as a known issue.'],
      ['freshness', 'as_of: when the oldest data behind an answer was fetched; stale: older than the refresh interval; incomplete: something could not be read.'],
      ['time range', 'From its start up to, and without, its end. A bare day as end includes that day. UTC unless a time zone is given.'],
    ]),
    '## Outcomes of a bug',
    markdownTable(['outcome', 'meaning'], bugOutcomes.map((outcome) => [outcome, outcomeMeanings[outcome]])),
    '## Metrics',
    'A ratio is an unrounded fraction, and null, never 0, where there is nothing to divide by.',
    markdownTable(['metric', 'type', 'meaning', 'answers, for example'], metrics.map(({ key, type, meaning, example }) => [key, type, meaning, example])),
    '## Dimensions',
    `At most ${limits.dimensions} in one question; each is a filter, too. Where a test or bug can be in several groups (many), rows add up to more than the totals.`,
    markdownTable(
      ['dimension', 'of', 'many', 'meaning', 'for example'],
      dimensions.map(({ key, level, many, meaning, example, values }) => [key, level, many ? 'yes' : '', values === null ? meaning : `${meaning} One of ${values.join(', ')}.`, example]),
    ),
    '## Times',
    `from and to take, for example: ${timePhrases.map((phrase) => `"${phrase}"`).join(', ')}.`,
  ].join('\n\n')
}
