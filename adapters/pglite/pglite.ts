/** PostgreSQL as WebAssembly, in memory or in a folder: binds values, runs, decodes rows, maps errors. */
import type { PGlite } from '@electric-sql/pglite'
import { TidemarkError } from '../../src/errors.ts'
import { type ConnectionStorageOptions, createConnectionStorage } from '../../src/storage/connection-storage.ts'
import type { Connection } from '../../src/storage/driver.ts'
import { type FileLock, createFileLock } from '../../src/storage/file-lock.ts'
import type { BoundValue } from '../../src/storage/parameter.ts'
import { postgresError } from '../../src/storage/postgres/errors.ts'
import { decodedOids, postgresDecoder, postgresParameter } from '../../src/storage/postgres/values.ts'
import type { QueryResult, Row, Storage } from '../../src/storage/storage.ts'

export interface PgliteOptions extends ConnectionStorageOptions {
  /**
   * Folder of the database, made when it does not exist in an existing one. Left out: memory only. PGlite would break
   * data that two use at once, so the folder is locked (a file `…-lock` beside it) while it is open.
   */
  readonly dir?: string | undefined
  /** A ready PGlite instead. The storage alone uses it from now on, and does not close it. */
  readonly engine?: PgliteEngine | undefined
}

/** The part of a `PGlite` that is used. */
export interface PgliteEngine {
  readonly parsers: Record<number | string, (text: string) => unknown>
  query<R>(sql: string, parameters: unknown[], options: { readonly serializers: Record<number, (value: unknown) => string> }): Promise<{
    readonly rows: R[]
    readonly affectedRows?: number
  }>
  close(): Promise<void>
}

/**
 * Opens PGlite in memory or on a folder.
 *
 * @throws TidemarkError `engine_missing` when `@electric-sql/pglite` is not installed, `storage_busy` when the
 * folder is open already, here or in another process, `storage_open_failed`
 */
export async function pglite(options: PgliteOptions = {}): Promise<Storage> {
  const lock = options.engine === undefined && options.dir !== undefined ? await lockFolder(options.dir) : undefined
  try {
    const engine = options.engine ?? (await openEngine(await loadPglite(), options.dir))
    return await storageOn(engine, options, lock)
  } catch (error) {
    lock?.release()
    throw error
  }
}

async function storageOn(engine: PgliteEngine, options: PgliteOptions, lock: FileLock | undefined): Promise<Storage> {
  const connection = await pgliteConnection(engine)
  return createConnectionStorage(
    {
      name: 'pglite',
      dialect: 'postgres',
      capabilities: {
        transactionalDdl: true,
        durable: options.engine === undefined && options.dir !== undefined,
        concurrentStatements: false,
        sharedWriters: false,
        fullText: 'tsvector',
      },
      connections: 1,
      acquire: async () => connection,
      release: async () => undefined,
      close: async () => {
        if (options.engine === undefined) await engine.close()
        lock?.release()
      },
    },
    options,
  )
}

async function lockFolder(dir: string): Promise<FileLock> {
  const { resolve } = await import('node:path')
  const path = `${resolve(dir)}-lock`
  const lock = createFileLock(path, { fs: await import('node:fs'), os: await import('node:os'), process: await import('node:process') })
  const onTimeout = (): TidemarkError =>
    new TidemarkError('storage_busy', `Cannot open the PGlite database in "${dir}".`, {
      why: `It is open already, here or in another process; its lock is "${path}".`,
      next: 'Close it there first. The lock of a process that was killed ends after 20 seconds.',
      retryable: true,
    })
  await lock.acquire({ timeoutMs: 0, onTimeout }).catch((error: unknown) => {
    throw error instanceof TidemarkError ? error : folderError(dir, error)
  })
  return lock
}

async function loadPglite(): Promise<typeof PGlite> {
  try {
    return (await import('@electric-sql/pglite')).PGlite
  } catch (cause) {
    throw new TidemarkError('engine_missing', 'Cannot open a PGlite database.', {
      why: 'The package "@electric-sql/pglite" is not installed.',
      next: 'Run `npm install @electric-sql/pglite`, then try again.',
      cause,
    })
  }
}

async function openEngine(Engine: typeof PGlite, dir: string | undefined): Promise<PgliteEngine> {
  try {
    return await (dir === undefined ? Engine.create() : Engine.create(dir))
  } catch (cause) {
    throw dir === undefined ? memoryError(cause) : folderError(dir, cause)
  }
}

function memoryError(cause: unknown): TidemarkError {
  return new TidemarkError('storage_open_failed', 'Cannot open a PGlite database in memory.', {
    why: 'PGlite did not start.',
    next: 'Check that the package "@electric-sql/pglite" is installed whole.',
    cause,
  })
}

function folderError(dir: string, cause: unknown): TidemarkError {
  return new TidemarkError('storage_open_failed', `Cannot open the PGlite database in "${dir}".`, {
    why: 'PGlite did not start on it: its parent folder does not exist, or it is no PGlite folder.',
    next: 'Make the parent folder, or choose another folder.',
    cause,
  })
}

// Values are text already; PGlite would refuse some of them for the type it finds.
const textSerializers: Record<number, (value: unknown) => string> = new Proxy({}, { get: () => String })

async function pgliteConnection(engine: PgliteEngine): Promise<Connection> {
  const run = async (sql: string, values: readonly BoundValue[]): Promise<QueryResult> => {
    try {
      const result = await engine.query<Row>(sql, values.map(postgresParameter), { serializers: textSerializers })
      return { rows: result.rows, affectedRows: result.affectedRows ?? 0 }
    } catch (error) {
      throw postgresError('Cannot run the statement on PGlite.', error, sql)
    }
  }
  const control = async (sql: string): Promise<void> => {
    await run(sql, [])
  }
  // Its own parsers give Date and arrays; the port gives text where a type has no form of its own.
  for (const oid of Object.keys(engine.parsers)) engine.parsers[oid] = (text) => text
  for (const oid of decodedOids()) engine.parsers[oid] = postgresDecoder(oid)
  // Days are cut by UTC on every engine.
  await control(`set timezone to 'UTC'`)
  return { run, begin: () => control('begin'), commit: () => control('commit'), rollback: () => control('rollback') }
}
