import { describe, expect, it } from 'vitest'
import { TidemarkError } from '../../src/errors.ts'
import { type FileLock, type LockRuntime, createFileLock } from '../../src/storage/file-lock.ts'

const busy = () => new TidemarkError('storage_busy', 'busy', { why: 'so', next: 'no' })
const now = { timeoutMs: 0, onTimeout: busy }

/** Files in memory, so that a test can do something between two steps of a lock. */
function memoryFiles() {
  const files = new Map<string, { text: string; mtimeMs: number }>()
  const missing = (code: string): Error => Object.assign(new Error(code), { code })
  const existing = (path: string) => {
    const file = files.get(path)
    if (file === undefined) throw missing('ENOENT')
    return file
  }
  const steps = { beforeRename: () => {} }
  const fs: LockRuntime['fs'] = {
    writeFileSync: (path, text) => {
      if (files.has(path)) throw missing('EEXIST')
      files.set(path, { text, mtimeMs: Date.now() })
    },
    readFileSync: (path) => existing(path).text,
    statSync: (path) => existing(path),
    utimesSync: (path, _, modified) => {
      existing(path).mtimeMs = modified.getTime()
    },
    renameSync: (from, to) => {
      steps.beforeRename()
      files.set(to, existing(from))
      files.delete(from)
    },
    linkSync: (from, to) => {
      if (files.has(to)) throw missing('EEXIST')
      files.set(to, existing(from))
    },
    rmSync: (path) => files.delete(path),
  }
  const lock = (pid: number, host = 'here'): FileLock =>
    createFileLock('lock', {
      fs,
      os: { hostname: () => host },
      process: {
        pid,
        kill: (owner) => {
          if (owner >= 100) throw missing('ESRCH')
          return true
        },
      },
    })
  return { files, steps, lock }
}

describe('the lock of a database on disk', () => {
  it('is held by one at a time, and given back', async () => {
    const { files, lock } = memoryFiles()
    const [first, second] = [lock(1), lock(1)]
    await first.acquire(now)
    await expect(second.acquire(now)).rejects.toMatchObject({ code: 'storage_busy' })
    second.release()
    expect(files.has('lock')).toBe(true)
    first.release()
    await second.acquire(now)
    second.release()
    expect([...files.keys()]).toEqual([])
  })

  it('is waited for', async () => {
    const { lock } = memoryFiles()
    const [first, second] = [lock(1), lock(2)]
    await first.acquire(now)
    const waiting = second.acquire({ timeoutMs: 5_000, onTimeout: busy })
    setTimeout(() => first.release(), 30)
    await waiting
    second.release()
  })

  it('of a dead process on this host is taken over, of one elsewhere only when it was not touched for long', async () => {
    const { files, lock } = memoryFiles()
    await lock(100).acquire(now)
    const heir = lock(1)
    await heir.acquire(now)
    heir.release()
    await lock(100, 'elsewhere').acquire(now)
    await expect(lock(1).acquire(now)).rejects.toMatchObject({ code: 'storage_busy' })
    const held = files.get('lock')
    if (held !== undefined) held.mtimeMs -= 21_000
    await lock(1).acquire(now)
    expect(files.get('lock')?.text).toMatch(/^1 .* here\n$/)
  })

  it('is not lost to one that saw the lock before it', async () => {
    const { files, steps, lock } = memoryFiles()
    await lock(100).acquire(now)
    const [fast, slow] = [lock(1), lock(2)]
    steps.beforeRename = () => {
      steps.beforeRename = () => {}
      files.set('lock', { text: '1 fast here\n', mtimeMs: Date.now() })
    }
    await expect(slow.acquire(now)).rejects.toMatchObject({ code: 'storage_busy' })
    expect([...files.entries()]).toMatchObject([['lock', { text: '1 fast here\n' }]])
    fast.release()
    expect(files.has('lock')).toBe(true)
  })

  it('that was taken over is not removed by its former holder', async () => {
    const { files, lock } = memoryFiles()
    const former = lock(1)
    await former.acquire(now)
    files.set('lock', { text: '2 other here\n', mtimeMs: Date.now() })
    former.release()
    expect(files.has('lock')).toBe(true)
  })
})
