/** `tidemark metrics`: what `tidemark query` can be asked, told from the registries of analytics. Needs no database. */
import type { Command } from 'commander'
import { analyticsCapabilities } from '../../../src/analytics/capabilities.ts'
import type { AnalyticsCapabilities } from '../../../src/analytics/question.ts'
import { count } from '../../../src/answers/figures.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { facts, renderPage, section } from '../render/page.ts'
import type { Terminal } from '../render/terminal.ts'

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Says what "tidemark query" can count and group by: every metric and dimension with its meaning, the limits, and how times can be written.')
    .addHelpText('after', examples(['tidemark metrics', 'tidemark metrics --json']))
    .action(() => invocation.answer(analyticsCapabilities(), render))
}

function render(terminal: Terminal, { metrics, dimensions, filters, limits, timePhrases }: AnalyticsCapabilities): string {
  const keys = new Set<string>(dimensions.map(({ key }) => key))
  return renderPage([
    section(terminal, 'Metrics (--metrics)', facts(terminal, metrics.map(({ key, meaning, example }) => [key, `${meaning} ${example}`] as const))),
    section(terminal, 'Dimensions (--by, --where)', facts(terminal, dimensions.map(({ key, meaning, values, example }) => [key, `${meaning} ${values === null ? `For example ${example}.` : `One of ${values.join(', ')}.`}`] as const))),
    section(terminal, 'Also for --where', facts(terminal, filters.filter((key) => !keys.has(key)).map((key) => [key, 'By id.'] as const))),
    section(terminal, 'Limits', facts(terminal, [
      ['dimensions', count(limits.dimensions)],
      ['rows', `${count(limits.rows)}, ${count(limits.defaultRows)} unless asked otherwise, ${count(limits.drillRows)} with --drill`],
      ['values', `${count(limits.filterValues)} in one condition`],
    ])),
    section(terminal, 'Times (--from, --to)', facts(terminal, [['for example', timePhrases.join(', ')]])),
  ])
}
