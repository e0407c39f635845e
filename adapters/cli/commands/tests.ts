/** `tidemark tests`: the tests, newest first, and the page of one. */
import { Option, type Command } from 'commander'
import { count, day, minute } from '../../../src/answers/figures.ts'
import type { BugItem, TestItem, TestListOptions, TestSort, TestSummary } from '../../../src/repositories/items.ts'
import { idsValue, textsValue } from '../flag-values.ts'
import type { Invocation } from '../invocation.ts'
import { bugFacts, bullets, facts, freshnessLine, paragraphs, section, title } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'
import { bugColumns } from './bugs.ts'
import { declareEntity } from './entity.ts'

export function declare(command: Command, invocation: Invocation): void {
  declareEntity<TestItem, TestListOptions, TestSummary>(command, invocation, {
    one: 'test',
    many: 'tests',
    about: 'Lists tests, the latest end first.',
    sortKeys: ['end_at', 'start_at', 'title', 'status', 'id'] satisfies readonly TestSort[],
    examples: ['tidemark tests --product-ids 598 --statuses running,locked', 'tidemark tests --from "last quarter" --include-bug-counts', 'tidemark tests 141290'],
    queries: (tidemark) => tidemark.tests,
    addFilters: (to) => {
      to.option('--products, --product-ids <ids>', 'only of these products, for example 598,599', idsValue)
        .option('--status, --statuses <statuses>', 'only with these statuses, for example running,locked,archived', textsValue)
        .option('--testing-types <types>', 'only of these types, for example coverage,rapid', textsValue)
        .option('--from <when>', 'a date, or a phrase like "30 days ago", "last month", Q3 2025')
        .option('--to <when>', 'a date (that day included) or a phrase')
        .addOption(new Option('--date-field <field>', 'the date that --from and --to mean (default: end_at)').choices(['end_at', 'start_at']))
        .option('--bugs, --include-bug-counts', 'with the number of bugs by outcome')
        .option('--search <text>', 'part of the title, in any case')
    },
    columns: testColumns,
    csvFields: ({ includeBugCounts }) => [
      'id', 'product_id', 'title', 'status', 'testing_type', 'review_status', 'start_at', 'end_at', 'created_by', 'submitted_by', 'environment_id', 'environment_title',
      ...(includeBugCounts === true ? ['bugs_total', 'bugs_open', 'bugs_accepted', 'bugs_auto_accepted', 'bugs_rejected', 'bugs_other'] : []),
    ],
    deletedAt: (item) => item.deletedAt,
    page,
  })
}

export function testColumns({ includeBugCounts }: Pick<TestListOptions, 'includeBugCounts'>): readonly Column<TestItem>[] {
  return [
    { head: 'ID', align: 'right', text: (item) => String(item.id) },
    { head: 'Product', align: 'right', spare: true, text: (item) => String(item.productId) },
    { head: 'Title', shrinks: true, text: (item) => item.title },
    { head: 'Status', text: (item) => item.status },
    { head: 'Type', spare: true, text: (item) => item.testingType ?? '–' },
    { head: 'End (UTC)', text: (item) => day(item.endAt) },
    ...(includeBugCounts === true ? bugCountColumns : []),
  ]
}

const bugCountColumns: readonly Column<TestItem>[] = [
  { head: 'Bugs', align: 'right', text: (item) => count(item.bugs?.total ?? null) },
  { head: 'Open', align: 'right', text: (item) => count(item.bugs?.open ?? null) },
  { head: 'Acc.', align: 'right', text: (item) => count(item.bugs === undefined ? null : item.bugs.accepted + item.bugs.autoAccepted) },
  { head: 'Rej.', align: 'right', text: (item) => count(item.bugs?.rejected ?? null) },
]

function page(terminal: Terminal, test: TestSummary): readonly string[] {
  return [
    title(terminal, 'Test', test.id, test.title),
    facts(terminal, [
      ['Product', `${test.product.name} (${test.product.id})`],
      ['Section', test.section && `${test.section.name} (${test.section.id})`],
      ['Status', [test.status, test.reviewStatus].filter((word) => word !== null).join(', ')],
      ['Type', test.testingType],
      ['Start', test.startAt && `${minute(test.startAt)} UTC`],
      ['End', test.endAt && `${minute(test.endAt)} UTC`],
      ['Environment', test.environment?.title ?? null],
      ['Language', test.reportLanguage],
      ['Created by', test.createdBy],
      ['Submitted by', test.submittedBy],
      ['Devices', test.requirements.join(', ')],
      ['Reportable', Object.entries(test.reportable).filter(([, wanted]) => wanted === true).map(([severity]) => severity).join(', ')],
      ...bugFacts(test),
    ]),
    section(terminal, 'Goal', paragraphs(terminal, test.goal)),
    section(terminal, 'Out of scope', paragraphs(terminal, test.outOfScope)),
    section(terminal, 'Instructions', paragraphs(terminal, test.instructions)),
    section(terminal, 'Features', bullets(terminal, test.features.map((feature) => `${feature.title}${feature.bugCount === 0 ? '' : ` (bugs: ${count(feature.bugCount)})`}`))),
    section(terminal, 'Newest bugs', bugTable(terminal, test.newestBugs)),
    freshnessLine(terminal, test.freshness),
  ]
}

function bugTable(terminal: Terminal, bugs: readonly BugItem[]): string {
  return bugs.length === 0 ? '' : renderTable(terminal, bugColumns.filter(({ head }) => head !== 'Test'), bugs)
}
