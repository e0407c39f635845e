/**
 * The package as a folder that Node can import and run, made from the source in a second: what the blocks of a page that are
 * programs, or need a real shell, are run with. That the packed package is the same is what `test/package` looks at.
 */
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import tsup from '../../tsup.config.ts'
import { manifest, root } from '../package/consumer.ts'
import { afterFile } from '../support/after-file.ts'

/** Its folder, below our `node_modules`, so that it finds its dependencies; gone after the test file. */
export async function sourcePackage(): Promise<string> {
  const cache = join(root, 'node_modules/.cache/tidemark-test')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'package-'))
  afterFile(() => rm(folder, { recursive: true, force: true }))
  await build({
    entryPoints: entries(), outdir: join(folder, 'dist'), absWorkingDir: root, bundle: true, splitting: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20',
    logLevel: 'error', logOverride: { 'ignored-bare-import': 'silent' },
  })
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await chmod(join(folder, 'dist/cli.js'), 0o755)
  // Without it PGlite starts all the same, only slower.
  const cluster = join(root, 'adapters/pglite/pglite-cluster.br')
  if (existsSync(cluster)) await copyFile(cluster, join(folder, 'dist/pglite-cluster.br'))
  return folder
}

function entries(): Record<string, string> {
  if (typeof tsup === 'function' || Array.isArray(tsup) || typeof tsup.entry !== 'object' || Array.isArray(tsup.entry)) throw new TypeError('tsup.config.ts names its entries otherwise')
  return tsup.entry
}
