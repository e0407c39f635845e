/**
 * The file of a sql.js database: read whole, written whole. A write goes to a second file in the same folder, is
 * flushed, and takes the place of the first in one step, so that at any moment, also after `kill -9`, the file is one
 * complete commit. Knows bytes and names, no SQL. Node's modules are loaded here and only when there is a file.
 */
import type { Stats } from 'node:fs'
import { TidemarkError } from '../../src/errors.ts'
import { createFileLock } from '../../src/storage/file-lock.ts'

export interface DatabaseFile {
  /** The bytes, or undefined when there is no file yet. Remembers which state of the file was read. */
  read(): Promise<Uint8Array | undefined>
  /** False when the file is not the one that was last read or written here. */
  isCurrent(): boolean
  /**
   * Replaces the file by `bytes`.
   *
   * @throws TidemarkError `storage_busy` when somebody else has written it meanwhile, `storage_unavailable`
   */
  write(bytes: Uint8Array): Promise<void>
  /** Waits until nobody else writes the file. */
  lock(signal: AbortSignal | undefined): Promise<void>
  unlock(): void
  /** The error for content that is not a readable SQLite database. */
  unreadable(cause?: unknown): TidemarkError
}

const magic = new TextEncoder().encode('SQLite format 3\0')

/** @throws TidemarkError `storage_open_failed` when there can be no such file */
export async function openDatabaseFile(file: string, waitTimeoutMs: number): Promise<DatabaseFile> {
  const fs = await import('node:fs')
  const { basename, dirname, join, resolve } = await import('node:path')
  const path = await fs.promises.realpath(file).catch(() => resolve(file))
  const folder = dirname(path)
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw openError(path, `Its folder "${folder}" does not exist.`, 'Make the folder first, or choose another path.')
  }
  const lock = createFileLock(`${path}-lock`, { fs, os: await import('node:os'), process: await import('node:process') })
  let known = 'unread'
  const stats = (): Stats | undefined => fs.statSync(path, { throwIfNoEntry: false })

  const read = async (): Promise<Uint8Array | undefined> => {
    const before = identity(stats())
    if (before === 'absent') {
      known = before
      return undefined
    }
    for (const [suffix, content] of [['-wal', 'a write-ahead log'], ['-journal', 'an unfinished transaction']] as const) {
      if ((fs.statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0) > 0) {
        throw openError(path, `Another program has left ${content} beside it, in "${basename(path)}${suffix}".`, 'Close that program, or open the file once with the sqlite3 program, then try again.')
      }
    }
    const bytes: Uint8Array = await fs.promises.readFile(path).catch((cause: unknown) => {
      throw openError(path, `It cannot be read (${systemCode(cause)}).`, 'Check the path and the permissions of the file.', cause)
    })
    if (bytes.length > 0 && !magic.every((byte, index) => bytes[index] === byte)) throw unreadable()
    known = before
    return bytes
  }

  const write = async (bytes: Uint8Array): Promise<void> => {
    const old = stats()
    if (identity(old) !== known) throw overtakenError(path)
    const fresh = join(folder, `${basename(path)}.new`)
    try {
      const handle = await fs.promises.open(fresh, 'w', 0o600)
      try {
        await handle.chmod(old === undefined ? 0o600 : old.mode & 0o7777)
        await handle.writeFile(bytes)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await fs.promises.rename(fresh, path)
      await syncFolder(fs, folder)
      known = identity(stats())
    } catch (cause) {
      await fs.promises.rm(fresh, { force: true }).catch(() => undefined)
      throw new TidemarkError('storage_unavailable', `Cannot write the database file "${path}".`, {
        why: `The file system refused it (${systemCode(cause)}); nothing of this commit was kept.`,
        next: 'Check free space and permissions of the folder, then try again.',
        cause,
        retryable: true,
      })
    }
  }

  const unreadable = (cause?: unknown): TidemarkError =>
    openError(path, 'It is not a SQLite 3 database, or it is damaged. It was left as it is.', 'Choose another path, or restore the file from a backup.', cause)

  return {
    read,
    write,
    unreadable,
    isCurrent: () => identity(stats()) === known,
    lock: (signal) => lock.acquire({ timeoutMs: waitTimeoutMs, signal, onTimeout: () => lockedError(path, waitTimeoutMs) }),
    unlock: () => lock.release(),
  }
}

function identity(stats: Stats | undefined): string {
  return stats === undefined ? 'absent' : `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`
}

/** Best effort: the commit is in place already, only a power cut could still undo it, and Windows cannot flush a folder. */
async function syncFolder(fs: typeof import('node:fs'), folder: string): Promise<void> {
  try {
    const handle = await fs.promises.open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    return
  }
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error'
}

function openError(path: string, why: string, next: string, cause?: unknown): TidemarkError {
  return new TidemarkError('storage_open_failed', `Cannot open the database file "${path}".`, { why, next, cause })
}

function overtakenError(path: string): TidemarkError {
  return new TidemarkError('storage_busy', `Cannot write the database file "${path}".`, {
    why: 'Another program has changed it during this transaction; nothing of this transaction was kept.',
    next: 'Run the transaction again.',
    retryable: true,
  })
}

function lockedError(path: string, waitedMs: number): TidemarkError {
  return new TidemarkError('storage_busy', `Cannot write the database file "${path}".`, {
    why: `Another process has been writing it for ${waitedMs} ms; its lock is "${path}-lock".`,
    next: 'Try again when the other process is done.',
    retryable: true,
  })
}
