/** `tidemark features`: the feature catalogue, and the page of one feature. */
import type { Command } from 'commander'
import { count } from '../../../src/answers/figures.ts'
import type { FeatureItem, FeatureListOptions, FeatureSort, FeatureSummary } from '../../../src/repositories/items.ts'
import { idsValue } from '../flag-values.ts'
import type { Invocation } from '../invocation.ts'
import { bugFacts, bullets, facts, freshnessLine, paragraphs, section, title } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'
import { bugColumns } from './bugs.ts'
import { declareEntity } from './entity.ts'
import { testColumns } from './tests.ts'

export function declare(command: Command, invocation: Invocation): void {
  declareEntity<FeatureItem, FeatureListOptions, FeatureSummary>(command, invocation, {
    one: 'feature',
    many: 'features',
    about: 'Lists features by title, with the number of their user stories, tests and bugs.',
    sortKeys: ['title', 'id', 'test_count', 'bug_count', 'user_story_count'] satisfies readonly FeatureSort[],
    examples: ['tidemark features --product-ids 598 --sort-by bug_count --sort-order desc', 'tidemark features --has-user-stories --search login', 'tidemark features 21500'],
    queries: (tidemark) => tidemark.features,
    addFilters: (to) => {
      to.option('--products, --product-ids <ids>', 'only of these products', idsValue)
        .option('--has-user-stories', 'only features with user stories')
        .option('--no-has-user-stories', 'only features without user stories')
        .option('--search <text>', 'part of the title, in any case')
    },
    columns: () => columns,
    csvFields: () => ['id', 'product_id', 'title', 'user_story_count', 'test_count', 'bug_count'],
    deletedAt: (item) => item.deletedAt,
    page,
  })
}

const columns: readonly Column<FeatureItem>[] = [
  { head: 'ID', align: 'right', text: (item) => String(item.id) },
  { head: 'Product', align: 'right', text: (item) => String(item.productId) },
  { head: 'Feature', shrinks: true, text: (item) => item.title },
  { head: 'Stories', align: 'right', text: (item) => count(item.userStoryCount) },
  { head: 'Tests', align: 'right', text: (item) => count(item.testCount) },
  { head: 'Bugs', align: 'right', text: (item) => count(item.bugCount) },
]

function page(terminal: Terminal, feature: FeatureSummary): readonly string[] {
  return [
    title(terminal, 'Feature', feature.id, feature.title),
    facts(terminal, [
      ['Product', `${feature.product.name} (${feature.product.id})`],
      ['Sections', feature.sections.map(({ name }) => name).join(', ')],
      ['Tests', count(feature.testCount)],
      ...bugFacts(feature),
    ]),
    section(terminal, 'Description', paragraphs(terminal, feature.description)),
    section(terminal, 'How to find it', paragraphs(terminal, feature.howToFind)),
    section(terminal, 'User stories', bullets(terminal, feature.userStories)),
    section(terminal, 'Newest bugs', feature.newestBugs.length === 0 ? '' : renderTable(terminal, bugColumns, feature.newestBugs)),
    section(terminal, 'Newest tests', feature.newestTests.length === 0 ? '' : renderTable(terminal, testColumns({ includeBugCounts: false }), feature.newestTests)),
    freshnessLine(terminal, feature.freshness),
  ]
}
