/** The first look at a copy: the products, the bugs by outcome and severity, the newest tests, the worst open bugs. Asks the library, adds nothing. */
import { count } from '../../src/answers/figures.ts'
import { bugOutcomes } from '../../src/model/bug-outcome.ts'
import { executedStatuses } from '../../src/model/test-status.ts'
import type { BugItem, BugOutcome, BugSeverity, ProductItem, TestItem } from '../../src/repositories/items.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { bugColumns } from './commands/bugs.ts'
import { productColumns } from './commands/products.ts'
import { testColumns } from './commands/tests.ts'
import { section } from './render/page.ts'
import { renderTable, type Column } from './render/table.ts'
import type { Terminal } from './render/terminal.ts'

export interface Overview {
  readonly products: readonly ProductItem[]
  readonly bugs: readonly OutcomeRow[]
  readonly newestTests: readonly TestItem[]
  readonly worstOpenBugs: readonly BugItem[]
}

/** Bugs of one outcome; `otherKinds` are those without a severity. */
export interface OutcomeRow extends Readonly<Record<BugSeverity, number>> {
  readonly outcome: BugOutcome
  readonly otherKinds: number
  readonly total: number
}

export async function readOverview(tidemark: Tidemark): Promise<Overview> {
  const bugs: OutcomeRow[] = []
  for (const outcome of bugOutcomes) bugs.push(await outcomeRow(tidemark, outcome))
  return {
    products: (await tidemark.products.list({ limit: 100 })).items,
    bugs: bugs.filter(({ total }) => total > 0),
    newestTests: (await tidemark.tests.list({ limit: 5, includeBugCounts: true, statuses: executedStatuses })).items,
    worstOpenBugs: (await tidemark.bugs.list({ limit: 3, outcomes: ['open'], sortBy: 'severity', sortOrder: 'desc' })).items,
  }
}

async function outcomeRow(tidemark: Tidemark, outcome: BugOutcome): Promise<OutcomeRow> {
  const total = async (severities?: readonly BugSeverity[]) => (await tidemark.bugs.list({ outcomes: [outcome], severities, limit: 1 })).total
  const [all, critical, high, low] = [await total(), await total(['critical']), await total(['high']), await total(['low'])]
  return { outcome, critical, high, low, otherKinds: all - critical - high - low, total: all }
}

export function renderOverview(terminal: Terminal, overview: Overview): readonly string[] {
  return [
    section(terminal, 'Products', renderTable(terminal, productColumns, overview.products)),
    section(terminal, 'Bugs by outcome and severity', renderTable(terminal, outcomeColumns, [...overview.bugs, sumRow(overview.bugs)])),
    section(terminal, 'Newest tests that run or ran', renderTable(terminal, testColumns({ includeBugCounts: true }), overview.newestTests)),
    section(terminal, 'The worst open bugs', overview.worstOpenBugs.length === 0 ? '' : renderTable(terminal, bugColumns, overview.worstOpenBugs)),
  ]
}

type NamedRow = Omit<OutcomeRow, 'outcome'> & { readonly outcome: string }

const outcomeColumns: readonly Column<NamedRow>[] = [
  { head: 'Outcome', text: (row) => row.outcome },
  { head: 'Critical', align: 'right', text: (row) => count(row.critical) },
  { head: 'High', align: 'right', text: (row) => count(row.high) },
  { head: 'Low', align: 'right', text: (row) => count(row.low) },
  { head: 'Other kinds', align: 'right', text: (row) => count(row.otherKinds) },
  { head: 'All', align: 'right', text: (row) => count(row.total) },
]

function sumRow(rows: readonly OutcomeRow[]): NamedRow {
  const sum = (value: (row: OutcomeRow) => number) => rows.reduce((total, row) => total + value(row), 0)
  return { outcome: 'all', critical: sum((row) => row.critical), high: sum((row) => row.high), low: sum((row) => row.low), otherKinds: sum((row) => row.otherKinds), total: sum((row) => row.total) }
}
