/**
 * The folder of a PGlite database: locked while it is open, since two that use it would break it, and filled in such a way
 * that a process that is killed meanwhile leaves one that the next can fill again. Knows no engine.
 *
 * Invariant: `PG_VERSION` is there only when everything else is, and on the disk.
 */
import pLimit from 'p-limit'
import type { FileLock } from '../../src/storage/file-lock.ts'
import { createFileLock } from '../../src/storage/file-lock.ts'
import { TidemarkError } from '../../src/errors.ts'
import type { ClusterFile } from './cluster.ts'
import { busyError, folderError, foreignError } from './errors.ts'

export interface Folder {
  /** Absolute, without symbolic links. */
  readonly path: string
  /** Whether there is a database in it. */
  isFilled(): Promise<boolean>
  /** Removes an unfinished database, has a whole one made in a folder inside, and moves it into place. */
  fill(make: (folder: string) => Promise<void>): Promise<void>
  /** Removes the database. */
  clear(): Promise<void>
  unlock(): void
}

/** There is a database where this file is. */
export const complete = 'PG_VERSION'
const unfinished = 'tidemark.new'
export const lockName = 'tidemark.lock'
/** PostgreSQL's own, with the number of its process. */
const serverLock = 'postmaster.pid'
const isOwn = (name: string): boolean => name.startsWith(lockName) || name === 'lost+found'

/**
 * Makes the folder when it is missing, and locks it. The lock is inside, so that two containers that share the folder, or
 * two links to it, meet at the same one.
 *
 * @throws TidemarkError `storage_busy` when it is open already, `storage_open_failed`
 */
export async function openFolder(dir: string): Promise<Folder> {
  const [fs, os, process, { access, mkdir, readdir, realpath, rename, rm, rmdir }, { join }] = await Promise.all([
    import('node:fs'), import('node:os'), import('node:process'), import('node:fs/promises'), import('node:path'),
  ])
  let lock: FileLock
  let path: string
  try {
    // Not for others: PGlite gives its files to everybody.
    await mkdir(dir, { mode: 0o700 }).catch((error: unknown) => {
      if (!fs.existsSync(dir)) throw error
    })
    path = await realpath(dir)
    // PGlite writes also when nobody asks it to, and gives no reason when it cannot.
    await access(path, fs.constants.W_OK)
    lock = createFileLock(join(path, lockName), { fs, os, process })
    await lock.acquire({ timeoutMs: 0, onTimeout: (owner) => busyError(dir, join(path, lockName), owner) })
    try {
      // PostgreSQL takes an empty one for a start that is under way, and refuses for ever; a process that was killed may have left it.
      if (fs.statSync(join(path, serverLock), { throwIfNoEntry: false })?.size === 0) await rm(join(path, serverLock))
    } catch (error) {
      lock.release()
      throw error
    }
  } catch (error) {
    throw error instanceof TidemarkError ? error : folderError(dir, error)
  }

  const remove = (name: string): Promise<void> => rm(join(path, name), { recursive: true, force: true })
  const clear = async (): Promise<void> => {
    const names = (await readdir(path)).filter((name) => !isOwn(name))
    // In this order, for the case that this is killed as well.
    if (names.includes(complete)) await mkdir(join(path, unfinished), { recursive: true }).then(() => remove(complete))
    await Promise.all(names.filter((name) => name !== unfinished).map(remove))
    await remove(unfinished)
  }
  return {
    path,
    async isFilled() {
      return (await readdir(path)).includes(complete)
    },
    async fill(make) {
      const names = (await readdir(path)).filter((name) => !isOwn(name))
      if (names.length > 0 && !names.includes(unfinished)) throw foreignError(dir)
      await clear()
      const inside = join(path, unfinished)
      await mkdir(inside, { mode: 0o700 })
      await make(inside)
      await syncTree(inside)
      for (const name of await readdir(inside)) if (name !== complete) await rename(join(inside, name), join(path, name))
      await syncFolder(path)
      await rename(join(inside, complete), join(path, complete))
      await rmdir(inside)
      await syncFolder(path)
    },
    clear,
    unlock: () => lock.release(),
  }
}

/** Writes the files of a prepared database. */
export async function writeFiles(folder: string, files: readonly ClusterFile[]): Promise<void> {
  const [{ mkdir, open }, { join }] = await Promise.all([import('node:fs/promises'), import('node:path')])
  for (const { path } of files) if (path.endsWith('/')) await mkdir(join(folder, path), { mode: 0o700 })
  const zeros = new Uint8Array(1 << 20)
  await together(files.filter(({ path }) => !path.endsWith('/')), async ({ path, size, bytes }) => {
    const file = await open(join(folder, path), 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      // Really written: a full disk must show itself now, not in the middle of a commit.
      for (let left = size - bytes.length; left > 0; left -= zeros.length) await file.writeFile(zeros.subarray(0, left))
    } finally {
      await file.close()
    }
  })
}

async function syncTree(folder: string): Promise<void> {
  const [{ open, readdir }, { join }] = await Promise.all([import('node:fs/promises'), import('node:path')])
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const pathOf = ({ parentPath, name }: (typeof entries)[number]): string => join(parentPath, name)
  await together(entries.filter((entry) => !entry.isDirectory()), async (entry) => {
    const file = await open(pathOf(entry), 'r+')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  })
  await together([folder, ...entries.filter((entry) => entry.isDirectory()).map(pathOf)], syncFolder)
}

/** So that names outlive a power cut. Some systems do not know this for folders, and keep names in order by themselves. */
async function syncFolder(path: string): Promise<void> {
  const { open } = await import('node:fs/promises')
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}

/** A few at a time: the disk joins what is to be flushed. */
async function together<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const limit = pLimit(16)
  await Promise.all(items.map((item) => limit(() => work(item))))
}
