/**
 * Lets processes (and storages of one process) write a database file in turn: whoever writes makes a small file beside
 * it and removes it afterwards. A lock whose owner died, or has not touched it for 15 seconds, is taken over. It keeps
 * writers from wasting work; that none is lost is checked once more when the database file is replaced.
 */
import { TidemarkError, abortedError } from '../../src/errors.ts'

export interface LockWait {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface FileLock {
  /** @throws TidemarkError `storage_busy` after the wait, `aborted` */
  acquire(wait: LockWait): Promise<void>
  /** Safe to call when the lock is not held. */
  release(): void
}

const touchMs = 3_000
const staleMs = 15_000
const pollMs = 20

export async function createFileLock(path: string): Promise<FileLock> {
  const fs = await import('node:fs')
  const { hostname } = await import('node:os')
  const { pid, kill } = await import('node:process')
  const host = hostname()
  const token = crypto.randomUUID()
  const content = `${pid} ${token} ${host}\n`
  let touch: ReturnType<typeof setInterval> | undefined

  const take = (): boolean => {
    try {
      fs.writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false
      // Nobody can write in such a folder: there is nothing to wait for, and a write will fail with its own reason.
      if (['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) return true
      throw error
    }
    touch = setInterval(() => fs.utimes(path, new Date(), new Date(), () => undefined), touchMs)
    touch.unref()
    return true
  }

  const removeIfStale = (): void => {
    const seen = read(path)
    if (seen === undefined || !isStale(seen)) return
    // Aside first: of two that see the same stale lock, one may already have replaced it by a lock of its own.
    const aside = `${path}.${token}`
    try {
      fs.renameSync(path, aside)
      if (read(aside) !== seen) fs.linkSync(aside, path)
    } catch {
      // Another process was faster.
    }
    fs.rmSync(aside, { force: true })
  }

  const isStale = (seen: string): boolean => {
    const [owner = '', , ownerHost = ''] = seen.trim().split(' ')
    if (ownerHost === host && !isAlive(Number(owner))) return true
    const stats = fs.statSync(path, { throwIfNoEntry: false })
    return stats !== undefined && Date.now() - stats.mtimeMs > staleMs
  }

  const isAlive = (owner: number): boolean => {
    try {
      return kill(owner, 0)
    } catch (error) {
      return codeOf(error) !== 'ESRCH'
    }
  }

  const read = (file: string): string | undefined => {
    try {
      return fs.readFileSync(file, 'utf8')
    } catch {
      return undefined
    }
  }

  return {
    async acquire({ timeoutMs, signal }) {
      const deadline = Date.now() + timeoutMs
      while (!take()) {
        if (signal?.aborted === true) throw abortedError('Cannot write the database file.', signal)
        if (Date.now() >= deadline) throw busyError(path, timeoutMs)
        removeIfStale()
        await new Promise((resolve) => setTimeout(resolve, pollMs))
      }
    },
    release() {
      clearInterval(touch)
      touch = undefined
      if (read(path) === content) fs.rmSync(path, { force: true })
    },
  }
}

function busyError(path: string, timeoutMs: number): TidemarkError {
  return new TidemarkError('storage_busy', 'Cannot write the database file.', {
    why: `Another process has been writing it for ${timeoutMs} ms; its lock is "${path}".`,
    next: 'Try again when the other process is done.',
    retryable: true,
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
