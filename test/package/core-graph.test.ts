/** The built core: what its files import, followed to the end, and whether it runs where there is no Node at all. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { root } from './consumer.ts'

const coreEntries = ['index', 'schema', 'migrate', 'simulator', 'adapter', 'testing']
const coreLibraries = ['p-limit', 'pure-rand', 'temporal-polyfill', 'valibot']
const dist = join(root, 'dist')

describe('the built core', () => {
  it.each(coreEntries)('reaches no built-in module, engine, SDK or adapter from %s', (entry) => {
    const packages = [...outsideOf(`${entry}.js`)].map((specifier) => specifier.replace(/^((?:@[^/]+\/)?[^/]+).*$/, '$1'))
    expect(packages.filter((name) => !coreLibraries.includes(name))).toEqual([])
  })

  it('has a storage for browsers that reaches no built-in module', () => {
    expect([...outsideOf('browser.js')].filter((specifier) => specifier !== 'sql.js')).toEqual([])
  })

  it('is told apart from an adapter by the same reading', () => {
    expect([...outsideOf('sqljs.js')]).toEqual(expect.arrayContaining(['sql.js']))
    expect([...outsideOf('cli.js')].some((specifier) => specifier.startsWith('node:'))).toBe(true)
  })

  it('is bundled for a browser, libraries included, without a shim', async () => {
    const { errors, warnings, outputFiles } = await build({
      stdin: { contents: coreEntries.map((entry) => `export * as ${entry} from './${entry}.js'`).join('\n'), resolveDir: dist },
      bundle: true, platform: 'browser', format: 'esm', write: false, logLevel: 'silent',
    })
    // Chunks import each other for their order alone; a bundler that reads `sideEffects: false` says that it leaves that out.
    expect([...errors, ...warnings].filter(({ id }) => id !== 'ignored-bare-import')).toEqual([])
    expect(outputFiles[0]?.text).not.toMatch(/\brequire\(["']/)
  })
})

/** Every bare specifier that the file or a chunk behind it imports, dynamic imports included. */
function outsideOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return new Set()
  seen.add(file)
  const { importedFiles } = ts.preProcessFile(readFileSync(join(dist, file), 'utf8'), true, true)
  const outside = new Set<string>()
  for (const { fileName } of importedFiles) {
    if (!fileName.startsWith('.')) outside.add(fileName)
    else for (const behind of outsideOf(join(file, '..', fileName), seen)) outside.add(behind)
  }
  return outside
}
