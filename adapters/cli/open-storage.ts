/** The one place that picks an engine. Engines are loaded when they are needed and not before, so that the start stays short. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { TidemarkError } from '../../src/errors.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { defaultDatabaseFile } from '../node/data-directory.ts'
import type { DatabaseLocation } from '../node/database-url.ts'

/**
 * Opens the database; a SQLite file or PGlite folder that does not exist is made.
 *
 * @throws TidemarkError `engine_missing` when the engine's package is not installed, and what the adapter throws
 */
export async function openStorage(location: DatabaseLocation): Promise<Storage> {
  switch (location.engine) {
    case 'sqlite': {
      const { sqljs } = await load('sql.js', () => import('../sqljs/sqljs.ts'))
      if (location.file === null) return sqljs()
      // A folder that somebody named has to exist: making it would hide a typing error.
      if (location.file === defaultDatabaseFile()) await makeFolder(path.dirname(location.file))
      return sqljs({ file: location.file })
    }
    case 'pglite': {
      const { pglite } = await load('@electric-sql/pglite', () => import('../pglite/pglite.ts'))
      return pglite(location.dir === null ? {} : { dir: location.dir })
    }
    case 'postgres': {
      const { postgres } = await load('pg', () => import('../postgres/postgres.ts'))
      return postgres({ url: location.url })
    }
  }
}

async function load<T>(packageName: string, importAdapter: () => Promise<T>): Promise<T> {
  try {
    return await importAdapter()
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause
    throw new TidemarkError('engine_missing', 'Cannot open the database', {
      why: `The package ${packageName} that runs this kind of database is not installed.`,
      next: `Install it with npm install ${packageName}, or use a sqlite: database, which needs nothing.`,
      cause,
    })
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new TidemarkError('storage_open_failed', 'Cannot open the database', {
      why: 'The data directory of this user does not exist and cannot be made.',
      next: 'Give a database in a folder that you may write to, with --database or TIDEMARK_DATABASE_URL.',
      cause,
    })
  }
}
