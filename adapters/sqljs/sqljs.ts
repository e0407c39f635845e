/** SQLite as WebAssembly, in memory or on a file. Runs wherever sql.js does; Node's modules are needed for a file only. */
import { type ConnectionStorageOptions, defaultWaitTimeoutMs } from '../../src/storage/connection-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { storageInMemory, storageOn } from './storage-on.ts'

/** Where the database is, and how safe a commit has to be. */
export interface SqljsOptions extends ConnectionStorageOptions {
  /** Path of an ordinary SQLite 3 file, made by the first commit. Its folder must exist. Left out: memory only. */
  readonly file?: string | undefined
  /**
   * `commit` (default): what a resolved transaction wrote outlives `kill -9` and a power cut. `relaxed`: commits are
   * gathered for at most 200 ms and written together, which is much faster for many small ones; a crash loses the
   * commits since the last flush, as a whole, and nothing else. `close()` writes what is left. Of no meaning in memory.
   */
  readonly durability?: 'commit' | 'relaxed' | undefined
}

const relaxedMs = 200

/**
 * Opens SQLite in memory, or on a file. Of a file only the pages in use are in memory, and a commit writes only those that
 * it changed: first where they do no harm, then in one step that either happened or did not (see `docs/storage.md`).
 *
 * Other storages, also of other processes, may use the same file: each sees what the others committed with its next
 * statement, and they write in turn (a file `…-lock` beside it names the writer). Programs that are not Tidemark may read
 * the file while nobody writes, but must not write it while Tidemark does.
 *
 * @throws TidemarkError `storage_open_failed` when the file is no SQLite database, another program has left unfinished
 * work beside it, or its folder does not exist; the file is left as it is
 *
 * @example
 * await using storage = await sqljs({ file: './tidemark.db' })
 */
export async function sqljs(options: SqljsOptions = {}): Promise<Storage> {
  const { file, durability, waitTimeoutMs = defaultWaitTimeoutMs } = options
  if (file === undefined) return storageInMemory(options)
  const [{ placeOf }, { connect }] = await Promise.all([import('./file/place.ts'), import('./file/connect.ts')])
  return storageOn(await connect(placeOf(file, waitTimeoutMs), durability === 'relaxed' ? relaxedMs : 0), 'kept', options)
}
