/** `docs/metrics.md`: the words of the glossary that AI clients read, and every metric and dimension of the registries. */
import { expect, it } from 'vitest'
import { markdownTable } from '../../adapters/mcp/markdown-table.ts'
import { glossaryText } from '../../adapters/mcp/resources/glossary.ts'
import { analyticsCapabilities } from '../../src/analytics/capabilities.ts'
import type { CountMetric, Metric } from '../../src/analytics/metric.ts'
import { type MetricKey, metrics } from '../../src/analytics/metrics.ts'
import { bugOutcomes } from '../../src/model/bug-outcome.ts'
import { badSide, defaultThresholds } from '../../src/reports/health.ts'
import { healthRates } from '../../src/reports/quality-report.ts'
import { expectWritten } from './written-parts.ts'

it('docs/metrics.md has every word, metric and dimension', async () => {
  const { dimensions, filters, limits, timePhrases } = analyticsCapabilities()
  const keys = new Set<string>(dimensions.map(({ key }) => key))
  await expectWritten('docs/metrics.md', {
    words: sectionOf('Words'),
    outcomes: sectionOf('Outcomes of a bug'),
    metrics: markdownTable(['metric', 'means', 'formula', 'unit', 'range', 'counts', 'groups add up', 'answers, for example'], metrics.map((metric) => [
      `\`${metric.key}\``, metric.meaning, formulaOf(metric), units[metric.key], rangeOf(metric), countedIn(metric), metric.kind === 'count' && metric.additive ? 'yes' : 'no', metric.example,
    ])),
    health: markdownTable(['rate', 'warning', 'critical'], healthRates.map((rate) => {
      const reaches = (threshold: number): string => `${badSide[rate] === 'high' ? '≥' : '≤'} ${threshold.toFixed(2)}`
      return [`\`${rate.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}\``, reaches(defaultThresholds[rate].warning), reaches(defaultThresholds[rate].critical)]
    })),
    dimensions: markdownTable(['dimension', 'of', 'a test or bug has', 'type', 'beside it', 'means', 'for example'], dimensions.map(({ key, level, many, type, idKey, values, meaning, example }) => [
      `\`${key}\``, level, many ? 'any number' : 'one', values === null ? type : `one of ${values.map((value) => `\`${value}\``).join(' ')}`, idKey === null ? '' : `\`${idKey}\``, meaning, `\`${example}\``,
    ])),
    limits: [
      `- Filters: any dimension, and ${filters.filter((key) => !keys.has(key)).map((key) => `\`${key}\``).join(', ')}.`,
      `- At most ${limits.dimensions} dimensions and ${limits.rows} rows (${limits.defaultRows} unless asked otherwise), ${limits.filterValues} values in a filter, ${limits.drillRows} rows with \`drill\`.`,
      `- Times, for example: ${timePhrases.map((phrase) => `\`${phrase}\``).join(' ')}.`,
    ].join('\n'),
  })
})

const units: Readonly<Record<MetricKey, string>> = {
  test_count: 'tests', bug_count: 'bugs', tests_with_bugs: 'tests', bugs_per_test: 'bugs per test', features_tested: 'features', active_testers: 'testers', severity_score: 'points',
  open_count: 'bugs', accepted_count: 'bugs', auto_accepted_count: 'bugs', rejected_count: 'bugs',
  overall_acceptance_rate: 'share', active_acceptance_rate: 'share', auto_acceptance_rate: 'share', rejection_rate: 'share', review_rate: 'share',
}

function formulaOf(metric: Metric & { readonly key: MetricKey }): string {
  if (metric.kind === 'count') {
    if (metric.key === 'severity_score') return 'sum of the severity scores of B'
    const outcome = bugOutcomes.find((word) => metric.key === `${word}_count`)
    return `${metric.additive ? '' : 'different '}${units[metric.key]} of ${sides[metric.over]}${outcome === undefined ? '' : ` whose outcome is \`${outcome}\``}`
  }
  return `${sumOf(metric.parts)} ÷ ${sumOf(metric.wholes)}`
}

const sides = { tests: 'T', bugs: 'B' } as const

function sumOf(counts: readonly CountMetric[]): string {
  const sum = counts.map(({ key }) => `\`${key}\``).join(' + ')
  return counts.length === 1 ? sum : `(${sum})`
}

function rangeOf({ kind, key }: { readonly kind: Metric['kind']; readonly key: MetricKey }): string {
  if (kind === 'count') return '0 and up'
  return units[key] === 'share' ? '0 to 1, or null' : '0 and up, or null'
}

function countedIn(metric: Metric): string {
  if (metric.kind === 'count') return metric.over
  return [...new Set([...metric.parts, ...metric.wholes].map(({ over }) => over))].join(' and ')
}

/** A section of the page that AI clients read. */
function sectionOf(heading: string): string {
  const section = glossaryText().split('\n\n## ').find((part) => part.startsWith(`${heading}\n\n`))
  expect(section, `the section "${heading}" of the glossary`).toBeDefined()
  return (section ?? '').slice(heading.length + 2)
}
