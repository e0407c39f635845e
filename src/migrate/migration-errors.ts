/** What goes wrong when a database is moved, in the words of the person who has to put it right. */
import { TidemarkError, isTidemarkError } from '../errors.ts'
import { version } from '../version.ts'
import { type AppliedOperation, summarizeApplied } from './applied-operation.ts'
import { summarizeDescription } from './checksum.ts'
import type { Direction, HalfWay } from './migration-plan.ts'
import type { Revision } from './revision.ts'
import type { RevisionFailure } from './run-revision.ts'

export interface FailedRun {
  readonly direction: Direction
  /** Rows of the version table, after what was rolled back. */
  readonly rows: readonly string[]
  /** The command that was asked for, to be repeated. */
  readonly command: string
  /** True when earlier revisions of the same run were rolled back with it. */
  readonly all: boolean
}

/** Why the code of a revision failed. Only our own errors are known to hold no value; any other message stays in `cause`. */
export function reasonOf(cause: unknown): string {
  return isTidemarkError(cause) ? cause.why : `Its code threw ${cause instanceof Error ? cause.name : typeof cause}; see \`cause\`.`
}

export function revisionFailed(failure: RevisionFailure, { direction, rows, command, all }: FailedRun): TidemarkError {
  const { revision, cause, operation, statement, standing } = failure
  const place = [operation === undefined ? undefined : `operation: ${operation}`, statement === undefined ? undefined : `statement: ${shortened(statement)}`]
  const where = place.filter((part) => part !== undefined).join('; ')
  const hint = hintFor(cause)
  return new TidemarkError('revision_failed', `Cannot ${direction} ${direction === 'upgrade' ? 'to' : 'from'} revision "${revision.id}" (${revision.message})`, {
    why: `${reasonOf(cause)}${where === '' ? '' : ` (${where})`}`,
    next: `${hint === undefined ? '' : `${hint} `}${standing === undefined ? `${all ? 'The whole run' : 'It'} was rolled back, and the database stands at ${placeOf(rows)}. Correct the revision or the data, then run \`${command}\`.` : `${standingText(standing, rows)} Correct the data or what is left of the revision, then run \`${command}\`, which goes on from there.`}`,
    cause,
    details: { revision: revision.id, direction, operation, statement, at: rows, ...(standing === undefined ? {} : { standing: standing.map(summarizeApplied) }) },
  })
}

/** The transaction could not be committed, so nobody can say from here whether it was. */
export function commitFailed(cause: TidemarkError, last: Revision, { direction, command }: FailedRun): TidemarkError {
  return new TidemarkError('revision_failed', `Cannot commit the ${direction} of revision "${last.id}" (${last.message})`, {
    why: cause.why,
    next: `It is done as a whole or not at all. ${cause.next} Then run \`${command}\`, which goes on from where the database stands.`,
    cause,
    retryable: cause.retryable,
    details: { revision: last.id, direction },
  })
}

export function runAborted(failure: RevisionFailure, { direction, rows, command, all }: FailedRun): TidemarkError {
  const { revision, standing } = failure
  return new TidemarkError('aborted', `Cannot finish the ${direction} of revision "${revision.id}" (${revision.message})`, {
    why: 'The caller cancelled it.',
    next: standing === undefined ? `${all ? 'The whole run' : 'It'} was rolled back, and the database stands at ${placeOf(rows)}. To go on, run \`${command}\`.` : `${standingText(standing, rows)} To go on from there, run \`${command}\`.`,
    cause: failure.cause,
    details: { revision: revision.id, direction, at: rows, ...(standing === undefined ? {} : { standing: standing.map(summarizeApplied) }) },
  })
}

/** What of a run without a transaction stands. */
function standingText(standing: readonly AppliedOperation[], rows: readonly string[]): string {
  if (standing.length === 0) return `Nothing of it stands: the database is at ${placeOf(rows)}.`
  return `It was not rolled back: ${standsText(standing.map(summarizeApplied))}, and the database is half-way.`
}

function standsText(operations: readonly string[]): string {
  return `${operations.length === 1 ? 'one operation stands' : `${operations.length} operations stand`} (the last: ${operations.at(-1)})`
}

