/** Puts a database file together from what Node has: its file system, and the lock beside the file. */
import fs from 'node:fs'
import os from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { createFileLock } from '../../../src/storage/file-lock.ts'
import { DatabaseFile } from './database-file.ts'
import { nodeDisk } from './disk.ts'
import { folderMissingError, lockedError } from './errors.ts'

/**
 * @param empty makes the file of a database with nothing in it
 * @throws TidemarkError `storage_open_failed` when the folder does not exist
 */
export function openFile(file: string, waitTimeoutMs: number, empty: () => Uint8Array): DatabaseFile {
  const path = realPath(resolve(file))
  if (!fs.statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory()) throw folderMissingError(path, dirname(path))
  const lock = createFileLock(`${path}-lock`, { fs, os, process })
  return new DatabaseFile({
    path,
    empty,
    disk: nodeDisk,
    lock: {
      acquire: (signal, timeoutMs = waitTimeoutMs) => lock.acquire({ timeoutMs, signal, onTimeout: (owner) => lockedError(path, timeoutMs, owner) }),
      release: () => lock.release(),
    },
  })
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
