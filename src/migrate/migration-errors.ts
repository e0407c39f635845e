/** What goes wrong when a database is moved, in the words of the person who has to put it right. */
import { TidemarkError, isTidemarkError } from '../errors.ts'
import { version } from '../version.ts'
import type { Revision } from './revision.ts'
import type { RevisionFailure } from './run-revision.ts'

type Direction = 'upgrade' | 'downgrade'

/** @param target what was asked for, so that the command to repeat can be told */
export function revisionFailed(failure: RevisionFailure, revision: Revision, direction: Direction, rows: readonly string[], target: string): TidemarkError {
  const { cause, operation, statement } = failure
  // Only our own errors are known to hold no value; any other message stays in `cause`.
  const reason = isTidemarkError(cause) ? cause.why : `Its code threw ${cause instanceof Error ? cause.name : typeof cause}; see \`cause\`.`
  const place = [operation === undefined ? undefined : `operation: ${operation}`, statement === undefined ? undefined : `statement: ${shortened(statement)}`]
  const where = place.filter((part) => part !== undefined).join('; ')
  return new TidemarkError('revision_failed', `Cannot ${direction} ${direction === 'upgrade' ? 'to' : 'from'} revision "${revision.id}" (${revision.message})`, {
    why: `${reason}${where === '' ? '' : ` (${where})`}`,
    next: `It was rolled back, and the database stands at ${rows.join(', ') || 'base'}. Correct the revision or the data, then run \`tidemark migrate ${direction} ${target}\`.`,
    cause,
    details: { revision: revision.id, direction, operation, statement, at: rows },
  })
}

export function irreversible(revision: Revision): TidemarkError {
  return new TidemarkError('revision_irreversible', `Cannot downgrade across revision "${revision.id}" (${revision.message})`, {
    why: `There is no way back: ${revision.irreversible}.`,
    next: 'Nothing was undone. Choose a target above it, or restore a copy made before it was applied.',
    details: { revision: revision.id, reason: revision.irreversible },
  })
}

/** @param maker version of the program that wrote the rows, where the history tells it */
export function unknownRevision(unknown: readonly string[], maker: string | undefined, heads: readonly string[]): TidemarkError {
  return new TidemarkError('database_unknown_revision', 'Cannot migrate the database', {
    why: `It stands at ${unknown.map((row) => `"${row}"`).join(', ')}, which this program (${version}) does not have: ${maker === undefined ? 'a newer one' : `version ${maker}`} made it.`,
    next: `Use the program that made it. To come back to this one, run there \`tidemark migrate downgrade ${heads.join(' or ') || 'base'}\` first.`,
    details: { revisions: unknown, toolVersion: maker },
  })
}

/** Two runners pulled in different directions. */
export function overtaken(id: string, direction: Direction, rows: readonly string[]): TidemarkError {
  return new TidemarkError('migration_locked', `Cannot ${direction} revision "${id}"`, {
    why: `Another runner has moved the database meanwhile; it stands at ${rows.join(', ') || 'base'}.`,
    next: 'Look at `tidemark migrate current`, then decide again.',
    retryable: true,
  })
}

function shortened(statement: string): string {
  const line = statement.replace(/\s+/g, ' ').trim()
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`
}
