/**
 * Runs a migration on a copy of the database first and tells what it did to the rows there. The real database is read,
 * in one state, and nothing in it is changed: no table, no row, no version, no history.
 */
import { type TidemarkError, abortedError } from '../../errors.ts'
import { type NamingConvention, type Schema, defaultNaming } from '../../schema/table.ts'
import { introspect } from '../../schema/introspect.ts'
import type { Dialect, Storage } from '../../storage/storage.ts'
import { Bookkeeping, defaultHistoryTable, defaultVersionTable } from '../bookkeeping.ts'
import type { LeftOut } from '../copy-schema.ts'
import { RevisionGraph, type RevisionTarget } from '../graph.ts'
import { inTheWay, readHalfWay } from '../half-way.ts'
import { requireReversible, revisionFailed } from '../migration-errors.ts'
import type { Direction } from '../migration-plan.ts'
import { runOnShadow } from '../replay.ts'
import type { Revision } from '../revision.ts'
import { type RanOperation, RevisionFailure } from '../run-revision.ts'
import { type Shadows, openShadow } from '../shadow.ts'
import { type RowChange, compareRows } from '../verify/row-snapshot.ts'
import { type DatabaseCopy, copyDatabase } from './copy-database.ts'
import { followRenames } from './follow-renames.ts'
import { digestRows } from './row-digests.ts'

/** What is rehearsed, and where. */
export interface RehearseOptions {
  /** The real database. */
  readonly storage: Storage
  /** In any order. */
  readonly revisions: readonly Revision[]
  /** Default `head` on the way up; has to be given on the way down. */
  readonly target?: RevisionTarget | undefined
  /** Default `upgrade`. */
  readonly direction?: Direction | undefined
  /** Where the copy is made. Default a shadow of the storage itself; on a server that is a schema beside the others. */
  readonly shadows?: Shadows | undefined
  /** Its naming convention names what revisions leave unnamed. */
  readonly schema?: Schema | undefined
  /** Default that of `schema`. */
  readonly naming?: NamingConvention | undefined
  /** Default `tidemark_version`. */
  readonly versionTable?: string | undefined
  /** Default `tidemark_history`. */
  readonly historyTable?: string | undefined
  /** How many rows of a table are copied at most from a server, default 10 000. An embedded database is copied whole. */
  readonly sampleRows?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: RehearsalProgress) => void) | undefined
}

/** What the rehearsal is doing. */
export interface RehearsalProgress {
  /** A table is copied, or a revision is run. */
  readonly phase: 'copy' | 'run'
  /** The name of the table, or the id of the revision. */
  readonly what: string
  /** Within the phase, from 1. */
  readonly index: number
  readonly total: number
}

/** How much of a table the copy has. */
export interface CopiedTable {
  readonly table: string
  readonly rows: number
  /** False when only a part of the rows was copied. */
  readonly complete: boolean
}

/** A revision that was run on the copy. */
export interface RehearsedStep {
  readonly revision: string
  readonly message: string
  readonly direction: Direction
  /** How long the revision took on the copy. */
  readonly durationMs: number
  readonly operations: readonly RanOperation[]
  /** What became of the rows of each table, sorted by name. */
  readonly tables: readonly RowChange[]
}

/** What a migration did to a copy. */
export interface Rehearsal {
  readonly dialect: Dialect
  /** Rows of the version table. */
  readonly from: readonly string[]
  /** Sorted by name. */
  readonly copied: readonly CopiedTable[]
  /** What the copy lacks, with the reason: a revision that needs it fails here and not on the real database. */
  readonly notCopied: readonly LeftOut[]
  /** Those that were run to their end, in order. */
  readonly steps: readonly RehearsedStep[]
  /** The error that the migration would throw; undefined when all steps were run. */
  readonly failure?: TidemarkError | undefined
}

/**
 * Runs a migration on a copy of the database, and tells what it does to the rows there. The real one is only read.
 *
 * @throws TidemarkError `revision_graph_invalid`, `revision_target_invalid`, `revision_irreversible`, `revision_half_way`,
 * `database_unknown_revision`, `shadow_missing`, `aborted`; that a revision fails is part of the answer
 */
