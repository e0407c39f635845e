/** What can go wrong with a database in the browser, in three parts. */
import { TidemarkError } from '../../../src/errors.ts'

export function openError(name: string, why: string, cause?: unknown): TidemarkError {
  return new TidemarkError('storage_open_failed', `Cannot open the database "${name}" of this browser`, {
    why,
    next: 'Serve the page over HTTPS or from localhost, allow it to keep data, and leave private windows; or open it in memory, without a name.',
    cause,
  })
}

export function lostError(name: string): TidemarkError {
  return new TidemarkError('storage_open_failed', `Cannot open the database "${name}" of this browser`, {
    why: 'The browser has found its own files damaged, and has deleted all that it kept for this site.',
    next: 'Open it again; it will be empty, and a sync fills it.',
  })
}

export function unreadableError(name: string, cause: unknown): TidemarkError {
  return new TidemarkError('storage_open_failed', `Cannot open the database "${name}" of this browser`, {
    why: 'SQLite cannot read it. It was left as it is.',
    next: `Use another name, or delete it with indexedDB.deleteDatabase and sync again.`,
    cause,
  })
}

export function readError(name: string, cause: unknown): TidemarkError {
  if (cause instanceof TidemarkError) return cause
  return new TidemarkError('storage_unavailable', `Cannot read the database "${name}" of this browser`, {
    why: `The browser refused it (${nameOf(cause)}).`,
    next: 'Reload the page, then try again.',
    cause,
    retryable: true,
  })
}

export function writeError(name: string, cause: unknown): TidemarkError {
  if (cause instanceof TidemarkError) return cause
  const isFull = nameOf(cause) === 'QuotaExceededError'
  return new TidemarkError('storage_unavailable', `Cannot write the database "${name}" of this browser`, {
    why: `${isFull ? 'This site has used up the space that the browser gives it.' : `The browser refused it (${nameOf(cause)}).`} Nothing of this commit was kept; all earlier ones are there.`,
    next: isFull ? 'Free space on the disk or delete other data of this site, then try again.' : 'Reload the page, then try again.',
    cause,
    retryable: true,
  })
}

export function goneError(name: string): TidemarkError {
  return new TidemarkError('storage_unavailable', `Cannot use the database "${name}" of this browser any more`, {
    why: 'It was deleted, or the data of this site was cleared, while it was open.',
    next: 'Close the storage and open it again; it will be empty.',
  })
}

export function overtakenError(name: string): TidemarkError {
  return new TidemarkError('storage_busy', `Cannot write the database "${name}" of this browser`, {
    why: 'Something that takes no turns has changed it during this transaction; nothing of this transaction was kept.',
    next: 'Run the transaction again.',
    retryable: true,
  })
}

export function busyError(name: string, waitedMs: number): TidemarkError {
  return new TidemarkError('storage_busy', `Cannot write the database "${name}" of this browser`, {
    why: `For ${waitedMs} ms it has been written by another tab or worker of this site.`,
    next: 'Try again when that is done, or close the other tabs.',
    retryable: true,
  })
}

function nameOf(cause: unknown): string {
  return cause instanceof Error || cause instanceof DOMException ? cause.name : 'unknown error'
}
