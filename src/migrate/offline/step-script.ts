/** One revision in a script: its comments, its transaction or transactions, and the version rows and history in them. */
import type { Dialect } from '../../storage/storage.ts'
import type { Revision } from '../revision.ts'
import { commentLine } from './comment-line.ts'
import type { ScriptedOperation } from './revision-script.ts'
import { scriptWords } from './script-words.ts'

export interface ScriptedRevision {
  readonly revision: Revision
  readonly direction: 'upgrade' | 'downgrade'
  readonly operations: readonly ScriptedOperation[]
  /** What makes sure that the database stands where it should. */
  readonly before: readonly string[]
  /** Version rows and history. */
  readonly record: readonly string[]
}

export function stepScript(dialect: Dialect, versionTable: string, { revision, direction, operations, before, record }: ScriptedRevision): readonly string[] {
  const words = scriptWords[dialect]
  const plain = (statements: readonly string[]): readonly string[] => words.transaction(statements, { guarded: [], foreignKeys: false })
  const checked = (statements: readonly string[], checks: readonly ScriptedOperation[]): readonly string[] => {
    const guarded = new Set([versionTable, ...checks.flatMap((operation) => operation.rebuilt)])
    return words.transaction(statements, { guarded: [...guarded], foreignKeys: checks.some((operation) => operation.foreignKeys) })
  }
  if (revision.transaction !== false) {
    return [...headings(revision, direction), ...checked([...before, ...operations.flatMap((operation) => operation.statements), ...record], operations)]
  }
  // Each operation commits by itself; a single statement does so without being told, also one that is refused inside a transaction.
  const alone = (operation: ScriptedOperation): readonly string[] => {
    if (operation.rebuilt.length > 0 || operation.foreignKeys) return checked(operation.statements, [operation])
    return operation.applied.statements <= 1 ? operation.statements : plain(operation.statements)
  }
  return [...headings(revision, direction), ...checked(before, []), ...operations.flatMap(alone), ...plain(record)]
}

function headings({ id, down, message, lossy }: Revision, direction: 'upgrade' | 'downgrade'): readonly string[] {
  const way = direction === 'upgrade' ? `${named(down)} -> ${id}` : `${id} -> ${named(down)}`
  return [commentLine(`Running ${direction} ${way}: ${message}`), ...(direction === 'downgrade' && lossy !== undefined ? [commentLine(`It loses data: ${lossy}`)] : [])]
}

/** For people; no ids are the base. */
export function named(ids: readonly string[]): string {
  return ids.join(', ') || 'base'
}
