/** Bundles a TypeScript file once for the run, so that a process that a test starts with it is there in milliseconds. */
import { type ChildProcess, spawn } from 'node:child_process'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Path of the bundle, in `folder`; packages that have files of their own stay outside. */
export async function bundleScript(script: URL, folder: string): Promise<string> {
  const outfile = join(folder, basename(script.pathname).replace(/\.ts$/, '.mjs'))
  await build({
    entryPoints: [fileURLToPath(script)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    // By their place: the bundle lies where no `node_modules` is near.
    plugins: [{ name: 'engines-outside', setup: ({ onResolve }) => onResolve({ filter: /^@electric-sql\/pglite/ }, ({ path }) => ({ path: import.meta.resolve(path), external: true })) }],
  })
  return outfile
}

export interface ScriptProcess {
  readonly pid: number
  /** What it has written so far. */
  output(): string
  /** Resolves with the output as soon as the condition holds. */
  until(condition: (output: string) => boolean): Promise<string>
  /** Resolves with the whole output when the process is gone. */
  end(signal?: NodeJS.Signals): Promise<string>
  send(signal: NodeJS.Signals): void
}

export function startScript(script: string, ...args: readonly string[]): ScriptProcess {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.stdout?.on('data', (data: Buffer) => {
    output += data.toString()
  })
  return {
    pid: child.pid ?? 0,
    output: () => output,
    until: (condition) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (condition(output)) resolve(output)
        }
        child.stdout?.on('data', look)
        child.once('close', () => reject(new Error('The process has ended by itself')))
        look()
      }),
    async end(signal = 'SIGKILL') {
      child.kill(signal)
      await closed
      return output
    },
    send: (signal) => void child.kill(signal),
  }
}
