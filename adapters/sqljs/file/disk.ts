/**
 * The few file operations that a database file needs, so that tests can play a disk that fills up or loses power. Reads
 * are synchronous, since SQLite asks for a page in the middle of a statement. Failures are the system's own errors.
 */
import fs from 'node:fs'
import { promisify } from 'node:util'

export interface DiskStats {
  readonly inode: number
  readonly size: number
  readonly isFile: boolean
}

export interface DiskFile {
  /** Fills `target` from the position on; gives how many bytes there were. */
  read(target: Uint8Array, position: number): number
  write(bytes: Uint8Array, position: number): Promise<void>
  truncate(size: number): Promise<void>
  /** Resolves when what was written outlives a power cut. */
  sync(): Promise<void>
  close(): void
}

export interface Disk {
  stat(path: string): DiskStats | undefined
  /** `write` makes the file when it is missing; `replace` empties it too. New files are for their owner only. */
  open(path: string, access: 'read' | 'write' | 'replace'): DiskFile
  rename(from: string, to: string): Promise<void>
  /** No error when there is no such file. */
  remove(path: string): Promise<void>
  /** Makes names that were added or changed outlive a power cut. */
  syncFolder(path: string): Promise<void>
}

const write = promisify(fs.write)
const sync = promisify(fs.fsync)
const truncate = promisify(fs.ftruncate)
const { O_CREAT, O_RDONLY, O_RDWR, O_TRUNC } = fs.constants
const flags = { read: O_RDONLY, write: O_RDWR | O_CREAT, replace: O_RDWR | O_CREAT | O_TRUNC }

export const nodeDisk: Disk = {
  stat(path) {
    const stats = fs.statSync(path, { throwIfNoEntry: false })
    return stats && { inode: stats.ino, size: stats.size, isFile: stats.isFile() }
  },
  open(path, access) {
    const fd = fs.openSync(path, flags[access], 0o600)
    return {
      read(target, position) {
        let done = 0
        for (let count = -1; count !== 0 && done < target.length; done += count) {
          count = fs.readSync(fd, target, done, target.length - done, position + done)
        }
        return done
      },
      async write(bytes, position) {
        // A disk that is nearly full takes a part.
        for (let done = 0; done < bytes.length; ) done += (await write(fd, bytes, done, bytes.length - done, position + done)).bytesWritten
      },
      truncate: (size) => truncate(fd, size),
      sync: () => sync(fd),
      close: () => fs.closeSync(fd),
    }
  },
  rename: (from, to) => fs.promises.rename(from, to),
  remove: (path) => fs.promises.rm(path, { force: true }),
  async syncFolder(path) {
    // Windows cannot flush a folder, and does not need to.
    const folder = await fs.promises.open(path, 'r').catch(() => undefined)
    if (folder === undefined) return
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
}
