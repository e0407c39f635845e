/** `tidemark bugs`: the bugs, newest first, and the page of one. */
import type { Command } from 'commander'
import { day, minute } from '../../../src/answers/figures.ts'
import type { BugItem, BugListOptions, BugSort, BugSummary } from '../../../src/repositories/items.ts'
import { idsValue, textsValue } from '../flag-values.ts'
import type { Invocation } from '../invocation.ts'
import { bullets, facts, freshnessLine, paragraphs, section, title } from '../render/page.ts'
import type { Column } from '../render/table.ts'
import type { Style, Terminal } from '../render/terminal.ts'
import { declareEntity } from './entity.ts'

export function declare(command: Command, invocation: Invocation): void {
  declareEntity<BugItem, BugListOptions, BugSummary>(command, invocation, {
    one: 'bug',
    many: 'bugs',
    about: 'Lists bugs, the latest report first.',
    sortKeys: ['reported_at', 'severity', 'title', 'id'] satisfies readonly BugSort[],
    examples: ['tidemark bugs --product-ids 598 --severities critical,high --outcomes open', 'tidemark bugs --test-ids 141290 --sort-by severity --sort-order desc', 'tidemark bugs 55'],
    queries: (tidemark) => tidemark.bugs,
    addFilters: (to) => {
      to.option('--tests, --test-ids <ids>', 'only of these tests', idsValue)
        .option('--products, --product-ids <ids>', 'only of these products', idsValue)
        .option('--features, --feature-ids <ids>', 'only of these features', idsValue)
        .option('--outcomes <outcomes>', 'open, accepted, auto_accepted, rejected, other', textsValue)
        .option('--severities <severities>', 'critical, high, low', textsValue)
        .option('--kinds <kinds>', 'functional, visual, content, custom, …', textsValue)
        .option('--rejection-reasons <keys>', 'keys of reject reasons, for example not_reproducible', textsValue)
        .option('--testers <names>', 'only reported by these testers', textsValue)
        .option('--known', 'only bugs marked as known')
        .option('--no-known', 'only bugs not marked as known')
        .option('--platforms <systems>', 'operating systems of the bug\'s own devices', textsValue)
        .option('--from <when>', 'reported since: a date, or a phrase like "30 days ago"')
        .option('--to <when>', 'reported until: a date (that day included) or a phrase')
    },
    columns: () => bugColumns,
    csvFields: () => ['id', 'test_id', 'product_id', 'feature_id', 'title', 'kind', 'severity', 'outcome', 'rejection_reason', 'known', 'tester', 'reported_at'],
    deletedAt: (item) => item.deletedAt,
    page,
  })
}

const severityStyles: Readonly<Record<string, Style>> = { critical: 'red', high: 'yellow' }
const outcomeStyles: Readonly<Record<string, Style>> = { accepted: 'green', auto_accepted: 'green', rejected: 'red' }

export const bugColumns: readonly Column<BugItem>[] = [
  { head: 'ID', align: 'right', text: (item) => String(item.id) },
  { head: 'Test', align: 'right', spare: true, text: (item) => String(item.testId) },
  { head: 'Title', shrinks: true, text: (item) => item.title },
  { head: 'Severity', text: (item) => item.severity ?? item.kind, style: (item) => severityStyles[item.severity ?? ''] },
  { head: 'Outcome', text: (item) => item.outcome, style: (item) => outcomeStyles[item.outcome] },
  { head: 'Tester', shrinks: true, spare: true, text: (item) => item.tester ?? '–' },
  { head: 'Reported', text: (item) => day(item.reportedAt) },
]

function page(terminal: Terminal, bug: BugSummary): readonly string[] {
  return [
    title(terminal, 'Bug', bug.id, bug.title),
    facts(terminal, [
      ['Product', `${bug.product.name} (${bug.product.id})`],
      ['Test', `${bug.test.title} (${bug.test.id})`],
      ['Feature', bug.feature && `${bug.feature.title}${bug.feature.id === null ? '' : ` (${bug.feature.id})`}`],
      ['Severity', bug.severity === null ? bug.kind : `${bug.severity} (${bug.kind})`],
      ['Outcome', bug.rejectionReason === null ? bug.outcome : `${bug.outcome}: ${bug.rejectionReasonName ?? bug.rejectionReason}`],
      ['Known', bug.known ? 'yes' : null],
      ['Tester', bug.tester],
      ['Reported', bug.reportedAt && `${minute(bug.reportedAt)} UTC`],
      ['Exported', bug.exportedAt && `${minute(bug.exportedAt)} UTC${bug.externalId === null ? '' : ` as ${bug.externalId}`}`],
      ['Language', bug.language],
      ['Location', bug.location],
    ]),
    section(terminal, 'Steps', bullets(terminal, bug.steps, (index) => `${index + 1}.`)),
    section(terminal, 'Expected', paragraphs(terminal, bug.expectedResult)),
    section(terminal, 'Actual', paragraphs(terminal, bug.actualResult)),
    section(terminal, 'Devices', bullets(terminal, bug.devices.map(deviceLine))),
    section(terminal, 'Comments', bug.comments.map((comment) => bullets(terminal, [`${comment.author ?? 'Somebody'}, ${minute(comment.createdAt)}: ${comment.body}`])).join('')),
    freshnessLine(terminal, bug.freshness),
  ]
}

function deviceLine(device: BugSummary['devices'][number]): string {
  const model = [device.vendor, device.model].filter((word) => word !== null).join(' ')
  const system = [device.operatingSystem, device.osVersion].filter((word) => word !== null).join(' ')
  return [model, system, device.category ?? '', device.browsers.join(', ')].filter((text) => text !== '').join(' · ')
}
