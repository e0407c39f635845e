/**
 * Makes `tidemark.mcpb`, the bundle that Claude Desktop installs: the stdio server as one file, the WebAssembly of SQLite and
 * the licences of what is in it beside it, and a manifest with the tools that the server itself lists. Holds no other engine and needs no npm to run.
 *
 *   node scripts/build-mcpb.mjs [file]
 */
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { packExtension, validateManifest } from '@anthropic-ai/mcpb'
import { build } from 'esbuild'
import { licencesOf } from './licences.mjs'

const root = path.join(import.meta.dirname, '..')
const output = path.resolve(process.argv[2] ?? path.join(root, 'tidemark.mcpb'))
const require = createRequire(import.meta.url)

const folder = await mkdtemp(path.join(tmpdir(), 'tidemark-mcpb-'))
try {
  await mkdir(path.join(folder, 'server'))
  const files = await bundleServer(path.join(folder, 'server/index.mjs'))
  await writeFile(path.join(folder, 'server/LICENSES'), await licencesOf(files, root))
  await copyFile(require.resolve('sql.js/dist/sql-wasm.wasm'), path.join(folder, 'server/sql-wasm.wasm'))
  await copyFile(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'))
  const manifest = path.join(folder, 'manifest.json')
  await writeFile(manifest, `${JSON.stringify(await manifestOf(), null, 2)}\n`)
  if (!validateManifest(manifest)) throw new Error('The manifest of the bundle is not valid')
  await mkdir(path.dirname(output), { recursive: true })
  if (!(await packExtension({ extensionPath: folder, outputPath: output, silent: true }))) throw new Error('The bundle could not be packed')
  const { size } = await stat(output)
  process.stdout.write(`${output}: ${(size / 1e6).toFixed(2)} MB\n`)
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** Gives the files that went into it. */
async function bundleServer(outfile) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(root, 'adapters/cli/bin.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Engines that a bundle does not offer, and what runs a configuration in TypeScript, which it does not have.
    external: ['pg', '@electric-sql/pglite', 'jiti'],
    // Some of what is bundled calls require for modules of Node, and SQLite looks for its WebAssembly in its own folder.
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname, __filename = import.meta.filename;" },
    metafile: true,
    logLevel: 'error',
  })
  return Object.keys(metafile.inputs).map((file) => path.join(root, file))
}

async function manifestOf() {
  const { name, version, description, license, keywords } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
  return {
    manifest_version: '0.3',
    name,
    display_name: 'Tidemark for TestIO',
    version,
    description,
    long_description: 'Keeps a local copy of a TestIO customer account and answers questions about its products, test cycles, bugs, features and people.',
    author: { name: 'The Tidemark authors' },
    license,
    keywords,
    server: {
      type: 'node',
      entry_point: 'server/index.mjs',
      mcp_config: {
        command: 'node',
        args: ['${__dirname}/server/index.mjs', 'serve', '--customer', '${user_config.customer}', '--database', 'sqlite:${user_config.folder}/tidemark.db'],
        env: { TESTIO_API_TOKEN: '${user_config.token}' },
      },
    },
    tools: await listedTools(),
    // Prompts are made of what the person chose.
    prompts_generated: true,
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: '>=20.19.0' } },
    user_config: {
      token: { type: 'string', title: 'API token', description: 'TestIO: Integrations, API. Kept in the keychain of the system.', sensitive: true, required: true },
      customer: { type: 'number', title: 'Customer', description: 'Number of the customer account, a label of your own.', default: 1, min: 1, required: true },
      folder: { type: 'directory', title: 'Folder of the copy', description: 'Where the local copy is kept, as an ordinary SQLite file.', default: '${DOCUMENTS}', required: true },
    },
  }
}

/** What the server lists, in the words of the manifest. */
async function listedTools() {
  const listing = await mkdtemp(path.join(root, 'node_modules/.tidemark-mcpb-'))
  try {
    const file = path.join(listing, 'tools.mjs')
    const source = "export { tools } from './adapters/mcp/tools.ts'"
    await build({ stdin: { contents: source, resolveDir: root, loader: 'ts' }, outfile: file, bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' })
    const { tools } = await import(file)
    return tools.map(({ definition }) => ({ name: definition.name, description: definition.title }))
  } finally {
    await rm(listing, { recursive: true, force: true })
  }
}
