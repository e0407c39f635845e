/**
 * A range of revisions as an SQL script, for a database that this program does not reach: afterwards the database is
 * the same as after an online run, version rows and history included. Each revision checks first that it meets the
 * database where it expects it. Opens no database but works on the shadow it is given.
 */
import { type NamingConvention, defaultNaming } from '../../schema/table.ts'
import type { Dialect, Storage } from '../../storage/storage.ts'
import { version } from '../../version.ts'
import { defaultHistoryTable, defaultVersionTable } from '../bookkeeping.ts'
import type { RevisionGraph } from '../graph.ts'
import { requireReversible } from '../migration-errors.ts'
import { rowsAfterSteps } from '../next-step.ts'
import { type History, replay } from '../replay.ts'
import type { Revision } from '../revision.ts'
import { RevisionFailure, ranRevision } from '../run-revision.ts'
import { type Shadows, openShadow } from '../shadow.ts'
import { BookkeepingScript } from './bookkeeping-script.ts'
import { commentLine } from './comment-line.ts'
import { scriptRevision, unscriptable } from './revision-script.ts'
import { type ScriptRange, parseScriptRange, scriptSteps } from './script-range.ts'
import { scriptWords } from './script-words.ts'
import { named, stepScript } from './step-script.ts'

export interface OfflineScriptOptions extends ScriptRange {
  readonly graph: RevisionGraph
  readonly revisions: readonly Revision[]
  readonly dialect: Dialect
  /** `from:target`, or a target alone; the same as `from` and `target` apart. */
  readonly range?: string | undefined
  /** Default `upgrade`. */
  readonly direction?: 'upgrade' | 'downgrade' | undefined
  /** Default `tidemark_version`. */
  readonly versionTable?: string | undefined
  /** Default `tidemark_history`. */
  readonly historyTable?: string | undefined
  readonly naming?: NamingConvention | undefined
  /**
   * An empty database of the dialect, on which every statement is run before it is printed. SQLite needs it, since its
   * rebuilds depend on the table as it stands; on PostgreSQL it is a proof.
   */
  readonly shadow?: Storage | undefined
}

/**
 * The script, one statement a line or more, each ended by `;`.
 *
 * @throws TidemarkError `revision_target_invalid`, `revision_irreversible`, `shadow_missing` on SQLite,
 * `operation_not_supported` for a revision that asks the database, `revision_failed` where the shadow refuses a statement
 */
export async function offlineScript(options: OfflineScriptOptions): Promise<string> {
  const { graph, dialect, direction = 'upgrade', versionTable = defaultVersionTable, naming = defaultNaming } = options
  const words = scriptWords[dialect]
  const { from, ids } = scriptSteps(graph, direction, options.range === undefined ? options : parseScriptRange(options.range))
  const byId = new Map(options.revisions.map((revision) => [revision.id, revision]))
  const steps = ids.flatMap((id) => byId.get(id) ?? [])
  if (direction === 'downgrade') requireReversible(steps)
  const end = rowsAfterSteps(graph, direction, ids, from)
  const lines = [
    commentLine(`${direction} of a database on ${words.engine} from ${named(from)} to ${named(end)}, written by tidemark ${version}`),
    commentLine(`Run it so that it stops at the first error: ${words.run}`),
  ]
  if (steps.length === 0) return `${[...lines, '-- Nothing is to be done.'].join('\n')}\n`

  // Without one, SQLite is refused in the words that are used everywhere for it.
  const shadow = options.shadow ?? (dialect === 'sqlite' ? await openShadow(undefined, dialect) : undefined)
  if (shadow !== undefined) await bringTo(shadow, { graph, revisions: options.revisions, naming }, from)
  const bookkeeping = new BookkeepingScript(dialect, versionTable, options.historyTable ?? defaultHistoryTable)
  lines.push(...words.head)
  let rows = from
  for (const [index, revision] of steps.entries()) {
    const after = rowsAfterSteps(graph, direction, [revision.id], rows)
    const operations = await scriptRevision(revision, { dialect, naming, direction, shadow })
    const before = [...(index === 0 ? bookkeeping.make(from) : []), bookkeeping.requireRows(rows)]
    const record = bookkeeping.record({ id: revision.id, direction, before: rows, after }, await ranRevision(operations.map((operation) => operation.applied)))
    lines.push('', ...stepScript(dialect, versionTable, { revision, direction, operations, before, record }))
    rows = after
  }
  return `${[...lines, '', ...words.tail].join('\n').trimEnd()}\n`
}

/**
 * The script for the dialect of a storage, which is asked for a shadow at most. On PostgreSQL not even for that: its own
 * would be a schema on the very server that is to be left alone, so only one that was asked for is taken.
 */
export async function scriptFor(storage: Storage, shadows: Shadows | undefined, options: Omit<OfflineScriptOptions, 'dialect' | 'shadow'>): Promise<string> {
  const { dialect } = storage
  const shadow = dialect === 'sqlite' ? await openShadow(shadows, dialect, storage) : await shadows?.[dialect]?.()
  try {
    return await offlineScript({ ...options, dialect, shadow })
  } finally {
    await shadow?.close()
  }
}

async function bringTo(shadow: Storage, history: History, rows: readonly string[]): Promise<void> {
  try {
    await replay(shadow, history, rows)
  } catch (error) {
    throw error instanceof RevisionFailure ? unscriptable(error.revision, 'upgrade', error.operation, error.cause) : error
  }
}
