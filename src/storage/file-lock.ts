/**
 * Lets processes (and storages of one process) use a database on disk in turn: whoever uses it makes a small file beside
 * it and removes it afterwards. A lock whose owner died, or has not touched it for 20 seconds, is taken over. Files
 * and process come from the runtime of the adapter; this is the logic alone.
 */
import { type TidemarkError, abortedError } from '../errors.ts'

/** The part of Node's `fs`, `os` and `process` that is used. */
export interface LockRuntime {
  readonly fs: {
    writeFileSync(path: string, text: string, options: { readonly flag: 'wx'; readonly mode: number }): void
    readFileSync(path: string, encoding: 'utf8'): string
    statSync(path: string): { readonly mtimeMs: number }
    utimesSync(path: string, accessed: Date, modified: Date): void
    renameSync(from: string, to: string): void
    linkSync(existing: string, path: string): void
    rmSync(path: string, options: { readonly force: true }): void
  }
  readonly os: { hostname(): string }
  readonly process: { readonly pid: number; kill(pid: number, signal: 0): boolean }
}

export interface LockWait {
  readonly timeoutMs: number
  /** The error when somebody else has the lock for all that time. */
  readonly onTimeout: () => TidemarkError
  readonly signal?: AbortSignal | undefined
}

export interface FileLock {
  /** @throws TidemarkError that of `onTimeout`, or `aborted` */
  acquire(wait: LockWait): Promise<void>
  /** Safe to call when the lock is not held. */
  release(): void
}

const touchMs = 2_000
const staleMs = 20_000
const pollMs = 20

export function createFileLock(path: string, { fs, os, process }: LockRuntime): FileLock {
  const token = crypto.randomUUID()
  const content = `${process.pid} ${token} ${os.hostname()}\n`
  let touching: ReturnType<typeof setInterval> | undefined

  const take = (): boolean => {
    try {
      fs.writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false
      // Nobody can write in such a folder: there is nothing to wait for, and a write will fail with its own reason.
      if (['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) return true
      throw error
    }
    touching = setInterval(() => attempt(() => fs.utimesSync(path, new Date(), new Date())), touchMs)
    letProcessEnd(touching)
    return true
  }

  const removeIfStale = (): void => {
    const seen = read(path)
    if (seen === undefined || !isStale(seen)) return
    // Aside first: of two that see the same stale lock, one may already have replaced it by a lock of its own.
    const aside = `${path}.${token}`
    attempt(() => {
      fs.renameSync(path, aside)
      if (read(aside) !== seen) fs.linkSync(aside, path)
    })
    fs.rmSync(aside, { force: true })
  }

  const isStale = (seen: string): boolean => {
    const [owner = '', , host = ''] = seen.trim().split(' ')
    if (host === os.hostname() && !isAlive(Number(owner))) return true
    const modified = attempt(() => fs.statSync(path).mtimeMs)
    return modified !== undefined && Date.now() - modified > staleMs
  }

  const isAlive = (owner: number): boolean => {
    try {
      return process.kill(owner, 0)
    } catch (error) {
      return codeOf(error) !== 'ESRCH'
    }
  }

  const read = (file: string): string | undefined => attempt(() => fs.readFileSync(file, 'utf8'))

  return {
    async acquire({ timeoutMs, onTimeout, signal }) {
      const deadline = Date.now() + timeoutMs
      while (!take()) {
        if (signal?.aborted === true) throw abortedError('Cannot lock the database.', signal)
        removeIfStale()
        if (take()) return
        if (Date.now() >= deadline) throw onTimeout()
        await new Promise((resolve) => setTimeout(resolve, pollMs))
      }
    },
    release() {
      if (touching === undefined) return
      clearInterval(touching)
      touching = undefined
      if (read(path) === content) fs.rmSync(path, { force: true })
    },
  }
}

/** A storage that nobody closed must not keep Node running; timers of the web are numbers and have no such power. */
function letProcessEnd(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') timer.unref()
}

/** Another process may be faster at any step; then there is nothing to do. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
