/**
 * PGlite's access to a folder takes a flush for granted: here it is one, so that PostgreSQL's order of flushes holds. It also
 * remembers what the file system could not do, of which PostgreSQL tells only that something went wrong.
 */
import type { NodeFS } from '@electric-sql/pglite/nodefs'
import { systemCode } from '../../src/errors.ts'

export interface SyncedFolder {
  readonly files: NodeFS
  /** The last error that no program can help, such as a full disk. */
  failure(): unknown
}

interface OpenFile {
  /** Left out for a folder. */
  readonly nfd?: number | undefined
  readonly node: unknown
}

interface NodeFiles {
  readonly stream_ops: { fsync?: (file: OpenFile) => number }
  tryFSOperation(operation: () => unknown): unknown
  realPath(node: unknown): string
}

const failures = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'])
/** EIO, on which PostgreSQL stops rather than believe in a commit. */
const ioError = 29

/** PGlite and Node are handed in, since both are loaded for folders only. */
export function syncedFolder(path: string, Folder: typeof NodeFS, fs: typeof import('node:fs')): SyncedFolder {
  let failure: unknown
  const noting = (operation: () => unknown): unknown => {
    try {
      return operation()
    } catch (error) {
      if (failures.has(systemCode(error) ?? '')) failure = error
      throw error
    }
  }
  const syncFolder = (folder: string): void => {
    let descriptor: number
    try {
      descriptor = fs.openSync(folder, 'r')
    } catch {
      // Windows does not open folders, and keeps their names in order by itself.
      return
    }
    try {
      fs.fsyncSync(descriptor)
    } finally {
      fs.closeSync(descriptor)
    }
  }

  class SyncedFiles extends Folder {
    override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
      const { emscriptenOpts } = await super.init(pg, options)
      const preRun: NonNullable<typeof emscriptenOpts.preRun> = [
        ...(emscriptenOpts.preRun ?? []),
        (module) => {
          const files = module.NODEFS as unknown as NodeFiles
          const attempt = files.tryFSOperation
          files.tryFSOperation = (operation) => attempt(() => noting(operation))
          files.stream_ops.fsync = ({ nfd, node }) => {
            try {
              noting(() => (nfd === undefined ? syncFolder(files.realPath(node)) : fs.fsyncSync(nfd)))
              return 0
            } catch {
              return ioError
            }
          }
        },
      ]
      return { emscriptenOpts: { ...emscriptenOpts, preRun } }
    }
  }
  return { files: new SyncedFiles(path), failure: () => failure }
}
