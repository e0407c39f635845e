// Bundles and serves the page on this machine, after a build: npm run example:browser. A bundler of yours does the same for your page.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { build } from 'esbuild'

const { outputFiles } = await build({
  entryPoints: [new URL('app.js', import.meta.url).pathname],
  bundle: true, write: false, format: 'esm', platform: 'browser', target: 'es2022', minify: true,
  logLevel: 'error', logOverride: { 'ignored-bare-import': 'silent' },
})
const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm-browser.wasm')
const files = {
  '/': ['text/html', await readFile(new URL('index.html', import.meta.url))],
  '/app.js': ['text/javascript', outputFiles[0].contents],
  '/sql-wasm-browser.wasm': ['application/wasm', await readFile(wasm)],
}

const server = createServer((request, response) => {
  const [type, content] = files[new URL(request.url, 'http://localhost').pathname] ?? []
  response.writeHead(type === undefined ? 404 : 200, { 'content-type': type ?? 'text/plain' }).end(content ?? 'Not found')
})
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => console.log(`http://localhost:${server.address().port}`))
