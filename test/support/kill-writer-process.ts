/** Starts `kill-writer.ts`, reads what it reports, and kills it. */
import { copyFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { bundleScript, startScript } from './bundled-script.ts'

export interface KillWriterOptions {
  readonly engine: 'sqljs' | 'pglite'
  /** Of the file or the folder. */
  readonly path: string
  readonly name: string
  readonly durability?: 'commit' | 'relaxed' | undefined
  /** The process kills itself at the call of this number, counted from 1 and from that moment, with a share of it done; see `fatal-call.ts`. */
  readonly fatal?: { readonly after: 'begin' | 'open'; readonly call: number; readonly share: number } | undefined
}

export interface KillWriter {
  /** Lets it open the database, as soon as its process is ready; resolves at that moment. */
  begin(): Promise<void>
  /** Resolves when it has the database open. */
  readonly opened: Promise<unknown>
  /** What it has reported as done, in order; `at` is its clock. */
  readonly commits: readonly { readonly seq: number; readonly number: number; readonly at: number }[]
  readonly vacuums: number
  /** Resolves with its next report of a commit; rejects when it ends. */
  nextCommit(): Promise<unknown>
  /** Resolves when it was killed, here or by itself, and all that it has reported was read; rejects when it has ended in another way. */
  readonly killed: Promise<unknown>
  /** SIGKILL, and waits for `killed`. */
  kill(): Promise<unknown>
}

/** Makes the script ready to be started; the prepared PGlite has to be there. */
export async function bundleKillWriter(engine: KillWriterOptions['engine']): Promise<(options: Omit<KillWriterOptions, 'engine'>) => KillWriter> {
  const script = await bundleScript(new URL('kill-writer.ts', import.meta.url))
  if (engine === 'pglite') await copyFile('adapters/pglite/pglite-cluster.br', join(dirname(script), 'pglite-cluster.br'))
  return (options) => startKillWriter(script, { ...options, engine })
}

/** Plays rounds. Has the processes of the next round start during this one. */
export async function inRounds(count: number, start: (round: number) => readonly KillWriter[], play: (round: number, writers: readonly KillWriter[]) => Promise<void>): Promise<void> {
  let next = start(0)
  try {
    for (let round = 0; round < count; round += 1) {
      const writers = next
      next = round + 1 < count ? start(round + 1) : []
      await play(round, writers).catch(async (error: unknown) => {
        await Promise.all(writers.map((writer) => writer.kill().catch(() => undefined)))
        throw error
      })
    }
  } finally {
    await Promise.all(next.map((writer) => writer.kill().catch(() => undefined)))
  }
}

/** Starts the process; it waits for `begin`. */
function startKillWriter(script: string, { engine, path, name, durability = 'commit', fatal }: KillWriterOptions): KillWriter {
  const inFatalCall = fatal === undefined ? [] : [fatal.after, String(fatal.call), String(fatal.share)]
  // Most of a short life would go into making the WebAssembly faster.
  const writer = startScript(script, [engine, path, name, durability, ...inFatalCall], ['--liftoff-only'])
  const said = (line: RegExp): readonly RegExpExecArray[] => [...writer.output().matchAll(line)]
  const commit = /^commit (\d+) (\d+) (\d+)$/gm
  const [ready, opened] = [/^ready$/m, /^open$/m].map((line) => writer.until((output) => line.test(output))) as [Promise<string>, Promise<string>]
  for (const promise of [ready, opened]) promise.catch(() => undefined)
  return {
    async begin() {
      await ready
      writer.write('begin')
    },
    opened,
    get commits() {
      return said(commit).map(([, ...numbers]) => {
        const [seq = 0, number = 0, at = 0] = numbers.map(Number)
        return { seq, number, at }
      })
    },
    get vacuums() {
      return said(/^vacuum$/gm).length
    },
    nextCommit() {
      const before = said(commit).length
      return writer.until(() => said(commit).length > before)
    },
    killed: writer.killed,
    kill: () => writer.kill(),
  }
}
