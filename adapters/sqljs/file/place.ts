/** Where a database file is: on the file system of Node, with its lock beside it. Tests put one on a disk of their own. */
import fs from 'node:fs'
import os from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { createFileLock } from '../../../src/storage/file-lock.ts'
import { type Disk, nodeDisk } from './disk.ts'
import { folderMissingError, lockedError } from './errors.ts'

/** Behind the path of the file: the lock of whoever writes it. */
export const lockSuffix = '-lock'

export interface FilePlace {
  /** Absolute, without symbolic links. */
  readonly path: string
  readonly disk: Disk
  readonly lock: WriterLock
}

/** Held by the one that writes the file. */
export interface WriterLock {
  /** @throws TidemarkError `storage_busy` when another holds it for so long, `aborted` */
  acquire(signal?: AbortSignal, timeoutMs?: number): Promise<void>
  release(): void
  /** Whether there is something of it on the disk: another holds it, or has left it when it was killed. */
  isThere(): boolean
}

/** @throws TidemarkError `storage_open_failed` when the folder does not exist */
export function placeOf(file: string, waitTimeoutMs: number): FilePlace {
  const path = realPath(resolve(file))
  if (!fs.statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory()) throw folderMissingError(path, dirname(path))
  const lockPath = `${path}${lockSuffix}`
  const lock = createFileLock(lockPath, { fs, os, process })
  return {
    path,
    disk: nodeDisk,
    lock: {
      acquire: (signal, timeoutMs = waitTimeoutMs) => lock.acquire({ timeoutMs, signal, onTimeout: (owner) => lockedError(path, lockPath, timeoutMs, owner) }),
      release: () => lock.release(),
      isThere: () => fs.existsSync(lockPath),
    },
  }
}

/** Through links also where the file itself is still to be made: all who open it must mean the same lock. */
function realPath(path: string): string {
  try {
    return fs.realpathSync(path)
  } catch {
    try {
      return join(fs.realpathSync(dirname(path)), basename(path))
    } catch {
      return path
    }
  }
}
