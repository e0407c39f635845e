/**
 * Build step: writes what the command needs of the MCP SDK as one file, without a map, beside the licences of all that is in it.
 * Runs in the folder of the project.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { licencesOf } from './licences.mjs'

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
  await writeFile(join(folder, `${name}.LICENSE`), await licencesOf(Object.keys(metafile.inputs), '.'))
}
