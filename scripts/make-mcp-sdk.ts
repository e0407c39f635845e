/**
 * Build step: writes what the command needs of the MCP SDK as one file, without a map, beside the licences of all that is in it.
 * Runs in the folder of the project.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

const name = 'mcp-sdk'

/** For the build of the rest, which imports that file instead. */
export const mcpSdkBeside: Plugin = {
  name: 'mcp-sdk-beside',
  setup({ onResolve }) {
    onResolve({ filter: /\/mcp-sdk\.ts$/ }, () => ({ path: `./${name}.js`, external: true }))
  },
}

/** Puts it into the folder. */
export async function makeMcpSdk(folder: string): Promise<void> {
  const { metafile } = await build({
    entryPoints: ['adapters/cli/mcp-sdk.ts'],
    outfile: join(folder, `${name}.js`),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    metafile: true,
    logLevel: 'error',
  })
  await writeFile(join(folder, `${name}.LICENSE`), await licencesOf(Object.keys(metafile.inputs)))
}

/** Of the packages that the files belong to, and of those that went into them when the SDK was built. */
async function licencesOf(files: readonly string[]): Promise<string> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  const places = [...files, ...texts.flatMap((text) => text.match(/^\/\/#region .*$/gm) ?? [])]
  const packages = new Set(places.flatMap((place) => packageOf(place) ?? []))
  const licences = [...packages].toSorted().map(async (one) => `${one}\n\n${await readFile(join('node_modules', one, 'LICENSE'), 'utf8')}`)
  return (await Promise.all(licences)).join(`\n${'-'.repeat(80)}\n\n`)
}

/** `ajv` of `../../.pnpm/ajv@8.18.0/node_modules/ajv/dist/core.js`. */
function packageOf(place: string): string | undefined {
  return /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(place)?.[1]
}
