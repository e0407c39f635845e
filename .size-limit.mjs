/** What an import of the core costs a web page: minified and compressed, with all dependencies. */

// Chunks import each other for their order alone; that the bundler leaves this out is what `sideEffects: false` asks for.
const modifyEsbuildConfig = (config) => ({ ...config, logOverride: { 'ignored-bare-import': 'silent' } })

// Everything that an entry can do counts, also what it loads only when asked for (autogenerate, verify, check, scripts).
export default [
  { name: 'tidemark', path: 'dist/index.js', limit: '140 kB', modifyEsbuildConfig },
  { name: 'tidemark/migrate', path: 'dist/migrate.js', limit: '90 kB', modifyEsbuildConfig },
  { name: 'tidemark/browser', path: 'dist/browser.js', limit: '40 kB', modifyEsbuildConfig },
  { name: 'tidemark/schema', path: 'dist/schema.js', limit: '15 kB', modifyEsbuildConfig },
]
