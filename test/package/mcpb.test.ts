/** The bundle for Claude Desktop, as it is installed: unpacked in an empty folder, with no package anywhere near. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { getMcpConfigForManifest, unpackExtension, validateManifest } from '@anthropic-ai/mcpb'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { beforeAll, describe, expect, it } from 'vitest'
import { tools } from '../../adapters/mcp/tools.ts'
import { freshFolder } from '../support/engines.ts'
import { manifest as packageManifest, root } from './consumer.ts'

let bundle: string
let installed: string
let manifest: Record<string, unknown>

beforeAll(async () => {
  const folder = await freshFolder()
  bundle = join(folder, 'tidemark.mcpb')
  installed = join(folder, 'installed')
  execFileSync(process.execPath, [join(root, 'scripts/build-mcpb.mjs'), bundle], { stdio: 'pipe' })
  expect(await unpackExtension({ mcpbPath: bundle, outputDir: installed, silent: true })).toBe(true)
  manifest = JSON.parse(readFileSync(join(installed, 'manifest.json'), 'utf8'))
})

describe('the bundle', () => {
  it('is small and holds nothing but the server, its WebAssembly, the manifest and the licences', async () => {
    expect(readdirSync(installed, { recursive: true }).toSorted()).toStrictEqual(['LICENSE', 'manifest.json', 'server', ...['LICENSES', 'index.mjs', 'sql-wasm.wasm'].map((file) => join('server', file))])
    expect((await stat(bundle)).size).toBeLessThan(1_500_000)
  })

  it('names the licences of what is in it, and of nothing else', () => {
    const licences = readFileSync(join(installed, 'server/LICENSES'), 'utf8')
    for (const name of ['@modelcontextprotocol/server', 'commander', 'kysely', 'sql.js', 'zod']) expect(licences).toContain(`\n${name}\n\n`)
    for (const name of ['@electric-sql/pglite', 'jiti', 'pg', 'vitest']) expect(licences).not.toContain(`\n${name}\n\n`)
  })

  it('has a valid manifest with the version, and the tools of the package', () => {
    expect(validateManifest(join(installed, 'manifest.json'))).toBe(true)
    expect(manifest).toMatchObject({
      name: packageManifest.name,
      version: packageManifest.version,
      tools: tools.map(({ definition }) => ({ name: definition.name })),
      prompts_generated: true,
    })
  })

  it('asks for the token as a secret, and hands it over in the environment only', () => {
    expect(manifest).toMatchObject({ user_config: { token: { sensitive: true, required: true } } })
    const { env, args } = (manifest['server'] as { readonly mcp_config: { readonly env: object; readonly args: readonly string[] } }).mcp_config
    expect(env).toStrictEqual({ TESTIO_API_TOKEN: '${user_config.token}' })
    expect(args.join(' ')).not.toContain('token')
  })

  it('starts by itself as the client would start it, lists its tools and opens a database', async () => {
    const folder = await freshFolder()
    const config = await getMcpConfigForManifest({
      manifest: manifest as never, extensionPath: installed, systemDirs: { DOCUMENTS: folder }, userConfig: { token: 'tok', customer: 1, folder }, pathSeparator: '/',
    })
    if (config === undefined) throw new Error('the manifest gives no command')
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [...(config.args ?? []), '--no-refresh'], env: { ...config.env, HOME: folder }, cwd: folder, stderr: 'ignore' }))
    try {
      expect((await client.listTools()).tools.map(({ name }) => name)).toStrictEqual(tools.map(({ definition }) => definition.name))
      expect((await client.callTool({ name: 'list_products', arguments: {} })).structuredContent).toMatchObject({ items: [], total: 0 })
      expect(await stat(join(folder, 'tidemark.db'))).toBeDefined()
    } finally {
      await client.close()
    }
  })
})
