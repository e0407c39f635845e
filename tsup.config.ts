/** Builds the package: one file for each sub-path of `exports` and one for the command, sharing chunks, with declarations. */
import { copyFile } from 'node:fs/promises'
import { defineConfig } from 'tsup'
import { makeCluster } from './adapters/pglite/make-cluster.ts'
import { mcpSdkBeside, makeMcpSdk } from './scripts/make-mcp-sdk.ts'

export default defineConfig({
  entry: {
    index: 'src/mod.ts',
    schema: 'src/schema/mod.ts',
    migrate: 'src/migrate/mod.ts',
    simulator: 'src/simulator/mod.ts',
    adapter: 'src/storage/mod.ts',
    testing: 'src/storage/laws.ts',
    sqljs: 'adapters/sqljs/sqljs.ts',
    browser: 'adapters/sqljs/browser/browser.ts',
    pglite: 'adapters/pglite/pglite.ts',
    postgres: 'adapters/postgres/postgres.ts',
    mcp: 'adapters/mcp/mod.ts',
    cli: 'adapters/cli/bin.ts',
  },
  format: 'esm',
  target: 'es2022',
  platform: 'node',
  // Deno knows `node:fs`, not `fs`.
  removeNodeProtocol: false,
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: true,
  // 280 files, whose loading is a sixth of the start of a command. The package stays a dependency for its types.
  noExternal: ['kysely'],
  // The SDK of the command; `tidemark/mcp` leaves its own outside.
  esbuildPlugins: [mcpSdkBeside],
  async onSuccess() {
    await copyFile('node_modules/kysely/LICENSE', 'dist/kysely.LICENSE')
    await makeMcpSdk('dist')
    // For the package, and for what runs from the source.
    await makeCluster('dist', 'adapters/pglite')
  },
})
