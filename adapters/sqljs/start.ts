/** Loads sql.js and opens SQLite in it. */
import initSqlJs, { type SqlJsStatic } from 'sql.js'
import { TidemarkError } from '../../src/errors.ts'
import { Engine } from './engine.ts'

/** @throws whatever SQLite says when it cannot read the bytes */
export function startEngine(sqlJs: SqlJsStatic, bytes?: ArrayLike<number>): Engine {
  const database = new sqlJs.Database(bytes)
  try {
    // What SQLite writes beside the database would be in the memory of sql.js anyway. The cache is for 64 MB of pages.
    database.run('pragma journal_mode = memory; pragma synchronous = off; pragma temp_store = memory; pragma cache_size = -65536')
    database.run('pragma foreign_keys = on')
    database.exec('select count(*) from sqlite_schema')
  } catch (error) {
    database.close()
    throw error
  }
  return new Engine(database)
}

let emptyPage: Uint8Array | undefined

/** The file of a database with nothing in it: one page. Made once for the process. */
export function emptyDatabase(sqlJs: SqlJsStatic): Uint8Array {
  emptyPage ??= madeEmpty(sqlJs)
  return emptyPage.slice()
}

function madeEmpty(sqlJs: SqlJsStatic): Uint8Array {
  const database = new sqlJs.Database()
  try {
    // Writes the first page, and leaves it as it was.
    database.run('pragma user_version = 1; pragma user_version = 0')
    return database.export()
  } finally {
    database.close()
  }
}

let loading: Promise<SqlJsStatic> | undefined

/**
 * Once for the process: the WebAssembly module can hold many databases.
 *
 * @param wasmUrl where a browser finds the WebAssembly file; the first call decides
 */
export function loadSqlJs(wasmUrl?: string | URL): Promise<SqlJsStatic> {
  loading ??= initSqlJs(wasmUrl === undefined ? {} : { locateFile: () => String(wasmUrl) }).catch((cause: unknown) => {
    loading = undefined
    throw new TidemarkError('storage_open_failed', 'Cannot start SQLite', {
      why: 'The WebAssembly file of sql.js could not be loaded.',
      next: 'Check that the package "sql.js" is installed whole, with its ".wasm" file beside its script; in a browser, that "wasmUrl" leads to it.',
      cause,
    })
  })
  return loading
}
