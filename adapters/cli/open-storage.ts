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
 * @throws TidemarkError what the adapter throws, for example `engine_missing` or `storage_open_failed`
 */
export async function openStorage(location: DatabaseLocation): Promise<Storage> {
  switch (location.engine) {
    case 'sqlite': {
      const { sqljs } = await import('../sqljs/sqljs.ts')
      if (location.file === null) return sqljs()
      // A folder that somebody named has to exist: making it would hide a typing error.
      if (location.file === defaultDatabaseFile()) await makeFolder(path.dirname(location.file))
      return sqljs({ file: location.file })
    }
    case 'pglite': {
      const { pglite } = await import('../pglite/pglite.ts')
      return pglite(location.dir === null ? {} : { dir: location.dir })
    }
    case 'postgres': {
      const { postgres } = await import('../postgres/postgres.ts')
      return postgres({ url: location.url })
    }
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
