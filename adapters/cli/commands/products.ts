/** `tidemark products`: the products with their counts, and the page of one. */
import type { Command } from 'commander'
import { count, day } from '../../../src/answers/figures.ts'
import type { ProductItem, ProductListOptions, ProductSort, ProductSummary } from '../../../src/repositories/items.ts'
import { textsValue } from '../flag-values.ts'
import type { Invocation } from '../invocation.ts'
import { bugFacts, bullets, facts, freshnessLine, paragraphs, section, title } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'
import { bugColumns } from './bugs.ts'
import { declareEntity } from './entity.ts'
import { testColumns } from './tests.ts'

export function declare(command: Command, invocation: Invocation): void {
  declareEntity<ProductItem, ProductListOptions, ProductSummary>(command, invocation, {
    one: 'product',
    many: 'products',
    about: 'Lists products by name, with the number of their tests, bugs and features.',
    sortKeys: ['name', 'id', 'test_count', 'bug_count', 'feature_count', 'last_test_end_at'] satisfies readonly ProductSort[],
    examples: ['tidemark products', 'tidemark products --search shop --sort-by bug_count --sort-order desc', 'tidemark products 598'],
    queries: (tidemark) => tidemark.products,
    addFilters: (to) => {
      to.option('--search <text>', 'part of the name or description, in any case').option('--type, --types <types>', 'only these types, for example website,mobile_app_ios', textsValue)
    },
    columns: () => productColumns,
    csvFields: () => ['id', 'name', 'type', 'description', 'test_count', 'bug_count', 'feature_count', 'tests_last_30_days', 'tests_last_90_days', 'last_test_end_at'],
    deletedAt: (item) => item.deletedAt,
    page,
  })
}

export const productColumns: readonly Column<ProductItem>[] = [
  { head: 'ID', align: 'right', text: (item) => String(item.id) },
  { head: 'Product', shrinks: true, text: (item) => item.name },
  { head: 'Type', spare: true, text: (item) => item.type ?? '–' },
  { head: 'Tests', align: 'right', text: (item) => count(item.testCount) },
  { head: '30 days', align: 'right', text: (item) => count(item.testsLast30Days) },
  { head: 'Bugs', align: 'right', text: (item) => count(item.bugCount) },
  { head: 'Features', align: 'right', text: (item) => count(item.featureCount) },
  { head: 'Last test', text: (item) => day(item.lastTestEndAt) },
]

function page(terminal: Terminal, product: ProductSummary): readonly string[] {
  return [
    title(terminal, 'Product', product.id, product.name),
    facts(terminal, [
      ['Type', product.type],
      ['Tests', `${count(product.testCount)}, ${count(product.testsLast30Days)} in the last 30 days, ${count(product.testsLast90Days)} in the last 90`],
      ['By status', product.testsByStatus.map(({ status, count: number }) => `${count(number)} ${status}`).join(', ')],
      ['Last test', day(product.lastTestEndAt)],
      ['Features', count(product.featureCount)],
      ...bugFacts(product),
    ]),
    section(terminal, 'Description', paragraphs(terminal, product.description)),
    section(terminal, 'Sections', bullets(terminal, product.sections.filter(({ isDefault }) => !isDefault).map(({ name, id }) => `${name} (${id})`))),
    section(terminal, 'Newest bugs', product.newestBugs.length === 0 ? '' : renderTable(terminal, bugColumns, product.newestBugs)),
    section(terminal, 'Newest tests', product.newestTests.length === 0 ? '' : renderTable(terminal, testColumns({ includeBugCounts: false }), product.newestTests)),
    freshnessLine(terminal, product.freshness),
  ]
}
