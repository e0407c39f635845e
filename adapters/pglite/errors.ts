/** What can go wrong when a PGlite database is opened, in three parts. */
import { TidemarkError, systemCode } from '../../src/errors.ts'
import { type LockOwner, ownerText } from '../../src/storage/file-lock.ts'

export function missingError(cause: unknown): TidemarkError {
  return new TidemarkError('engine_missing', 'Cannot open a PGlite database.', {
    why: 'The package "@electric-sql/pglite" is not installed.',
    next: 'Run `npm install @electric-sql/pglite`, then try again.',
    cause,
  })
}

export function memoryError(cause: unknown): TidemarkError {
  return new TidemarkError('storage_open_failed', 'Cannot open a PGlite database in memory.', {
    why: 'PGlite did not start.',
    next: 'Check that the package "@electric-sql/pglite" is installed whole.',
    cause,
  })
}

export function busyError(dir: string, lock: string, owner: LockOwner | undefined): TidemarkError {
  return new TidemarkError('storage_busy', `Cannot open the PGlite database in "${dir}".`, {
    why: `It is open in ${ownerText(owner)}; the lock is "${lock}".`,
    next: 'Close it there first. The lock of a process that has ended is no hindrance.',
    retryable: true,
  })
}

export function folderError(dir: string, cause: unknown): TidemarkError {
  return cannotOpen(dir, `The file system refused it (${systemCode(cause) ?? 'unknown error'}).`, 'Make the parent folder, check permissions and free space, or choose another folder.', cause)
}

export function foreignError(dir: string): TidemarkError {
  return cannotOpen(dir, 'The folder has files in it, but no PGlite database. It was left as it is.', 'Choose a new or an empty folder.')
}

export function startError(dir: string, cause: unknown): TidemarkError {
  return cannotOpen(
    dir,
    'PGlite does not start on it: it was made by another major version of PGlite, or it is damaged. Nothing was deleted.',
    'Use the version of PGlite that made it, restore the folder from a backup, or choose a new one.',
    cause,
  )
}

function cannotOpen(dir: string, why: string, next: string, cause?: unknown): TidemarkError {
  return new TidemarkError('storage_open_failed', `Cannot open the PGlite database in "${dir}".`, { why, next, cause })
}