/** @param changed the first operation that is another one now; `now` is undefined when the revision no longer has it */
export function editedHalfWay(
  revision: Revision,
  direction: Direction,
  applied: readonly AppliedOperation[],
  changed: { readonly position: number; readonly before: AppliedOperation; readonly now: string | undefined },
): TidemarkError {
  const { position, before, now } = changed
  const was = summarizeDescription(before.operation)
  const stamp = direction === 'upgrade' ? revision.id : (revision.down[0] ?? 'base')
  return new TidemarkError('revision_half_way', `Cannot continue the ${direction} of revision "${revision.id}" (${revision.message})`, {
    why: `It ended half-way: ${standsText(applied.map(summarizeApplied))}. The revision was changed since: operation ${position + 1} was "${was}" and ${
      now === undefined ? 'is no longer there' : now === was ? 'is another one of that name' : `is "${now}"`
    } now, so nobody can say what is left to do.`,
    next: `Restore the revision as it was and run the command again, or finish by hand and run \`tidemark migrate stamp ${stamp}\`.`,
    details: { revision: revision.id, direction, operation: position + 1, standing: applied.map(summarizeApplied) },
  })
}

/** @param command that finishes it; undefined where this program does not have the revision */
export function halfWayInTheWay({ revision, direction, operations }: HalfWay, wanted: string, command: string | undefined): TidemarkError {
  return new TidemarkError('revision_half_way', `Cannot ${wanted}`, {
    why: `The ${direction} of revision "${revision}" ended half-way: ${standsText(operations)}.`,
    next: `${command === undefined ? 'Finish it first with the program that has it' : `Finish it first with \`${command}\``}, or finish it by hand and say with \`tidemark migrate stamp\` where the database stands.`,
    details: { revision, direction },
  })
}

export function notInOneTransaction(revision: Revision, direction: Direction): TidemarkError {
  return new TidemarkError('operation_not_supported', `Cannot ${direction} in one transaction`, {
    why: `Revision "${revision.id}" (${revision.message}) is on the way and has to run without one: it says \`transaction: false\`.`,
    next: 'Nothing was run. Leave out `--transaction all`, or go in two runs: up to it, then on.',
    details: { revision: revision.id },
  })
}

/** @throws TidemarkError `revision_irreversible` when one of those to be undone says that it cannot be */
export function requireReversible(undone: readonly Revision[]): void {
  const revision = undone.find(({ irreversible }) => irreversible !== undefined)
  if (revision === undefined) return
  throw new TidemarkError('revision_irreversible', `Cannot downgrade across revision "${revision.id}" (${revision.message})`, {
    why: `There is no way back: ${revision.irreversible}.`,
    next: 'Nothing was undone. Choose a target above it, or restore a copy made before it was applied.',
    details: { revision: revision.id, reason: revision.irreversible },
  })
}

/** @param maker version of the program that wrote the rows, where the history tells it */
export function unknownRevision(unknown: readonly string[], maker: string | undefined, heads: readonly string[]): TidemarkError {
  // The same version with other revisions: a file that was deleted, or that is on another branch.
  if (maker === version) {
    return new TidemarkError('database_unknown_revision', 'Cannot migrate the database', {
      why: `It stands at ${unknown.map((row) => `"${row}"`).join(', ')}, which is not among the revisions here.`,
      next: 'Bring the revision back; it may be on another branch. When it is gone for good, say where the database stands with `tidemark migrate stamp --purge TARGET`.',
      details: { revisions: unknown, toolVersion: maker },
    })
  }
  return new TidemarkError('database_unknown_revision', 'Cannot migrate the database', {
    why: `It stands at ${unknown.map((row) => `"${row}"`).join(', ')}, which this program (${version}) does not have: ${maker === undefined ? 'a newer one' : `version ${maker}`} made it.`,
    next: `Use the program that made it. To come back to this one, run there \`tidemark migrate downgrade ${heads.join(' ') || 'base'}\` first.`,
    details: { revisions: unknown, toolVersion: maker },
  })
}

/** Two runners pulled in different directions. */
export function overtaken(id: string, direction: Direction, rows?: readonly string[]): TidemarkError {
  return new TidemarkError('migration_locked', `Cannot ${direction} revision "${id}"`, {
    why: `Another runner has moved the database meanwhile${rows === undefined ? '' : `; it stands at ${placeOf(rows)}`}.`,
    next: 'Look at `tidemark migrate current`, then decide again.',
    retryable: true,
  })
}

/** What the engine says in a code only. */
function hintFor(cause: unknown): string | undefined {
  const state = isTidemarkError(cause) ? cause.details['sqlState'] : undefined
  if (state === '25001') return 'PostgreSQL runs this statement only outside of a transaction: set `transaction: false` in the revision.'
  if (state === '55P04') return 'PostgreSQL lets nobody use a new value of an enum in the transaction that added it: use it in a later revision, or set `transaction: false`.'
  return undefined
}

function placeOf(rows: readonly string[]): string {
  return rows.join(', ') || 'base'
}

function shortened(statement: string): string {
  const line = statement.replace(/\s+/g, ' ').trim()
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`
}
