/** Programs of this bench that have a process to themselves: nothing else is in their memory, and their flags are their own. */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'

export interface OwnProcess {
  /** The next line that it writes; rejects when it ends before. */
  line(): Promise<string>
  stop(): void
}

// The bench is started by npm, in the folder of the project.
const built = resolve('bench/results')

/** @param name of the file beside this one */
export async function ownProcess(name: string, args: readonly string[], flags: readonly string[]): Promise<OwnProcess> {
  const outfile = join(built, `${name}.mjs`)
  await build({ entryPoints: [resolve(`bench/sync/${name}.ts`)], outfile, bundle: true, packages: 'external', platform: 'node', target: 'node20', format: 'esm', logLevel: 'warning' })
  const child = spawn(process.execPath, [...flags, outfile, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async line() {
      const { value, done } = await lines.next()
      if (done === true) throw new Error(`${name} ended before its time`)
      return value
    },
    stop: () => void child.kill(),
  }
}
