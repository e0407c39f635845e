/** Makes a file that Node 20 can run from a TypeScript entry, as the build does: one module, packages left outside. */
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterFile } from '../support/after-file.ts'

/** @returns the path of the module: below node_modules, so that it finds the packages; gone after the test file */
export async function bundle(entry: URL, name: string): Promise<string> {
  const outfile = fileURLToPath(new URL(`../../node_modules/.cache/tidemark-test/${name}-${process.pid}.mjs`, import.meta.url))
  await build({ entryPoints: [fileURLToPath(entry)], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', logLevel: 'error' })
  afterFile(() => rm(outfile, { force: true }))
  return outfile
}
