/** What a client waits for: the modules that `tidemark serve` loads before it can answer `initialize`, as imports that are no calls lead to them. */
import { join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

it('comes with the command line, the configuration and the SDK, and nothing else', async () => {
  const { modules, packages } = await loadedBy('adapters/cli/commands/serve.ts')
  expect(packages).toStrictEqual(['commander', 'env-paths', 'valibot'])
  expect(await loadedBy('adapters/cli/mcp-sdk.ts')).toStrictEqual({ modules: ['adapters/cli/mcp-sdk.ts'], packages: ['@modelcontextprotocol/server', '@modelcontextprotocol/server/stdio'] })
  for (const part of ['src/mod.ts', 'adapters/mcp/offerings.ts', 'adapters/mcp/tools.ts', 'adapters/mcp/http.ts', 'adapters/sqljs/sqljs.ts']) expect(modules).not.toContain(part)
})

it('is told apart by the same reading from what the tools need', async () => {
  const { modules, packages } = await loadedBy('adapters/mcp/offerings.ts')
  expect(packages).toEqual(expect.arrayContaining(['@valibot/to-json-schema', 'kysely', 'temporal-polyfill']))
  expect(modules).toContain('adapters/mcp/tools.ts')
})

async function loadedBy(entry: string): Promise<{ readonly modules: readonly string[]; readonly packages: readonly string[] }> {
  const { metafile } = await build({ absWorkingDir: root, entryPoints: [entry], bundle: true, splitting: true, packages: 'external', platform: 'node', format: 'esm', outdir: 'dist', write: false, metafile: true })
  const modules = closure(entry, metafile.inputs)
  const packages = modules.flatMap((module) => atOnce(metafile.inputs[module]).flatMap(({ path, external }) => (external === true && !path.startsWith('node:') ? [path] : [])))
  return { modules, packages: [...new Set(packages)].toSorted() }
}

function closure(module: string, inputs: Metafile['inputs'], seen: readonly string[] = []): readonly string[] {
  if (seen.includes(module)) return seen
  return atOnce(inputs[module]).reduce<readonly string[]>((all, { path, external }) => (external === true ? all : closure(path, inputs, all)), [...seen, module])
}

function atOnce(input: Metafile['inputs'][string] | undefined) {
  return (input?.imports ?? []).filter(({ kind }) => kind === 'import-statement')
}
