/**
 * A revision as its author writes it: one step of a schema's history and the way back. `defineRevision` checks what can
 * be checked without a database; the graph of all revisions is checked by `RevisionGraph`.
 */
import { TidemarkError } from '../errors.ts'
import type { Op } from './op.ts'

/** A revision as its author writes it. */
export interface RevisionSpec {
  /** 12 hex digits for revisions the kit writes; any text without `@ : + -` and white space is accepted. */
  readonly id: string
  /** What it stands on: none for a base, several for a merge. */
  readonly down: readonly string[]
  /** Revisions of other branches that have to be there first. Ids or labels. */
  readonly dependsOn?: readonly string[] | undefined
  /** Names for the branch that begins here. */
  readonly labels?: readonly string[] | undefined
  readonly message: string
  /** ISO-8601, UTC. */
  readonly createdAt: string
  /** Why the way back loses data. Without it a downgrade promises to keep every row that the older schema can hold. */
  readonly lossy?: string | undefined
  /** Why there is no way back; a downgrade across it is refused before anything is undone. */
  readonly irreversible?: string | undefined
  /**
   * False for what an engine refuses inside a transaction (`CREATE INDEX CONCURRENTLY`). Each operation then commits by
   * itself, and a run that ends half-way is marked and continued by the next one.
   */
  readonly transaction?: boolean | undefined
  readonly upgrade: (op: Op) => Promise<void>
  /** May be left out only where `irreversible` says why. */
  readonly downgrade?: ((op: Op) => Promise<void>) | undefined
}

/** A revision that `defineRevision` has checked. */
export interface Revision extends RevisionSpec {
  readonly dependsOn: readonly string[]
  readonly labels: readonly string[]
}

/**
 * Declares a revision; the default export of a revision file.
 *
 * @throws TidemarkError `revision_invalid` with everything that is wrong with it
 *
 * @example
 * export default defineRevision({
 *   id: '02bc5b2abef8', down: [], message: 'add posts', createdAt: '2026-11-20T18:00:00Z',
 *   async upgrade(op) { await op.createTable('posts', { id: c.integer().primaryKey() }) },
 *   async downgrade(op) { await op.dropTable('posts') },
 * })
 */
export function defineRevision(spec: RevisionSpec): Revision {
  const problems = [...problemsOf(spec)]
  if (problems.length > 0) {
    throw new TidemarkError('revision_invalid', `Cannot use revision ${JSON.stringify(spec.id)}`, {
      why: `Reason: ${problems.join('; ')}.`,
      next: 'Correct the revision file and start again.',
      details: { revision: spec.id, problems },
    })
  }
  return Object.freeze({ ...spec, dependsOn: spec.dependsOn ?? [], labels: spec.labels ?? [] })
}

// The version table keeps 32 characters, as Alembic's does.
const idPattern = /^[^\s@:+-]{1,32}$/
const namePattern = /^[^\s@:+-]+$/

function* problemsOf(spec: RevisionSpec): Generator<string> {
  if (typeof spec.id !== 'string' || !idPattern.test(spec.id)) yield 'its id must be 1 to 32 characters without white space, "@", ":", "+" and "-"'
  if (['head', 'heads', 'base', 'current'].includes(spec.id)) yield 'its id is a word that names a target'
  for (const [field, names] of [['down', spec.down], ['dependsOn', spec.dependsOn ?? []], ['labels', spec.labels ?? []]] as const) {
    if (!Array.isArray(names)) yield `${field} must be an array`
    else if (!names.every((name) => typeof name === 'string' && namePattern.test(name))) yield `${field} holds something that cannot be a name`
    else if (new Set(names).size !== names.length) yield `${field} names something twice`
  }
  if (typeof spec.message !== 'string' || spec.message.trim() === '') yield 'it has no message'
  if (typeof spec.createdAt !== 'string' || Number.isNaN(Date.parse(spec.createdAt))) yield 'createdAt is not a point in time'
  if (typeof spec.upgrade !== 'function') yield 'it has no upgrade function'
  if (spec.downgrade === undefined && spec.irreversible === undefined) yield 'it has no downgrade function and no `irreversible: reason`'
  if (spec.downgrade !== undefined && spec.irreversible !== undefined) yield 'it has both a downgrade function and `irreversible`'
  for (const field of ['lossy', 'irreversible'] as const) {
    if (spec[field] !== undefined && spec[field].trim() === '') yield `${field} gives no reason`
  }
}
