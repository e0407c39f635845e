/** The browser that tests use, and pages for it: a script as a bundler makes it, the WebAssembly of sql.js beside it, and no server behind. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'
import { type Browser, chromium } from 'playwright-core'
import { afterFile } from './after-file.ts'
import { serve } from './http-server.ts'

export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))

/** In CI it has to be there; elsewhere a missing browser says so and skips. */
export const lacksChromium = chromiumPath === undefined && process.env['CI'] === undefined

export const chromiumFlags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']

export async function launchChromium(): Promise<Browser> {
  const browser = await chromium.launch({ ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }), args: chromiumFlags })
  afterFile(() => browser.close())
  return browser
}

/** The script and all that it imports, as one file for a browser. */
export async function bundleForBrowser(script: string | URL, options: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await build({
    ...options, entryPoints: [script instanceof URL ? fileURLToPath(script) : script], bundle: true, write: false, outdir: '/', format: 'esm', platform: 'browser', target: 'es2022',
    // Chunks import each other for their order alone; that the bundler leaves this out is what `sideEffects: false` asks for.
    logLevel: 'error', logOverride: { 'ignored-bare-import': 'silent' },
  })
  return outputFiles?.[0]?.text ?? ''
}

export const wasm: () => Promise<Uint8Array<ArrayBuffer>> = async () =>
  new Uint8Array(await readFile(new URL('../../node_modules/sql.js/dist/sql-wasm-browser.wasm', import.meta.url)))

export interface PageServer {
  readonly url: string
}

/** Serves an empty page with this script; `answer` sees the requests for anything else. Gone after the test file. */
export async function servePage(script: string, answer?: (request: Request) => Promise<Response>): Promise<PageServer> {
  const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/script.js"></script>`
  const server = await serve(async (request) => {
    switch (new URL(request.url).pathname) {
      case '/':
        return new Response(page, { headers: { 'content-type': 'text/html' } })
      case '/script.js':
        return new Response(script, { headers: { 'content-type': 'text/javascript' } })
      case '/sql-wasm-browser.wasm':
        return new Response(await wasm(), { headers: { 'content-type': 'application/wasm' } })
      default:
        return (await answer?.(request)) ?? new Response('', { status: 404 })
    }
  })
  afterFile(() => server.close())
  return server
}
