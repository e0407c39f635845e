/**
 * Makes a file that Node 20 can run from a TypeScript one, as the build does (one module, packages left outside), and runs
 * it: a process that a test starts with it is there in milliseconds.
 */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterFile } from './after-file.ts'

/** Path of the module: alone in a folder below node_modules, so that it finds the packages; gone after the test file. */
export async function bundleScript(script: URL): Promise<string> {
  const bundles = fileURLToPath(new URL('../../node_modules/.cache/tidemark-test/', import.meta.url))
  await mkdir(bundles, { recursive: true })
  const folder = await mkdtemp(bundles)
  afterFile(() => rm(folder, { recursive: true, force: true }))
  const outfile = join(folder, basename(script.pathname).replace(/\.ts$/, '.mjs'))
  await build({ entryPoints: [fileURLToPath(script)], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', logLevel: 'error' })
  return outfile
}

export interface ScriptProcess {
  readonly pid: number
  /** What it has written so far. */
  output(): string
  /** Resolves with the output as soon as the condition holds; rejects when the process ends before. */
  until(condition: (output: string) => boolean): Promise<string>
  write(text: string): void
  send(signal: NodeJS.Signals): void
  /** Resolves with the whole output when a signal has ended it; rejects when it has ended in another way. */
  readonly killed: Promise<string>
  /** Sends SIGKILL, and waits for `killed`. */
  kill(): Promise<string>
}

/** @param flags for Node */
export function startScript(script: string, args: readonly string[], flags: readonly string[] = []): ScriptProcess {
  const child = spawn(process.execPath, [...flags, script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  let [output, errors] = ['', '']
  child.stdout.on('data', (data: Buffer) => { output += data.toString() })
  child.stderr.on('data', (data: Buffer) => { errors += data.toString() })
  // It may be gone before it has read what it is told.
  child.stdin.on('error', () => undefined)
  const ended = (): Error => new Error(`The process has ended: ${errors}`)
  const killed = new Promise<string>((resolve, reject) => {
    child.once('close', (_, signal) => (signal === null ? reject(ended()) : resolve(output)))
  })
  killed.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    output: () => output,
    until: (condition) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!condition(output)) return
          child.stdout.off('data', look)
          resolve(output)
        }
        child.stdout.on('data', look)
        child.once('close', () => reject(ended()))
        look()
      }),
    write: (text) => void child.stdin.write(text),
    send: (signal) => void child.kill(signal),
    killed,
    kill() {
      child.kill('SIGKILL')
      return killed
    },
  }
}
