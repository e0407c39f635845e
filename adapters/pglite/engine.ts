/**
 * Starts a PGlite in memory or on a folder that is filled. What differs from PGlite's own start has been measured:
 * starting takes half the time, what is committed in a folder is really on the disk, and one that aborts is over.
 */
import type { MemoryFS, PGlite, PGliteOptions } from '@electric-sql/pglite'
import type { ClusterFile } from './cluster.ts'
import { missingError } from './errors.ts'
import { type EngineModule, stopOnAbort } from './stop-on-abort.ts'
import { syncedFolder } from './synced-folder.ts'

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
  return start(PGlite, files === undefined ? undefined : memoryWith(files, PGlite, MemoryFS), [], () => undefined)
}

/** @throws the error of the file system when that is why it does not start */
export async function startOnFolder({ PGlite }: Engines, path: string, durability: 'commit' | 'relaxed'): Promise<PGlite> {
  const [{ NodeFS }, { default: fs }] = await Promise.all([import('@electric-sql/pglite/nodefs'), import('node:fs')])
  // The other methods of PostgreSQL do nothing in PGlite.
  const settings = ['fsync=on', 'wal_sync_method=fsync', ...(durability === 'relaxed' ? ['synchronous_commit=off'] : [])]
  const { files, failure } = syncedFolder(path, NodeFS, fs)
  try {
    return await start(PGlite, files, settings, failure)
  } catch (error) {
    // PGlite leaves them open.
    await files.closeFs().catch(() => undefined)
    throw failure() ?? error
  }
}

async function start(Base: typeof PGlite, fs: PGliteOptions['fs'], settings: readonly string[], failure: () => unknown): Promise<PGlite> {
  class Engine extends Base {
    /** A query at the start that tells arrays from text, which the port does not. */
    override async _initArrayTypes(): Promise<void> {}
  }
  const all = [
    // PostgreSQL fills its buffers with zeros first, which for its usual 128 MB takes longer than all the rest.
    'shared_buffers=16MB',
    // Days are cut by UTC on every engine.
    'timezone=UTC',
    // The timer of its reports would keep Node running when recovery fails.
    'log_startup_progress_interval=0',
    ...settings,
  ]
  const startParams = [...Base.defaultStartParams.filter((parameter) => parameter !== '-F' || settings.length === 0), ...all.flatMap((setting) => ['-c', setting])]
  const engine = new Engine({ startParams, ...(fs === undefined ? {} : { fs }) })
  await engine.waitReady
  stopOnAbort(engine.Module as unknown as EngineModule, failure)
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
