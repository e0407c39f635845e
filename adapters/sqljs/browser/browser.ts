/** SQLite as WebAssembly in a web page or a worker, kept in IndexedDB. Imports nothing that a browser does not have. */
import { type ConnectionStorageOptions, defaultWaitTimeoutMs } from '../../../src/storage/connection-storage.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { loadSqlJs, startEngine } from '../start.ts'
import { storageInMemory, storageOn } from '../storage-on.ts'
import { BrowserConnection } from './browser-connection.ts'
import { openPageStore } from './page-store.ts'
import { createWriterLock } from './writer-lock.ts'

/** Which database of the origin it is, and how safe a commit has to be. */
export interface BrowserSqliteOptions extends ConnectionStorageOptions {
  /** Name of the database among those of this origin, made by the first commit. Left out: memory only. */
  readonly name?: string | undefined
  /**
   * `commit` (default): what a resolved transaction wrote outlives a killed tab, a killed browser and a power cut, unless the
   * browser takes its own files for damaged: see `browserSqlite`. `relaxed`: the browser need not wait for the disk, which is
   * faster; a power cut may lose the last commits. Of no meaning in memory.
   */
  readonly durability?: 'commit' | 'relaxed' | undefined
  /** Address of `sql-wasm-browser.wasm` of the package `sql.js`; the first storage of a page decides. Default: beside the page. */
  readonly wasmUrl?: string | URL | undefined
}

/**
 * Opens SQLite in memory, or on a database that the browser keeps. The whole database is in memory; a commit writes the pages
 * that it changed, in one IndexedDB transaction.
 *
 * Other tabs and workers of the origin may open the same database: each sees what the others committed with its next statement,
 * and they write in turn (Web Locks). A browser that runs out of space may delete the databases of an origin unless the page
 * has called `navigator.storage.persist()`; `indexedDB.deleteDatabase('tidemark:' + name)` deletes this one. Chromium deletes
 * them too when it takes its own files for damaged, which can come of a kill in the middle of a write; the next open is then
 * refused once, and the one after that finds nothing.
 *
 * @throws TidemarkError `storage_open_failed` where IndexedDB or Web Locks are missing or refused (private windows, pages that
 * came over plain HTTP), SQLite cannot be loaded, or the browser has lost the database; a commit `storage_unavailable` when the
 * origin has used up its space
 *
 * @example
 * const storage = await browserSqlite({ name: 'tidemark', wasmUrl: '/sql-wasm-browser.wasm' })
 */
export async function browserSqlite(options: BrowserSqliteOptions = {}): Promise<Storage> {
  const { name, durability, waitTimeoutMs = defaultWaitTimeoutMs, wasmUrl } = options
  const sqlJs = await loadSqlJs(wasmUrl)
  if (name === undefined) return storageInMemory(options)
  const lock = createWriterLock(name, waitTimeoutMs)
  const store = await openPageStore(name, durability === 'relaxed' ? 'relaxed' : 'strict')
  const connection = new BrowserConnection({ name, store, lock, sqlJs, start: (bytes) => startEngine(sqlJs, bytes) })
  try {
    await connection.load()
  } catch (error) {
    await connection.close()
    throw error
  }
  return storageOn(connection, 'kept', options)
}
