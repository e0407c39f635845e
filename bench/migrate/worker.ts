/**
 * A tool's process, asked for one thing at a time: a line of JSON on its standard input, a line on its fourth pipe. So
 * the tools take turns on one machine, and each has measured its own work before the answer travels.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { BenchDialect, CommandLine } from './tool.ts'

export interface Versions {
  /** The tool and its version. */
  readonly tool: string
  /** What stands behind it on each dialect: the engine, or the driver of the server. */
  readonly engines: Readonly<Record<BenchDialect, string>>
}

export interface Worker {
  readonly versions: Versions
  /** @throws Error with what the tool said when it could not do it */
  ask<Answer>(request: Readonly<Record<string, unknown>>): Promise<Answer>
  close(): Promise<void>
}

export async function startWorker({ file, args, cwd }: CommandLine): Promise<Worker> {
  const child = spawn(file, args, { cwd, stdio: ['pipe', 'ignore', 'pipe', 'pipe'] })
  const stderr: string[] = []
  child.stderr?.on('data', (data: Buffer) => stderr.push(data.toString()))
  const lines = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]()
  const next = async <Answer>(): Promise<Answer> => {
    const line = await lines.next()
    if (line.done === true) throw new Error(`${file} ${args.join(' ')} has ended: ${stderr.join('').slice(-2000)}`)
    const answer: Answer & { readonly error?: string } = JSON.parse(line.value)
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer
  }
  return {
    versions: await next<Versions>(),
    ask(request) {
      child.stdin?.write(`${JSON.stringify(request)}\n`)
      return next()
    },
    close: () => ended(child),
  }
}

/** Between two requests it holds nothing; a tool that failed may leave behind what would keep its process. */
function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('close', () => resolve())
    child.kill()
  })
}
