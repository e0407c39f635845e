/** SQLite as WebAssembly, in memory or on a file. Runs wherever sql.js does; Node's modules are needed for a file only. */
import initSqlJs, { type SqlJsStatic } from 'sql.js'
import { TidemarkError } from '../../src/errors.ts'
import { type ConnectionStorageOptions, createConnectionStorage, defaultWaitTimeoutMs } from '../../src/storage/connection-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { SqljsConnection } from './connection.ts'
import { openDatabaseFile } from './database-file.ts'

export interface SqljsOptions extends ConnectionStorageOptions {
  /** Path of an ordinary SQLite 3 file, made by the first commit. Its folder must exist. Left out: memory only. */
  readonly file?: string | undefined
}

/**
 * Opens SQLite in memory, or on a file that is written whole and atomically with each commit.
 *
 * Other storages, also of other processes, may use the same file: each sees what the others committed, and they write in
 * turn (a file `…-lock` beside it). Programs that are not Tidemark may read the file at any time, but must not write it
 * while Tidemark does. A write costs as much as the whole file, so put many writes in one transaction.
 *
 * @throws TidemarkError `storage_open_failed` when the file is no SQLite database, another program has left unfinished
 * work beside it, or its folder does not exist; the file is left as it is
 *
 * @example
 * await using storage = await sqljs({ file: './tidemark.db' })
 */
export async function sqljs(options: SqljsOptions = {}): Promise<Storage> {
  const file = options.file === undefined ? undefined : await openDatabaseFile(options.file, options.waitTimeoutMs ?? defaultWaitTimeoutMs)
  const connection = new SqljsConnection(await loadEngine(), file)
  await connection.load()
  return createConnectionStorage(
    {
      name: 'sqljs',
      dialect: 'sqlite',
      capabilities: {
        transactionalDdl: true,
        durable: file !== undefined,
        concurrentStatements: false,
        sharedWriters: file !== undefined,
        fullText: 'fts4',
      },
      connections: 1,
      acquire: async () => connection,
      release: async () => undefined,
      close: async () => connection.close(),
    },
    options,
  )
}

let engine: Promise<SqlJsStatic> | undefined

/** Once for the process: the WebAssembly module can hold many databases. */
function loadEngine(): Promise<SqlJsStatic> {
  engine ??= initSqlJs().catch((cause: unknown) => {
    engine = undefined
    throw new TidemarkError('storage_open_failed', 'Cannot start SQLite.', {
      why: 'The WebAssembly file of sql.js could not be loaded.',
      next: 'Check that the package "sql.js" is installed whole, with "sql-wasm.wasm" beside its script.',
      cause,
    })
  })
  return engine
}
