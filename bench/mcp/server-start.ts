/** The engines that a server starts until its client has the first list. Part of the gate; how long that takes is measured in `mcp.ts`. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Figure } from '../figure.ts'
import { coldStart } from './cold-start.ts'
import { makeServerCommand } from './server-command.ts'

const storeBytes = 2_000_000

/** Runs before the program of a process, and reports when that ends. */
const watcher = `
import { writeFileSync } from 'node:fs'
let engines = 0
const { instantiate } = WebAssembly
WebAssembly.instantiate = (...args) => {
  engines += 1
  return instantiate(...args)
}
process.on('exit', () => writeFileSync(process.env.BENCH_REPORT, String(engines)))
`

export async function countServerStart(): Promise<readonly Figure[]> {
  await using command = await makeServerCommand(storeBytes)
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-bench-'))
  try {
    const [watcherFile, report] = [join(folder, 'watcher.mjs'), join(folder, 'engines')]
    await writeFile(watcherFile, watcher)
    await coldStart({ ...command, env: { ...command.env, BENCH_REPORT: report } }, ['--import', watcherFile])
    const counts = { 'engines started': Number(await readFile(report, 'utf8')) }
    return [{ bench: 'mcp', engine: 'sqljs', operation: 'stdio: start to first list', times: null, reference: null, ratio: null, counts, limits: { counts: { 'engines started': 1 } } }]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
