/** What an import of the core costs a web page: minified and compressed, with all dependencies. */

// Chunks import each other for their order alone; that the bundler leaves this out is what `sideEffects: false` asks for.
const modifyEsbuildConfig = (config) => ({ ...config, logOverride: { 'ignored-bare-import': 'silent' } })

/** Without what is loaded only when it is asked for: HTML reports, autogenerate, verify, check, scripts. */
const atOnce = (config) => ({
  ...modifyEsbuildConfig(config),
  plugins: [...(config.plugins ?? []), {
    name: 'at-once',
    setup: (build) => build.onResolve({ filter: /./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined)),
  }],
})

export default [
  { name: 'tidemark, at once', path: 'dist/index.js', limit: '140 kB', modifyEsbuildConfig: atOnce },
  { name: 'tidemark, all that it can load', path: 'dist/index.js', limit: '190 kB', modifyEsbuildConfig },
  { name: 'tidemark/migrate', path: 'dist/migrate.js', limit: '90 kB', modifyEsbuildConfig },
  { name: 'tidemark/browser', path: 'dist/browser.js', limit: '25 kB', modifyEsbuildConfig },
  { name: 'tidemark/schema', path: 'dist/schema.js', limit: '15 kB', modifyEsbuildConfig },
]
