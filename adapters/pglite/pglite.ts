/** PostgreSQL as WebAssembly, in memory or in a folder. Runs wherever PGlite does; Node's modules are needed for a folder only. */
import { TidemarkError, systemCode } from '../../src/errors.ts'
import { type ConnectionStorageOptions, createConnectionStorage } from '../../src/storage/connection-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { preparedCluster } from './cluster.ts'
import { type PgliteEngine, pgliteConnection } from './connection.ts'
import { type Engines, loadPglite, startInMemory, startOnFolder } from './engine.ts'
import { folderError, memoryError, startError } from './errors.ts'
import { type Folder, openFolder, writeFiles } from './folder.ts'

export type { PgliteEngine } from './connection.ts'

/** Where the database is, and how safe a commit has to be. */
export interface PgliteOptions extends ConnectionStorageOptions {
  /**
   * Folder of the database, made when it does not exist in an existing one. Left out: memory only. PGlite would break
   * data that two use at once, so the folder is locked (a file `tidemark.lock` in it) while it is open.
   */
  readonly dir?: string | undefined
  /**
   * `commit` (default): what a resolved transaction wrote outlives `kill -9` and a power cut; PGlite by itself promises
   * only the first. `relaxed`: commits are gathered for at most 200 ms and flushed together, which is faster for many
   * small ones; a crash loses the commits since the last flush, as a whole, and nothing else. `close()` flushes what is left. Of no
   * meaning in memory.
   */
  readonly durability?: 'commit' | 'relaxed' | undefined
  /** A ready PGlite instead. The storage alone uses it from now on, and does not close it. */
  readonly engine?: PgliteEngine | undefined
}

const relaxedMs = 200

/**
 * Opens PGlite in memory or on a folder.
 *
 * @throws TidemarkError `engine_missing` when `@electric-sql/pglite` is not installed, `storage_busy` when the
 * folder is open already, here or in another process, `storage_open_failed`
 */
export async function pglite(options: PgliteOptions = {}): Promise<Storage> {
  if (options.engine !== undefined) return storageOn(options.engine, { ...options, dir: undefined }, async () => {})
  const engines = await loadPglite()
  if (options.dir === undefined) {
    const engine = await openInMemory(engines)
    return storageOn(engine, options, () => engine.close())
  }
  const folder = await openFolder(options.dir)
  try {
    const engine = await openOnFolder(engines, folder, options.dir, options.durability ?? 'commit')
    return await storageOn(engine, options, async () => {
      try {
        await engine.close()
      } finally {
        folder.unlock()
      }
    })
  } catch (error) {
    folder.unlock()
    throw error
  }
}

async function storageOn(engine: PgliteEngine, options: PgliteOptions, close: () => Promise<void>): Promise<Storage> {
  const connection = pgliteConnection(engine, options.durability === 'relaxed' && options.dir !== undefined ? relaxedMs : 0)
  // Days are cut by UTC on every engine.
  if (options.engine !== undefined) await connection.run(`set timezone to 'UTC'`, [])
  return createConnectionStorage(
    {
      name: 'pglite',
      dialect: 'postgres',
      capabilities: {
        transactionalDdl: true,
        durable: options.dir !== undefined,
        concurrentStatements: false,
        sharedWriters: false,
        fullText: 'tsvector',
      },
      connections: 1,
      acquire: async () => connection,
      release: async () => undefined,
      openShadow: () => pglite({ waitTimeoutMs: options.waitTimeoutMs }),
      close: async () => {
        connection.stop()
        await close()
      },
    },
    options,
  )
}

async function openInMemory(engines: Engines): Promise<PgliteEngine> {
  const files = await preparedCluster()
  try {
    // What was prepared may be of a PGlite that this one does not understand.
    return await startInMemory(engines, files).catch((error: unknown) => {
      if (files === undefined) throw error
      return startInMemory(engines, undefined)
    })
  } catch (cause) {
    throw memoryError(cause)
  }
}

async function openOnFolder(engines: Engines, folder: Folder, dir: string, durability: 'commit' | 'relaxed'): Promise<PgliteEngine> {
  const start = (): Promise<PgliteEngine> => startOnFolder(engines, folder.path, durability)
  try {
    if (await folder.isFilled()) {
      return await start().catch((cause: unknown) => {
        throw systemCode(cause) === undefined ? startError(dir, cause) : cause
      })
    }
    const files = await preparedCluster()
    if (files !== undefined) {
      await folder.fill((inside) => writeFiles(inside, files))
      const engine = await start().catch((error: unknown) => {
        if (systemCode(error) !== undefined) throw error
      })
      if (engine !== undefined) return engine
      // What was prepared may be of a PGlite that this one does not understand.
      await folder.clear()
    }
    await folder.fill(async (inside) => (await engines.PGlite.create(inside)).close())
    return await start()
  } catch (error) {
    throw error instanceof TidemarkError ? error : folderError(dir, error)
  }
}
