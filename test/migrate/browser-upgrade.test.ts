/** The kit in a real browser: the engines, the adapters and the revisions run in a page, with no server behind it. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { afterFile } from '../support/after-file.ts'
import { lacksChromium, launchChromium } from '../support/chromium.ts'
import { serve } from '../support/http-server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe.skipIf(lacksChromium)('in a page of Chromium (skipped where none is installed)', () => {
  it('a sql.js and a PGlite database are upgraded and brought back', async () => {
    const { url } = await servePage()
    const page = await (await launchChromium()).newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(url)
    await page.waitForFunction(() => 'results' in globalThis)
    const results = await page.evaluate(() => Reflect.get(globalThis, 'results') as Promise<readonly object[]>)
    const expected = { to: ['b27d91'], rows: [{ id: 1, title: 'first', views: 3 }, { id: 2, title: 'zweiter ✓', views: 0 }], refused: 'unique_violated', after: [] }
    expect(results).toEqual([{ name: 'sqljs', ...expected }, { name: 'pglite', ...expected }])
    expect(errors).toEqual([])
  })
})

/** The page, its script as a bundler makes it, the WebAssembly beside it, and PGlite as it comes from npm. */
async function servePage(): Promise<{ readonly url: string }> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../support/upgrade-in-page.ts', import.meta.url))], bundle: true, splitting: true, write: false, outdir: '/', format: 'esm', platform: 'browser', target: 'es2022',
    external: ['@electric-sql/pglite', '@electric-sql/pglite/*', 'node:*'], logLevel: 'error',
  })
  const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
    <script type="importmap">{"imports":{"@electric-sql/pglite":"/node_modules/@electric-sql/pglite/dist/index.js"}}</script>
    <script type="module" src="/upgrade-in-page.js"></script>`
  const scripts = new Map(outputFiles.map(({ path, text }) => [path, text]))
  const server = await serve(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/') return new Response(page, { headers: { 'content-type': 'text/html' } })
    if (scripts.has(pathname)) return new Response(scripts.get(pathname), { headers: { 'content-type': 'text/javascript' } })
    const file = pathname === '/sql-wasm-browser.wasm' ? '/node_modules/sql.js/dist/sql-wasm-browser.wasm' : pathname
    if (!/^\/node_modules\/(@electric-sql|sql\.js)\//.test(file) || file.includes('..') || !existsSync(join(root, file))) return new Response('', { status: 404 })
    return new Response(new Uint8Array(await readFile(join(root, file))), { headers: { 'content-type': types[extname(file)] ?? 'application/octet-stream' } })
  })
  afterFile(() => server.close())
  return server
}

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.wasm': 'application/wasm' }
