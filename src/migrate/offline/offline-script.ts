/**
 * A range of revisions as an SQL script, for a database that this program does not reach: afterwards the database is
 * the same as after an online run, version rows and history included. Each revision checks first that it meets the
 * database where it expects it. Opens no database but works on the shadow it is given.
 */
import { type NamingConvention, defaultNaming } from '../../schema/table.ts'
import type { Dialect, Storage } from '../../storage/storage.ts'
import { version } from '../../version.ts'
import type { RevisionGraph } from '../graph.ts'
import { irreversible } from '../migration-errors.ts'
import { replay } from '../replay.ts'
import type { Revision } from '../revision.ts'
import { ranRevision } from '../run-revision.ts'
import { type Shadows, openShadow } from '../shadow.ts'
import { BookkeepingScript } from './bookkeeping-script.ts'
import { commentLine } from './comment-line.ts'
import { type ScriptedOperation, scriptRevision } from './revision-script.ts'
import { type ScriptRange, parseScriptRange, scriptSteps } from './script-range.ts'
import { type ScriptWords, scriptWords } from './script-words.ts'

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
  const { graph, dialect, direction = 'upgrade', versionTable = 'tidemark_version', naming = defaultNaming } = options
  const words = scriptWords[dialect]
  const { from, ids } = scriptSteps(graph, direction, options.range === undefined ? options : parseScriptRange(options.range))
  const byId = new Map(options.revisions.map((revision) => [revision.id, revision]))
  const steps = ids.flatMap((id) => byId.get(id) ?? [])
  const stuck = direction === 'downgrade' ? steps.find((revision) => revision.irreversible !== undefined) : undefined
  if (stuck !== undefined) throw irreversible(stuck)
  const end = graph.headsAfter(from, ids, direction === 'upgrade' ? 'up' : 'down')
  const lines = [
    commentLine(`${direction} of a database on ${words.engine} from ${named(from)} to ${named(end)}, written by tidemark ${version}`),
    commentLine(`Run it so that it stops at the first error: ${words.run}`),
  ]
  if (steps.length === 0) return `${[...lines, '-- Nothing is to be done.'].join('\n')}\n`

  const shadow = options.shadow ?? (dialect === 'sqlite' ? await openShadow(undefined, dialect) : undefined)
  if (shadow !== undefined) await replay(shadow, { graph, revisions: options.revisions, naming }, from)
  const bookkeeping = new BookkeepingScript(dialect, versionTable, options.historyTable ?? 'tidemark_history')
  const transaction = (statements: readonly string[], operations: readonly ScriptedOperation[]): readonly string[] => {
    const foreignKeys = operations.some((operation) => operation.foreignKeys)
    const rebuilt = new Set(operations.flatMap((operation) => operation.rebuilt))
    return words.transaction(statements, { guarded: [...new Set([versionTable, ...rebuilt])], foreignKeys })
  }
  lines.push(...words.head)
  let rows = from
  for (const revision of steps) {
    const after = graph.headsAfter(rows, [revision.id], direction === 'upgrade' ? 'up' : 'down')
    const operations = await scriptRevision(revision, { dialect, naming, direction, shadow })
    const before = [...(rows === from ? bookkeeping.make(from) : []), bookkeeping.requireRows(rows)]
    const record = bookkeeping.record({ id: revision.id, direction, before: rows, after }, await ranRevision(operations.map((operation) => operation.applied)))
    lines.push('', ...headings(revision, direction))
    if (revision.transaction !== false) lines.push(...transaction([...before, ...operations.flatMap((operation) => operation.statements), ...record], operations))
    else lines.push(...transaction(before, []), ...operations.flatMap((operation) => onItsOwn(operation, words, transaction)), ...words.transaction(record, unguarded))
    rows = after
  }
  return `${[...lines, ...(words.tail.length === 0 ? [] : ['', ...words.tail])].join('\n')}\n`
}

const unguarded = { guarded: [], foreignKeys: false }

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

/** Each operation commits by itself; a single statement does so without being told, also one that is refused inside a transaction. */
function onItsOwn(operation: ScriptedOperation, words: ScriptWords, transaction: (statements: readonly string[], operations: readonly ScriptedOperation[]) => readonly string[]): readonly string[] {
  const { statements, applied, rebuilt, foreignKeys } = operation
  if (rebuilt.length > 0 || foreignKeys) return transaction(statements, [operation])
  return applied.statements <= 1 ? statements : words.transaction(statements, unguarded)
}

function headings({ id, down, message, lossy }: Revision, direction: 'upgrade' | 'downgrade'): readonly string[] {
  const way = direction === 'upgrade' ? `${named(down)} -> ${id}` : `${id} -> ${named(down)}`
  return [commentLine(`Running ${direction} ${way}: ${message}`), ...(direction === 'downgrade' && lossy !== undefined ? [commentLine(`It loses data: ${lossy}`)] : [])]
}

function named(ids: readonly string[]): string {
  return ids.join(', ') || 'base'
}
