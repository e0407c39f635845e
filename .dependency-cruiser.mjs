/**
 * Who may import whom. `npm run lint` checks these rules and `test/architecture` proves that each of them can fail.
 * Type-only imports count as well: the core compiles without the adapters.
 */
const adaptersThatCompose = '^adapters/(cli|mcp)/'
const coreLibraries = ['kysely', 'valibot', 'p-limit', 'temporal-polyfill', 'pure-rand', 'd3-scale', 'd3-shape']
const npmKinds = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown']

/** A path below node_modules that belongs to one of the named packages. */
const packages = (...names) => `(^|/)node_modules/(@types/)?(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})(/|$)`

/** A rule that one library is imported from one place only. */
const home = (name, library, folder) => ({
  name,
  severity: 'error',
  from: { path: '^(src|adapters|migrations)/', pathNot: folder },
  to: { path: packages(...library) },
})

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'core-without-runtime',
      comment: 'src/ runs in Node, Deno, Bun and a browser: no built-in module of any of them.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-without-adapters',
      comment: 'Deleting adapters/ must leave the core compiling.',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { path: '^adapters/' },
    },
    {
      name: 'core-libraries',
      comment: `src/ and migrations/ use these packages and no others: ${coreLibraries.join(', ')}.`,
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { dependencyTypes: npmKinds, pathNot: packages(...coreLibraries) },
    },
    {
      name: 'adapters-apart',
      comment: 'An adapter knows the core and its own engine, not another adapter; only the entry points compose them.',
      severity: 'error',
      from: { path: '^adapters/([^/]+)/', pathNot: adaptersThatCompose },
      to: { path: '^adapters/', pathNot: '^adapters/$1/' },
    },
    {
      name: 'nothing-below-the-command',
      comment: 'adapters/cli is the top: nobody imports it.',
      severity: 'error',
      from: { path: '^(src|adapters|migrations)/', pathNot: '^adapters/cli/' },
      to: { path: '^adapters/cli/' },
    },
    home('sqljs-in-its-adapter', ['sql.js'], '^adapters/sqljs/'),
    home('pglite-in-its-adapter', ['@electric-sql/pglite'], '^adapters/pglite/'),
    home('postgres-in-its-adapter', ['pg'], '^adapters/postgres/'),
    home('mcp-sdk-in-its-adapter', ['@modelcontextprotocol/[^/]+'], '^adapters/(mcp/|cli/mcp-sdk\\.ts$)'),
    home('charts-in-the-report', ['d3-scale', 'd3-shape'], '^src/reports/html/charts/'),
    home('terminal-in-the-command', ['commander', '@clack/prompts'], '^adapters/cli/'),
    {
      name: 'migrations-by-wiring',
      comment: 'Migrations are data: the place that opens a Tidemark database reads them, and nobody else.',
      severity: 'error',
      from: { path: '^(src|adapters)/', pathNot: '^src/(open-tidemark|migrate/tidemark-migrator)\\.ts$' },
      to: { path: '^migrations/' },
    },
    {
      name: 'revisions-of-their-own',
      comment: 'A revision does the same for ever: what it needs beside the kit stands in it, not in a program that goes on.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^src/', pathNot: '^src/(migrate|schema)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-without-scaffolding',
      comment: 'What is published imports no test, bench or example.',
      severity: 'error',
      from: { path: '^(src|adapters|migrations)/' },
      to: { path: '^(test|bench|examples)/' },
    },
    {
      name: 'no-development-packages',
      comment: 'What is published imports only what a user gets: dependencies and (optional) peers.',
      severity: 'error',
      from: { path: '^(src|adapters|migrations)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional', 'type-only'],
      },
    },
    {
      name: 'no-barrels-inside',
      comment: 'mod.ts files are entry points for users; inside, import from the module that owns the name.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '(^|/)mod\\.ts$' },
    },
    {
      name: 'no-runtime-cycles',
      comment: 'Modules that need each other to load depend on load order. Cycles of types alone are harmless.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      comment: 'Every import leads to a file or an installed package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The peers of the bench are a package of their own, which need not be installed.
    exclude: { path: '(^|/)(dist|coverage)/|^bench/(peers|results)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'], extensions: ['.ts', '.mjs', '.js', '.json'] },
  },
}
