/**
 * The official conformance suite as a program that runs on every Node that Tidemark supports. It asks for `fs.globSync`, which came with
 * Node 22, for commands that are not used here; without that one name it runs on Node 20 as well.
 */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { afterFile } from '../../support/after-file.ts'

/** Path of the program; gone after the test file. */
export async function bundleReferee(): Promise<string> {
  const entry = new URL('../../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url)
  const bundles = fileURLToPath(new URL('../../../node_modules/.cache/tidemark-test/', import.meta.url))
  await mkdir(bundles, { recursive: true })
  const folder = await mkdtemp(bundles)
  afterFile(() => rm(folder, { recursive: true, force: true }))
  const outfile = join(folder, 'referee.mjs')
  await build({
    entryPoints: [fileURLToPath(entry)], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', logLevel: 'error',
    // It finds its requirements beside itself.
    define: { 'import.meta.url': JSON.stringify(entry.href) },
    plugins: [withoutGlob],
  })
  return outfile
}

const withoutGlob: Plugin = {
  name: 'without-glob',
  setup(plugins) {
    plugins.onResolve({ filter: /^(node:)?fs$/ }, ({ namespace }) => (namespace === 'without-glob' ? { path: 'node:fs', external: true } : { path: 'fs', namespace: 'without-glob' }))
    plugins.onLoad({ filter: /^fs$/, namespace: 'without-glob' }, () => ({
      contents: `export * from 'node:fs'; export { default } from 'node:fs'; export const globSync = () => { throw new Error('not here') }`,
    }))
  },
}

export interface Verdict {
  readonly code: number | null
  readonly output: string
}

export async function judge(referee: string, args: readonly string[]): Promise<Verdict> {
  const child = spawn(process.execPath, [referee, 'server', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr.on('data', (data: Buffer) => (output += data.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}
