/**
 * Starts a PGlite in memory or on a folder that is filled. What differs from PGlite's own start has been measured:
 * starting takes half the time, and what is committed in a folder is really on the disk.
 */
import type { MemoryFS, PGlite, PGliteOptions } from '@electric-sql/pglite'
import type { NodeFS } from '@electric-sql/pglite/nodefs'
import type { ClusterFile } from './cluster.ts'
import { missingError } from './errors.ts'

export interface Engines {
  readonly PGlite: typeof PGlite
  readonly MemoryFS: typeof MemoryFS
}

/** @throws TidemarkError `engine_missing` */
export async function loadPglite(): Promise<Engines> {
  try {
    return await import('@electric-sql/pglite')
  } catch (cause) {
    throw missingError(cause)
  }
}

export function startInMemory({ PGlite, MemoryFS }: Engines, files: readonly ClusterFile[] | undefined): Promise<PGlite> {
  return start(PGlite, files === undefined ? undefined : memoryWith(files, PGlite, MemoryFS), [])
}

export async function startOnFolder({ PGlite }: Engines, path: string, durability: 'commit' | 'relaxed'): Promise<PGlite> {
  const [{ NodeFS }, { default: fs }] = await Promise.all([import('@electric-sql/pglite/nodefs'), import('node:fs')])
  // The other methods of PostgreSQL do nothing in PGlite.
  const settings = ['fsync=on', 'wal_sync_method=fsync', ...(durability === 'relaxed' ? ['synchronous_commit=off'] : [])]
  return start(PGlite, syncedFolder(path, NodeFS, fs), settings)
}

async function start(Base: typeof PGlite, fs: PGliteOptions['fs'], settings: readonly string[]): Promise<PGlite> {
  class Engine extends Base {
    /** A query at the start that tells arrays from text, which the port does not. */
    override async _initArrayTypes(): Promise<void> {}
  }
  // PostgreSQL fills its buffers with zeros first, which for its usual 128 MB takes longer than all the rest. Days are cut by UTC on every engine.
  const all = ['shared_buffers=16MB', 'timezone=UTC', ...settings]
  const startParams = [...Base.defaultStartParams.filter((parameter) => parameter !== '-F' || settings.length === 0), ...all.flatMap((setting) => ['-c', setting])]
  const engine = new Engine({ startParams, ...(fs === undefined ? {} : { fs }) })
  await engine.waitReady
  return engine
}

/** PGlite finds its files there, as in a folder that it knows. */
function memoryWith(files: readonly ClusterFile[], { paths }: typeof PGlite, Memory: typeof MemoryFS): MemoryFS {
  class PreparedMemory extends Memory {
    override async initialSyncFs(): Promise<void> {
      const target = this.pg?.Module.FS
      if (target === undefined) return
      target.mkdirTree(paths.PGDATA)
      for (const { path, size, bytes } of files) {
        const place = `${paths.PGDATA}/${path}`
        if (path.endsWith('/')) {
          target.mkdir(place.slice(0, -1))
        } else {
          target.writeFile(place, bytes)
          if (size > bytes.length) target.truncate(place, size)
        }
      }
    }
  }
  return new PreparedMemory()
}

interface OpenFile {
  /** Left out for a folder. */
  readonly nfd?: number | undefined
  readonly node: unknown
}

interface NodeFiles {
  readonly stream_ops: { fsync?: (file: OpenFile) => number }
  realPath(node: unknown): string
}

/** PGlite's access to a folder takes a flush for granted: here it is one, so that PostgreSQL's order of flushes holds. */
function syncedFolder(path: string, Folder: typeof NodeFS, fs: typeof import('node:fs')): NodeFS {
  class SyncedFolder extends Folder {
    override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
      const { emscriptenOpts } = await super.init(pg, options)
      const preRun: NonNullable<typeof emscriptenOpts.preRun> = [
        ...(emscriptenOpts.preRun ?? []),
        (module) => {
          const files = module.NODEFS as unknown as NodeFiles
          files.stream_ops.fsync = ({ nfd, node }) => {
            try {
              if (nfd !== undefined) fs.fsyncSync(nfd)
              else syncFolder(files.realPath(node))
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
  return new SyncedFolder(path)
}

/** EIO, on which PostgreSQL stops rather than believe in a commit. */
const ioError = 29
