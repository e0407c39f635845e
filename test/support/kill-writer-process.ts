/** Starts `kill-writer.ts` (bundled), reads what it reports, and kills it. */
import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'

export interface KillWriter {
  /** Lets it open the file, as soon as its process is ready; resolves at that moment. */
  begin(): Promise<void>
  /** Resolves when it has the file open. */
  readonly opened: Promise<unknown>
  /** What it has reported as done, in order; `at` is its clock. */
  readonly commits: readonly { readonly seq: number; readonly number: number; readonly at: number }[]
  readonly vacuums: number
  /** Resolves with its next report of a commit; rejects when it ends by itself. */
  nextCommit(): Promise<unknown>
  /** SIGKILL; resolves when all that it has reported was read. */
  kill(): Promise<void>
}

/** Starts the process; it waits for `begin`. */
export function startKillWriter(script: string, path: string, name: string, durability: 'commit' | 'relaxed' = 'commit'): KillWriter {
  // Most of a short life would go into making the WebAssembly of SQLite faster.
  const child = spawn(process.execPath, ['--liftoff-only', script, path, name, durability], { stdio: ['pipe', 'pipe', 'pipe'] })
  const commits: { seq: number; number: number; at: number }[] = []
  const news = new EventEmitter()
  let vacuums = 0
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => { errors += chunk.toString() })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [word = '', ...numbers] = line.split(' ')
    if (word === 'vacuum') vacuums += 1
    const [seq, number, at] = numbers.map(Number)
    if (word === 'commit' && seq !== undefined && number !== undefined && at !== undefined) commits.push({ seq, number, at })
    news.emit(word)
  })
  const closed = once(child, 'close')
  let killed = false
  const endedByItself = async (): Promise<void> => {
    await closed
    if (!killed) throw new Error(`The writer has ended by itself: ${errors}`)
  }
  const next = (word: string): Promise<unknown> => Promise.race([once(news, word), endedByItself()])
  const [ready, opened] = [next('ready'), next('open')]
  for (const promise of [ready, opened]) promise.catch(() => undefined)
  return {
    async begin() {
      await ready
      child.stdin.write('begin')
    },
    opened,
    commits,
    get vacuums() { return vacuums },
    nextCommit: () => next('commit'),
    async kill() {
      killed = true
      const ended = child.exitCode
      child.kill('SIGKILL')
      await closed
      if (ended !== null) throw new Error(`The writer has ended by itself: ${errors}`)
    },
  }
}
