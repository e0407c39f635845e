/** What can go wrong with a PGlite database as a whole, in three parts. */
import { TidemarkError, systemCode } from '../../src/errors.ts'
import { type LockOwner, ownerText } from '../../src/storage/file-lock.ts'

export function missingError(cause: unknown): TidemarkError {
  return new TidemarkError('engine_missing', 'Cannot open a PGlite database', {
    why: 'The package "@electric-sql/pglite" is not installed.',
    next: 'Run `npm install @electric-sql/pglite`, then try again.',
    cause,
  })
}

export function memoryError(cause: unknown): TidemarkError {
  return new TidemarkError('storage_open_failed', 'Cannot open a PGlite database in memory', {
    why: 'PGlite did not start.',
    next: 'Check that the package "@electric-sql/pglite" is installed whole.',
    cause,
  })
}

export function busyError(dir: string, lock: string, owner: LockOwner | undefined): TidemarkError {
  return new TidemarkError('storage_busy', `Cannot open the PGlite database in "${dir}"`, {
    why: `It is open in ${ownerText(owner)}; the lock is "${lock}".`,
    next: 'Close it there first. The lock of a process that has ended is no hindrance.',
    retryable: true,
  })
}

/** @param kept what is certain about the commits before */
export function stoppedError(cause: unknown, kept: 'all' | 'flushed'): TidemarkError {
  const sure = kept === 'all' ? 'Earlier commits are kept; whether the one that was under way is kept' : 'Commits were gathered, and those of the last moments may be lost: what is kept'
  return new TidemarkError('storage_unavailable', 'Cannot go on with the PGlite database', {
    why: `${systemCode(cause) === undefined ? 'PostgreSQL has ended itself.' : reasonOf(cause)} ${sure} shows when the database is opened again.`,
    next: 'Close the storage, check the disk and its free space, and open it again.',
    cause,
  })
}

export function folderError(dir: string, cause: unknown): TidemarkError {
  return cannotOpen(dir, reasonOf(cause), 'Make the parent folder, check permissions and free space, or choose another folder.', cause)
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
  return new TidemarkError('storage_open_failed', `Cannot open the PGlite database in "${dir}"`, { why, next, cause })
}

function reasonOf(cause: unknown): string {
  const code = systemCode(cause) ?? 'unknown error'
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'The disk is full.' : `The file system refused it (${code}).`
}
