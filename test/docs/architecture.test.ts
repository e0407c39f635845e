/** `docs/architecture.md`: the folders that there are, and which imports which. */
import { expect, it } from 'vitest'
import { markdownTable } from '../../adapters/mcp/markdown-table.ts'
import { importDiagram } from './import-diagram.ts'
import { importGraph } from './import-graph.ts'
import { expectWritten } from './written-parts.ts'

/** In the order of the page. */
const purposes: Readonly<Record<string, string>> = {
  'src': 'puts the library together: `openTidemark`, what it takes and gives, diagnostics',
  'src/storage': 'the storage port, the queueing and nesting of transactions behind it, its laws, and the two dialects (`sqlite`, `postgres`)',
  'src/schema': 'tables and columns declared once, with row types; reads a live schema, compares two',
  'src/migrate': 'the migration kit: revisions, their graph, operations as data, runner, autogenerate, verify, lint, scripts',
  'src/model': 'the tables of Tidemark, and what is derived from upstream words: outcome, kind, severity, rejection reason, rates',
  'src/time': 'instants and time phrases',
  'src/testio': 'the client of the TestIO API: wire schemas, retries, breaker, walks over lists, credentials cut out',
  'src/sync': 'brings the copy up to date: streams, proofs of completeness, lease, ledger, quarantine, tombstones, scheduler',
  'src/repositories': 'lists and summaries, one file an entity',
  'src/search': 'full-text search, the same words on both engines',
  'src/analytics': 'dimensions, metrics, one scope, the planner, charts',
  'src/reports': 'the quality report and its renderings',
  'src/doctor': 'what `tidemark doctor` checks in a database, each check with its advice',
  'src/answers': 'forms of answers: snake_case, CSV, the nearest word',
  'src/simulator': 'a simulated TestIO account behind a `fetch`, for demo, tests and bench',
  'migrations': 'the revisions of Tidemark\'s own database, oldest first',
  'adapters/sqljs': 'storage on SQLite as WebAssembly: in memory, on a file, in a browser',
  'adapters/pglite': 'storage on PGlite',
  'adapters/postgres': 'storage on PostgreSQL',
  'adapters/node': 'files, environment, configuration, logging and secrets for Node',
  'adapters/mcp': 'the MCP server: tools, prompts, resources; stdio and HTTP',
  'adapters/cli': 'the `tidemark` command; the one place that picks an engine',
}

it('docs/architecture.md has every folder with its imports', async () => {
  const graph = await importGraph()
  expect([...graph.keys()].toSorted(), 'folders with a purpose').toEqual(Object.keys(purposes).toSorted())
  const short = (folders: ReadonlySet<string> = new Set()): string => [...folders].toSorted().map((folder) => `\`${folder}\``).join(' ')
  const rows = Object.entries(purposes).map(([folder, purpose]) => [`\`${folder}\``, purpose, short(graph.get(folder)?.needs), short(graph.get(folder)?.types)])
  await expectWritten('docs/architecture.md', { imports: importDiagram(graph), folders: markdownTable(['folder', 'what it is', 'needs', 'only types of'], rows) })
})