export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const { storage, signal, onProgress } = options
  const { from, steps: planned } = await plan(options)
  const { shadow, ...copy } = await copyOf(options)
  try {
    const naming = options.naming ?? options.schema?.naming ?? defaultNaming
    const direction = options.direction ?? 'upgrade'
    let rows = await digestRows(shadow, await introspect(shadow))
    const copied = [...rows].map(([table, { rows: all }]): CopiedTable => ({ table, rows: all.length, complete: !copy.partial.has(table) }))
    const report = { dialect: storage.dialect, from, copied, notCopied: copy.notCopied }
    const steps: RehearsedStep[] = []
    for (const [index, revision] of planned.entries()) {
      if (signal?.aborted === true) throw abortedError('Cannot rehearse the migration', signal)
      onProgress?.({ phase: 'run', what: revision.id, index: index + 1, total: planned.length })
      const startedAt = performance.now()
      try {
        const ran = await runOnShadow(shadow, revision, direction, naming)
        const durationMs = Math.round(performance.now() - startedAt)
        const before = followRenames(rows, ran.described.map(({ operation }) => operation))
        rows = await digestRows(shadow, await introspect(shadow))
        steps.push({ revision: revision.id, message: revision.message, direction, durationMs, operations: ran.operations, tables: compareRows(before, rows) })
      } catch (error) {
        if (!(error instanceof RevisionFailure)) throw error
        const command = `tidemark migrate ${direction} ${[options.target ?? 'head'].flat().join(' ')}`
        return { ...report, steps, failure: revisionFailed(error, { direction, rows: from, command, all: false }) }
      }
    }
    return { ...report, steps }
  } finally {
    await shadow.close()
  }
}

/** Where the database stands and what would be run. */
async function plan({ storage, revisions, target, direction = 'upgrade', versionTable = defaultVersionTable, historyTable = defaultHistoryTable }: RehearseOptions): Promise<{ readonly from: readonly string[]; readonly steps: readonly Revision[] }> {
  const graph = new RevisionGraph(revisions)
  const byId = new Map(revisions.map((revision) => [revision.id, revision]))
  const bookkeeping = new Bookkeeping(storage.dialect, versionTable, historyTable)
  const from = await bookkeeping.read(storage)
  const halfWay = await readHalfWay(storage, bookkeeping, graph, from)
  if (halfWay !== undefined) throw inTheWay(halfWay, 'rehearse a migration', from, { graph, byId })
  if (direction === 'downgrade' && target === undefined) throw new TypeError('Cannot rehearse a downgrade without a target')
  const ids = direction === 'upgrade' ? graph.upgradePath(from, target ?? 'head') : graph.downgradePath(from, target ?? [])
  const steps = ids.flatMap((id) => byId.get(id) ?? [])
  if (direction === 'downgrade') requireReversible(steps)
  return { from, steps }
}

/** The copy is the caller's to close. */
async function copyOf({ storage, shadows, sampleRows = 10_000, versionTable = defaultVersionTable, historyTable = defaultHistoryTable, signal, onProgress }: RehearseOptions): Promise<DatabaseCopy & { readonly shadow: Storage }> {
  // Where others write too, it is a server, and its database may be of any size.
  const isServer = storage.dialect === 'postgres' && storage.capabilities.sharedWriters
  let shadow: Storage | undefined
  try {
    return await storage.snapshot(async (view) => {
      // The storage may ask for the reading once more.
      await shadow?.close()
      shadow = await openShadow(shadows, storage.dialect, storage)
      const copy = await copyDatabase(view, shadow, {
        include: (kind, name) => kind !== 'table' || ![versionTable, historyTable].includes(name),
        sampleRows: isServer ? sampleRows : undefined,
        signal,
        onTable: (table, index, total) => onProgress?.({ phase: 'copy', what: table, index, total }),
      })
      return { ...copy, shadow }
    })
  } catch (error) {
    await shadow?.close()
    throw error
  }
}
