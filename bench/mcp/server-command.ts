/** The command as the build makes it (chunks; packages outside, but for Kysely and the SDK of MCP), and a store of the size that the target speaks of. */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'esbuild'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { makeMcpSdk, mcpSdkBeside } from '../../scripts/make-mcp-sdk.ts'
import { openTidemark } from '../../src/mod.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { benchCustomer, benchNow } from '../support/account.ts'

export interface ServerCommand extends AsyncDisposable {
  readonly bin: string
  readonly env: Readonly<Record<string, string>>
  readonly storeBytes: number
}

/** @param bytes the store is filled product by product until it has so many */
export async function makeServerCommand(bytes: number): Promise<ServerCommand> {
  // Below node_modules, so that the packages are found.
  const caches = path.resolve('node_modules/.cache')
  await mkdir(caches, { recursive: true })
  const folder = await mkdtemp(path.join(caches, 'tidemark-bench-'))
  await build({
    entryPoints: ['adapters/cli/bin.ts'], outdir: folder, bundle: true, splitting: true, format: 'esm',
    platform: 'node', target: 'es2022', packages: 'external', alias: { kysely: path.resolve('node_modules/kysely/dist/esm/index.js') }, plugins: [mcpSdkBeside], logLevel: 'error',
  })
  await makeMcpSdk(folder)
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }')
  const file = path.join(folder, 'tidemark.db')
  const storeBytes = await fillStore(file, bytes)
  return {
    bin: path.join(folder, 'bin.js'),
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, TIDEMARK_DATABASE_URL: `sqlite:${file}`, TIDEMARK_CUSTOMER_ID: String(benchCustomer) },
    storeBytes,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function fillStore(file: string, bytes: number): Promise<number> {
  const simulator = createSimulator({ scale: 'seed', now: benchNow, token: 'bench' })
  const tidemark = await openTidemark({
    storage: await sqljs({ file }), customerId: benchCustomer, now: () => benchNow,
    testio: { token: 'bench', baseUrl: 'http://simulator.invalid/customer/v2/', fetch: (request) => simulator.fetch(request) },
  })
  try {
    // The smallest first, so that the last step is a small one.
    const bugs = new Map(simulator.truth.products.map(({ id }) => [id, 0]))
    for (const { productId } of simulator.truth.bugs) bugs.set(productId, (bugs.get(productId) ?? 0) + 1)
    for (const [id] of [...bugs].toSorted(([, a], [, b]) => a - b)) {
      const { outcome } = await tidemark.sync({ products: [id] })
      if (outcome !== 'success') throw new Error(`the sync of the bench account ended as ${outcome}`)
      const { size } = await stat(file)
      if (size >= bytes) return size
    }
    throw new Error('the account is too small')
  } finally {
    await tidemark.close()
  }
}
