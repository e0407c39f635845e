/** What can go wrong with a database file, in three parts. */
import { TidemarkError, systemCode } from '../../../src/errors.ts'
import { type LockOwner, ownerText } from '../../../src/storage/file-lock.ts'

export function openError(path: string, cause: unknown): TidemarkError {
  const why = systemCode(cause) === 'EISDIR' ? 'It is a folder or something else that is no file.' : `It cannot be read (${systemCode(cause) ?? 'unknown error'}).`
  return cannotOpen(path, why, 'Check the path and the permissions of the file.', cause)
}

export function folderMissingError(path: string, folder: string): TidemarkError {
  return cannotOpen(path, `Its folder "${folder}" does not exist.`, 'Make the folder first, or choose another path.')
}

export function unreadableError(path: string, cause: unknown): TidemarkError {
  return cannotOpen(path, 'It is not a SQLite 3 database, or it is damaged. It was left as it is.', 'Choose another path, or restore the file from a backup.', cause)
}

export function newerFormatError(path: string): TidemarkError {
  return cannotOpen(path, 'It is in a newer file format of SQLite than this one knows. It was left as it is.', 'Use a newer version of Tidemark, or choose another path.')
}

export function leftoverError(path: string, suffix: string, content: string, next: string): TidemarkError {
  return cannotOpen(path, `Beside it, in "${path}${suffix}", is ${content}.`, next)
}

export function notRecoveredError(path: string, cause: unknown): TidemarkError {
  return new TidemarkError('storage_unavailable', `Cannot finish the last commit to the database file "${path}"`, {
    why: `${reasonOf(cause)} The commit is safe in "${path}-redo".`,
    next: 'Give the file and its folder space and write permission, then try again; do not delete that file.',
    cause,
    retryable: true,
  })
}

export function notWrittenError(path: string, cause: unknown): TidemarkError {
  return new TidemarkError('storage_unavailable', `Cannot write the database file "${path}"`, {
    why: `${reasonOf(cause)} Nothing of this commit was kept; all earlier ones are there.`,
    next: 'Check free space and permissions of the folder, then try again.',
    cause,
    retryable: true,
  })
}

export function uncertainError(path: string, cause?: unknown): TidemarkError {
  return new TidemarkError('storage_unavailable', `Cannot finish the commit to the database file "${path}"`, {
    why: 'The file system took it, but then failed to flush it: it is whole, but might not outlive a power cut.',
    next: 'Check the disk; then look whether what was written is there.',
    cause,
  })
}

export function overtakenError(path: string): TidemarkError {
  return new TidemarkError('storage_busy', `Cannot write the database file "${path}"`, {
    why: 'Another program has changed it during this transaction; nothing of this transaction was kept.',
    next: 'Run the transaction again.',
    retryable: true,
  })
}

export function unsettledError(path: string): TidemarkError {
  return new TidemarkError('storage_busy', `Cannot read the database file "${path}"`, {
    why: 'Another program was changing it all the time.',
    next: 'Try again when that program is done; only Tidemark should write the file while Tidemark has it open.',
    retryable: true,
  })
}

export function relaxedLossError(cause: unknown): TidemarkError {
  return new TidemarkError('storage_unavailable', 'Cannot write the last commits to the database file', {
    why: `${reasonOf(cause)} With relaxed durability they had been reported as done; they are lost.`,
    next: 'Check free space and permissions of the folder, and repeat what was written in the last moments.',
    cause,
  })
}

export function lockedError(path: string, lock: string, waitedMs: number, owner: LockOwner | undefined): TidemarkError {
  return new TidemarkError('storage_busy', `Cannot write the database file "${path}"`, {
    why: `For ${waitedMs} ms it has been written by ${ownerText(owner)}; the lock is "${lock}".`,
    next: 'Try again when the other process is done. The lock of a process that has ended is no hindrance.',
    retryable: true,
  })
}

function cannotOpen(path: string, why: string, next: string, cause?: unknown): TidemarkError {
  return new TidemarkError('storage_open_failed', `Cannot open the database file "${path}"`, { why, next, cause })
}

function reasonOf(cause: unknown): string {
  switch (systemCode(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk is full.'
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'It may not be written by this user.'
    default:
      return `The file system refused it (${systemCode(cause) ?? 'unknown error'}).`
  }
}
